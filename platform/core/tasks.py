"""The heartbeat: beat sends it, a worker answers it, and both leave their time in the table."""

from typing import Any

import structlog
from celery import shared_task
from celery.signals import beat_init, before_task_publish, worker_ready
from django.db import DatabaseError

from core import health

log = structlog.get_logger("yoriai.heartbeat")


@shared_task(name="core.heartbeat")
def heartbeat() -> None:
    """Notes that a worker takes tasks and does them."""
    health.beat("worker")


@worker_ready.connect
def note_that_the_worker_is_ready(**kwargs: Any) -> None:
    """A worker that has just started is not reported missing until its first task."""
    _beat("worker")


# Only beat sends the heartbeat, so sending it is beat's own sign of life.
@before_task_publish.connect(sender="core.heartbeat")
@beat_init.connect
def note_that_beat_is_alive(**kwargs: Any) -> None:
    """Leaves beat's sign of life."""
    _beat("beat")


def _beat(name: str) -> None:
    try:
        health.beat(name)
    except DatabaseError:
        # A process that ended because the database rests for a moment would have to be restarted by hand.
        log.exception("could not note the heartbeat", process=name)
