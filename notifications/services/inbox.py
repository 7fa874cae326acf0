"""What a person does with what they were told: open it, be done with all of it, hear nothing more of a thing."""

from django.db import models, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts.models import User
from core.errors import NotFound
from notifications.kinds import audiences
from notifications.models import Broadcast, BroadcastReceipt, Mute, Notification


@transaction.atomic
def mark_read(*, actor: User, notification: Notification) -> None:
    """Marks a notification as read, and with it all earlier ones of the same kind on the same thing.

    Raises:
        NotFound: it is somebody else's.
    """
    if notification.recipient_id != actor.pk:
        raise NotFound
    Notification.objects.filter(
        recipient=actor,
        kind=notification.kind,
        within_type=notification.within_type,
        within_id=notification.within_id,
        pk__lte=notification.pk,
        read_at=None,
    ).update(read_at=timezone.now())


@transaction.atomic
def mark_broadcast_read(*, actor: User, broadcast: Broadcast) -> None:
    """Leaves a receipt: the person has opened the broadcast. Doing it twice changes nothing."""
    BroadcastReceipt.objects.bulk_create(
        [BroadcastReceipt(broadcast=broadcast, person=actor, read_at=timezone.now())],
        ignore_conflicts=True,
    )


@transaction.atomic
def mark_seen(*, actor: User, within: models.Model) -> None:
    """Marks as read all that tells of one thing: the person has its page before the eyes."""
    Notification.objects.filter(
        recipient=actor,
        within_type=within._meta.label_lower,
        within_id=within.pk,
        read_at=None,
    ).update(read_at=timezone.now())


@transaction.atomic
def mark_all_read(*, actor: User) -> None:
    """Marks everything as read that is in the inbox now."""
    now = timezone.now()
    Notification.objects.filter(recipient=actor, read_at=None).update(read_at=now)
    receipt = BroadcastReceipt.objects.filter(broadcast=OuterRef("pk"), person=actor)
    open_ones = (
        Broadcast.objects.filter(audiences.of(actor), at__gte=actor.date_joined)
        .filter(~Exists(receipt))
        .values_list("pk", flat=True)
    )
    BroadcastReceipt.objects.bulk_create(
        [BroadcastReceipt(broadcast_id=pk, person=actor, read_at=now) for pk in open_ones],
        ignore_conflicts=True,
    )


@transaction.atomic
def mute(*, actor: User, within_type: str, within_id: int) -> None:
    """Lets a person hear nothing more of a thing; what waits in the inbox about it counts as read.

    Doing it twice changes nothing. Transactional messages still come.
    """
    Mute.objects.get_or_create(person=actor, within_type=within_type, within_id=within_id)
    Notification.objects.filter(
        recipient=actor, within_type=within_type, within_id=within_id, read_at=None
    ).update(read_at=timezone.now())


@transaction.atomic
def unmute(*, actor: User, within_type: str, within_id: int) -> None:
    """Lets a person hear of a thing again."""
    Mute.objects.filter(person=actor, within_type=within_type, within_id=within_id).delete()
