"""Housekeeping in the background."""

import structlog
from celery import shared_task

from accounts import services

log = structlog.get_logger("yoriai.accounts")


@shared_task(name="accounts.forget_what_ended")
def forget_what_ended() -> None:
    """Removes ended sessions and unfinished sign-ups; running it twice does no harm."""
    log.info("forgotten", **services.forget_what_ended())
