"""Hints to the workers: there is something to send. Losing one costs seconds, as the sweep finds the row."""

import time

import structlog
from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

log = structlog.get_logger("yoriai.outbox")

# By name, since tasks stand above services.
TASK = "notifications.dispatch"
SECONDS_OF_SILENCE = 10.0
_silent_until = 0.0


def hint() -> None:
    """Tells a worker once the transaction has committed. Never fails: the act is done."""
    transaction.on_commit(_send)


def _send() -> None:
    global _silent_until
    if time.monotonic() < _silent_until:
        return
    try:
        current_app.send_task(TASK, retry=False, expires=60)
    except OperationalError as error:
        # Nobody's act waits for a broker that is down, and the next ones do not even try.
        _silent_until = time.monotonic() + SECONDS_OF_SILENCE
        log.warning("the workers could not be told", error=type(error).__name__)
