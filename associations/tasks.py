"""Housekeeping of the room in the background; each may run twice, or break off and run again."""

import structlog
from celery import shared_task

from associations import services

log = structlog.get_logger("yoriai.associations")


@shared_task(name="associations.forget_who_left")
def forget_who_left() -> None:
    """Forgets people who left an association long enough ago."""
    log.info("forgotten", **services.forget_who_left())


@shared_task(name="associations.count_households")
def count_households() -> None:
    """Counts the households of every association again for the city's view."""
    log.info("counted", associations=services.count_everything())
