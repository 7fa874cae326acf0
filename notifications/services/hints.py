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
IMPATIENT = {
    "max_retries": 0,
    "interval_start": 0,
    "socket_connect_timeout": 0.5,
    "socket_timeout": 0.5,
    "retry_on_timeout": False,
}
_silent_until = 0.0


def hint() -> None:
    """Tells a worker once the transaction has committed. Never fails: the act is done."""
    transaction.on_commit(_send)


def _send() -> None:
    global _silent_until
    if time.monotonic() < _silent_until:
        return
    options = current_app.conf.broker_transport_options | IMPATIENT
    try:
        # A connection of its own: those of the pool try again for seconds before they give up.
        with current_app.connection_for_write(transport_options=options) as connection:
            current_app.send_task(TASK, connection=connection, retry=False, expires=60)
    except OperationalError as error:
        # Nobody's act waits for a broker that is down, and the next ones do not even try.
        _silent_until = time.monotonic() + SECONDS_OF_SILENCE
        log.warning("the workers could not be told", error=type(error).__name__)
