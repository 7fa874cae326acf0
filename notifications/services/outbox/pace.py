"""How fast a channel may go, over all workers: the generic cell rate algorithm (ITU-T I.371) on one row a channel."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from notifications.models import ChannelPace


@transaction.atomic
def reserve(channel: str, wanted: int, *, now: datetime | None = None) -> tuple[int, datetime]:
    """Asks to send ``wanted`` messages now.

    Returns:
        How many may be sent, and when it makes sense to ask for the rest.
    """
    now = now or timezone.now()
    a_second, at_once = settings.NOTIFICATION_PACES[channel]
    each = max(timedelta(seconds=1 / a_second), timedelta.resolution)
    ChannelPace.objects.get_or_create(channel=channel, defaults={"even_at": now})
    pace = ChannelPace.objects.select_for_update().get(channel=channel)
    if pace.paused_until and pace.paused_until > now:
        return 0, pace.paused_until
    even_at = max(pace.even_at, now)
    free = at_once - int((even_at - now) / each)
    granted = max(min(wanted, free), 0)
    pace.even_at = even_at + granted * each
    pace.save(update_fields=["even_at"])
    left = min(wanted - granted, at_once)
    return granted, max(pace.even_at - (at_once - left) * each, now)


def pause(channel: str, seconds: int) -> None:
    """Lets a channel rest: its provider has asked for it."""
    until = timezone.now() + timedelta(seconds=seconds)
    ChannelPace.objects.filter(channel=channel).update(paused_until=until)
