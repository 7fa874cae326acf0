"""What workers do for the room. Every task may be lost or run twice: the tables know what is done."""

from celery import shared_task

from notifications.services import outbox


@shared_task(name="notifications.dispatch")
def dispatch() -> None:
    """Sends what is due; somebody has just said that there is something."""
    outbox.write_deliveries()
    outbox.dispatch()


@shared_task(name="notifications.sweep")
def sweep() -> None:
    """Finds what nobody hinted at: what dead workers held, summaries that are due, deliveries that wait."""
    outbox.recover()
    outbox.write_digests()
    outbox.write_deliveries()
    outbox.dispatch()
