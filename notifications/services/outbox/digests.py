"""Summaries: one mail instead of many, over explicit windows that follow each other without gap or overlap."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from accounts.models import User
from core.times import TOKYO
from notifications import kinds
from notifications.models import (
    Broadcast,
    BroadcastReceipt,
    Channel,
    Delivery,
    Digest,
    Mute,
    Notification,
    Rhythm,
)
from notifications.selectors.circumstances import quiet_of
from notifications.selectors.facts import Row, rows_about, seen_by
from notifications.services.outbox.claiming import RELEASED
from notifications.services.outbox.sending import Message
from notifications.services.telling import NAMESPACE

HOUR = time(8, 0)
MONDAY = 0
MOST_LINES = 30
PEOPLE_AT_ONCE = 500

State = Delivery.State


def latest_boundary(frequency: str, now: datetime) -> datetime:
    """The end of the newest window that is over at ``now``: 8 in the morning in Japan, for weekly ones on Monday."""
    local = now.astimezone(TOKYO)
    day = local.date()
    if local.time().replace(tzinfo=None) < HOUR:
        day -= timedelta(days=1)
    if frequency == Rhythm.Frequency.WEEKLY:
        day -= timedelta(days=(day.weekday() - MONDAY) % 7)
    return datetime.combine(day, HOUR, tzinfo=TOKYO)


def write_digests(*, now: datetime | None = None) -> int:
    """Makes the summaries whose window is over. Returns how many.

    Catches up by itself: after days without a worker there is one summary from the end of the last one.
    """
    now = now or timezone.now()
    weekly = Q(recipient__rhythm__frequency=Rhythm.Frequency.WEEKLY)
    daily = Q(recipient__rhythm=None) | ~weekly
    made = 0
    for frequency, who in ((Rhythm.Frequency.DAILY, daily), (Rhythm.Frequency.WEEKLY, weekly)):
        ends_at = latest_boundary(frequency, now)
        made += sum(_write_one(person, ends_at, now) for person in _waiting(who, ends_at))
    return made


def _waiting(who: Q, ends_at: datetime) -> list[User]:
    """Those for whom something was collected before ``ends_at`` and who have no summary up to then."""
    have_it = Digest.objects.filter(person=OuterRef("recipient"), ends_at__gte=ends_at)
    collected = Delivery.objects.filter(
        who, ~Exists(have_it), state=State.COLLECTED, digest=None, due_at__lt=ends_at
    )
    people = collected.order_by().values_list("recipient_id", flat=True).distinct()
    return list(User.objects.filter(pk__in=people[:PEOPLE_AT_ONCE]))


@transaction.atomic
def _write_one(person: User, ends_at: datetime, now: datetime) -> bool:
    # The person's row is the lock: two workers make one summary.
    User.objects.select_for_update(of=("self",)).get(pk=person.pk)
    last = Digest.objects.filter(person=person).order_by("-ends_at").first()
    if last is not None and last.ends_at >= ends_at:
        return False
    # What was due before the end but collected later belongs to the next window: no row is in two.
    parts = list(
        Delivery.objects.select_for_update()
        .filter(recipient=person, state=State.COLLECTED, digest=None, due_at__lt=ends_at)
        .order_by("due_at")
        .values_list("pk", "due_at")
    )
    if not parts:
        return False
    starts_at = last.ends_at if last else parts[0][1]
    digest = Digest.objects.create(person=person, starts_at=starts_at, ends_at=ends_at)
    Delivery.objects.filter(pk__in=[pk for pk, _due in parts]).update(digest=digest)
    Delivery.objects.create(
        key=uuid.uuid5(NAMESPACE, f"digest {digest.pk} {ends_at.isoformat()}"),
        digest=digest,
        recipient=person,
        channel=Channel.EMAIL,
        due_at=now,
    )
    return True


def messages_of(deliveries: Iterable[Delivery], token: uuid.UUID, now: datetime) -> list[Message]:
    """The mails of claimed summaries; those that have nothing to say any more are written off."""
    found = []
    for delivery in deliveries:
        person = delivery.recipient
        rhythm = getattr(person, "rhythm", None)
        quiet = quiet_of(rhythm)
        mine = Delivery.objects.filter(pk=delivery.pk, claim=token)
        until = quiet.end_of(now) if quiet else None
        if until is not None:
            mine.update(state=State.PENDING, due_at=until, reason="quiet_hours", **RELEASED)
            continue
        with override(person.language or settings.LANGUAGE_CODE):
            lines = lines_of(delivery)
            if not person.is_active or not lines:
                mine.update(state=State.SKIPPED, reason="nothing_new", done_at=now, **RELEASED)
                continue
            subject = ngettext(
                "%(number)d thing for you", "%(number)d things for you", len(lines)
            ) % {"number": len(lines)}
            found.append(Message(delivery, None, len(lines), (subject, _text(lines))))
    return found


def lines_of(delivery: Delivery) -> list[str]:
    """What a summary says: a line for each kind and thing, as the person may see it now, unread and not muted."""
    person = delivery.recipient
    parts = Delivery.objects.filter(digest=delivery.digest_id, state=State.COLLECTED)
    opened = BroadcastReceipt.objects.filter(broadcast=OuterRef("pk"), person=person)
    told = Notification.objects.filter(deliveries__in=parts, read_at=None)
    to_many = Broadcast.objects.filter(~Exists(opened), deliveries__in=parts)
    rows: list[Row] = [
        *told.select_related("actor").order_by("-pk"),
        *to_many.select_related("actor").order_by("-pk"),
    ]
    muted = set(Mute.objects.filter(person=person).values_list("within_type", "within_id"))
    rows = [row for row in rows if (row.within_type, row.within_id) not in muted]
    seen = seen_by(person, rows, rows_about(rows))
    groups: dict[tuple[str, str, int], list[kinds.Fact]] = {}
    for row, fact in seen.items():
        groups.setdefault((row.kind, row.within_type, row.within_id), []).append(fact)
    return [
        kinds.get(kind).headline(facts[0], len(facts))
        for (kind, _type, _pk), facts in groups.items()
    ]


def _text(lines: Sequence[str]) -> str:
    shown = [f"・{line}" for line in lines[:MOST_LINES]]
    if len(lines) > MOST_LINES:
        shown.append(_("and %(number)d more") % {"number": len(lines) - MOST_LINES})
    return "\n\n".join(shown)
