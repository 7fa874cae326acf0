"""What every background task has: the id of the request that caused it, and the heartbeat.

Beat sends the heartbeat, a worker answers it, and both leave their time in the table.
"""

from typing import Any

import structlog
from celery import shared_task
from celery.signals import beat_init, before_task_publish, task_prerun, worker_ready
from django.db import DatabaseError

from core import audit, health
from core.log import REQUEST_ID

log = structlog.get_logger("yoriai.heartbeat")


@before_task_publish.connect
def send_the_request_id_along(headers: dict[str, Any], **kwargs: Any) -> None:
    """A task's log lines and audit entries carry the id of the request that caused it."""
    request_id = structlog.contextvars.get_contextvars().get(REQUEST_ID)
    if request_id:
        headers[REQUEST_ID] = request_id


@task_prerun.connect
def take_the_request_id_up(task_id: str, task: Any, **kwargs: Any) -> None:
    """Binds the id that came along, or the task's own, before the task runs."""
    request_id = (task.request.headers or {}).get(REQUEST_ID, task_id)
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(**{REQUEST_ID: request_id})
    audit.remember_origin(address="", request_id=request_id)


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
