"""What can be asked of the outbox."""

from datetime import timedelta

from django.utils import timezone

from core.health import Finding
from notifications.models import Delivery

# A sweep runs every minute: what waits longer than this is not being sent.
OUTBOX_LIMIT = timedelta(minutes=5)


def outbox_age() -> timedelta:
    """How long the delivery that is due longest has been waiting; zero if none waits."""
    now = timezone.now()
    oldest = (
        Delivery.objects.filter(state=Delivery.State.PENDING, due_at__lte=now)
        .order_by("due_at")
        .values_list("due_at", flat=True)
        .first()
    )
    return now - oldest if oldest else timedelta()


def outbox_finding() -> Finding:
    """For ``/readyz``: is anything stuck in the outbox?"""
    age = outbox_age()
    return Finding(ok=age <= OUTBOX_LIMIT, note=f"oldest waits {age.total_seconds():.0f} s")
