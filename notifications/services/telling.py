"""The one function by which rooms say that something happened.

It writes and never sends: the rows stand or fall with the act, and a worker asks for permission, preference and
language of each recipient when it sends (docs/adr/0005).
"""

import uuid
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, models
from django.utils import timezone

from accounts.models import User
from notifications import kinds
from notifications.kinds import audiences
from notifications.models import Broadcast, Delivery, Mute, Notification
from notifications.services import hints

# Every key of a delivery grows from this one.
NAMESPACE = uuid.UUID("0d0f6f0e-3c53-4a0e-9a39-6c7a5a4f6a11")
ROWS_AT_ONCE = 1_000


def notify(
    kind: kinds.Kind,
    *,
    actor: User | None,
    about: models.Model,
    recipients: Iterable[int] = (),
    audience: tuple[audiences.Audience, str] | None = None,
    context: Mapping[str, Any] | None = None,
    occasion: str = "",
    not_before: datetime | None = None,
) -> Collection[int]:
    """Notes that something happened, for the people whom it concerns; call it in the transaction of the act.

    Nobody is told of their own act, twice of the same one, or of a thing that they have muted (unless the kind is
    transactional). Calling it again with the same kind, row and occasion tells nobody again.

    Args:
        kind: a registered kind.
        actor: who did it; ``None`` for the system itself.
        about: the saved row that it tells of, of the kind's model.
        recipients: keys of a few people. For many, use ``audience``.
        audience: a registered audience and its key: one row is written however many belong to it.
        context: small facts for the wording, as JSON; no finished text and no personal data.
        occasion: tells apart what happens to one row again and again, for example the day of a daily summary.
        not_before: when it may leave the house at the earliest; in the inbox it is at once.

    Returns:
        The keys of the recipients who have been told by this call; empty for an audience.

    Raises:
        UnknownKind: the kind is not registered.
        UnknownAudience: the audience is not registered.
        ValueError: outside a transaction, a row of another model, or one that is not saved.
    """
    if kinds.get(kind.name) is not kind:
        raise kinds.UnknownKind(kind.name)
    if not connection.in_atomic_block:
        raise ValueError("notify belongs into the transaction of the act")
    if not isinstance(about, kind.model) or about.pk is None:
        raise ValueError(f"{kind.name} is about a saved {kind.model._meta.label}")
    within = kind.within(about)
    now = timezone.now()
    columns: dict[str, Any] = {
        "kind": kind.name,
        "about_id": about.pk,
        "within_type": within._meta.label_lower,
        "within_id": within.pk,
        "occasion": occasion,
        "context": dict(context or {}),
        "actor": actor,
        "at": now,
    }
    if audience is not None:
        registered, key = audience
        _broadcast(columns, audiences.get(registered.name).name, key)
        hints.hint()
    told = _wanted(kind, recipients, actor, within)
    if told:
        # A moment of patience: what follows at once goes along, and who reads along right now needs no mail.
        patience = timedelta(seconds=0 if kind.transactional else settings.NOTIFICATION_PATIENCE)
        due_at = max(now + patience, not_before or now)
        told = _write(columns, told, is_urgent=kind.urgent, due_at=due_at)
        if due_at <= now:
            hints.hint()
    return told


def _wanted(
    kind: kinds.Kind, recipients: Iterable[int], actor: User | None, within: models.Model
) -> set[int]:
    found = set(recipients)
    if actor is not None:
        found.discard(actor.pk)
    if found and not kind.transactional:
        muted = Mute.objects.filter(
            within_type=within._meta.label_lower, within_id=within.pk, person__in=found
        )
        found -= set(muted.values_list("person_id", flat=True))
    return found


def _write(
    columns: Mapping[str, Any], people: Collection[int], *, is_urgent: bool, due_at: datetime
) -> set[int]:
    same = Notification.objects.filter(
        kind=columns["kind"],
        about_id=columns["about_id"],
        occasion=columns["occasion"],
        recipient__in=people,
    )
    # The act's own lock keeps its repeats away; the constraint keeps away those that have none.
    new = set(people) - set(same.values_list("recipient_id", flat=True))
    Notification.objects.bulk_create(
        (Notification(recipient_id=person, **columns) for person in sorted(new)),
        batch_size=ROWS_AT_ONCE,
        ignore_conflicts=True,
    )
    rows = same.filter(recipient__in=new).values_list("pk", "recipient_id")
    Delivery.objects.bulk_create(
        (
            Delivery(
                # With the time, as a database that was restored may give the same number again.
                key=uuid.uuid5(NAMESPACE, f"notification {pk} {columns['at'].isoformat()}"),
                notification_id=pk,
                recipient_id=person,
                is_urgent=is_urgent,
                due_at=due_at,
            )
            for pk, person in rows
        ),
        batch_size=ROWS_AT_ONCE,
        ignore_conflicts=True,
    )
    return new


def _broadcast(columns: Mapping[str, Any], audience: str, key: str) -> None:
    own = {"kind", "about_id", "occasion"}
    Broadcast.objects.get_or_create(
        **{name: columns[name] for name in own},
        audience=audience,
        audience_key=key,
        defaults={name: value for name, value in columns.items() if name not in own},
    )
