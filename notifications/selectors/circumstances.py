"""What the decision about deliveries depends on, gathered for many of them in a flat number of queries."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from notifications import kinds
from notifications.kinds import audiences
from notifications.kinds.precedence import Circumstances, Quiet
from notifications.models import (
    Broadcast,
    BroadcastReceipt,
    Channel,
    Delivery,
    MailRefusal,
    Mute,
    Rhythm,
    Wish,
)
from notifications.selectors.facts import Row, fact_of, rows_about
from notifications.selectors.presence import readers_of

DEFAULT_RHYTHM = Rhythm()
# Whoever refuses summaries by a click in one refuses all mails that can be refused.
SUMMARIES = "summaries"


@dataclass(frozen=True)
class Case:
    """A delivery with what it tells of and all that decides about it.

    ``fact`` is ``None`` if what happened is gone or cannot be worded any more.
    """

    delivery: Delivery
    row: Row
    kind: kinds.Kind | None
    fact: kinds.Fact | None
    circumstances: Circumstances


def row_of(delivery: Delivery) -> Row:
    """What a delivery tells of."""
    row = delivery.notification or delivery.broadcast
    if row is None:
        raise ValueError("a summary tells of many things")
    return row


def cases_of(
    deliveries: Sequence[Delivery],
    reachable: Mapping[int, frozenset[str]],
    now: datetime,
) -> list[Case]:
    """A case for each delivery, in their order.

    Args:
        deliveries: with their recipients, notifications and broadcasts; none that carries a summary.
        reachable: by person: the channels in which they have an address.
    """
    people = {delivery.recipient_id for delivery in deliveries}
    rows = [row_of(delivery) for delivery in deliveries]
    abouts = rows_about(rows)
    wishes = wishes_of(people)
    rhythms = Rhythm.objects.in_bulk(people)
    muted = set(
        Mute.objects.filter(
            person__in=people, within_type__in={row.within_type for row in rows}
        ).values_list("person_id", "within_type", "within_id")
    )
    told = _told(deliveries)
    tried = _tried(deliveries)
    reading = _reading(rows, abouts)
    found = []
    for delivery, row in zip(deliveries, rows, strict=True):
        person = delivery.recipient
        kind = kinds.known().get(row.kind)
        fact = fact_of(row, abouts)
        given = Circumstances(
            now=now,
            is_active=person.is_active,
            may_see=bool(
                kind and fact and _belongs(delivery, told) and kind.may_see(person, fact.about)
            ),
            has_read=_has_read(delivery, told),
            is_muted=(person.pk, row.within_type, row.within_id) in muted,
            is_reading=(person.pk, row.kind, row.about_id) in reading,
            transactional=bool(kind and kind.transactional),
            urgent=delivery.is_urgent,
            wanted=wanted_by(wishes.get(person.pk, {}), kind.category) if kind else frozenset(),
            reachable=reachable.get(person.pk, frozenset()),
            tried=tried.get(delivery.pk, frozenset()),
            bound_to=delivery.channel,
            quiet=quiet_of(rhythms.get(person.pk)),
            frequency=(rhythms.get(person.pk) or DEFAULT_RHYTHM).frequency,
        )
        found.append(Case(delivery, row, kind, fact, given))
    return found


Wishes = Mapping[tuple[str, str], bool]


def wishes_of(people: Collection[int]) -> dict[int, dict[tuple[str, str], bool]]:
    """By person: what they have chosen, by category and channel; a click in a mail counts as well. Two queries."""
    found: dict[int, dict[tuple[str, str], bool]] = defaultdict(dict)
    for wish in Wish.objects.filter(person__in=people):
        found[wish.person_id][wish.category, wish.channel] = wish.is_on
    for refusal in MailRefusal.objects.filter(person__in=people):
        slugs = (
            [category.slug for category in kinds.categories()]
            if refusal.category == SUMMARIES
            else [refusal.category]
        )
        for slug in slugs:
            found[refusal.person_id][slug, Channel.EMAIL.value] = False
    return found


def wanted_by(wishes: Wishes, category: kinds.Category) -> frozenset[str]:
    """The channels that are on for a category, by wish or by default."""
    return frozenset(
        channel.value
        for channel in Channel
        if wishes.get((category.slug, channel.value), channel in category.channels)
    )


def quiet_of(rhythm: Rhythm | None) -> Quiet | None:
    """The quiet hours of somebody with this rhythm; the default for who has chosen none."""
    rhythm = rhythm or DEFAULT_RHYTHM
    return Quiet(rhythm.quiet_from, rhythm.quiet_until) if rhythm.has_quiet_hours else None


@dataclass(frozen=True)
class _Told:
    """Of broadcasts: who belongs to the audience now, and who has opened it."""

    members: set[tuple[int, int]]
    opened: set[tuple[int, int]]


def _told(deliveries: Sequence[Delivery]) -> _Told:
    people: dict[Broadcast, set[int]] = defaultdict(set)
    for delivery in deliveries:
        if delivery.broadcast is not None:
            people[delivery.broadcast].add(delivery.recipient_id)
    members: set[tuple[int, int]] = set()
    for broadcast, recipients in people.items():
        audience = audiences.get(broadcast.audience)
        now_in = audience.members(broadcast.audience_key).filter(pk__in=recipients)
        members |= {(broadcast.pk, pk) for pk in now_in.values_list("pk", flat=True)}
    receipts = BroadcastReceipt.objects.filter(
        broadcast__in=people, person__in=set().union(*people.values())
    )
    opened = set(receipts.values_list("broadcast_id", "person_id")) if people else set()
    return _Told(members, opened)


def _belongs(delivery: Delivery, told: _Told) -> bool:
    if delivery.broadcast_id is None:
        return True
    return (delivery.broadcast_id, delivery.recipient_id) in told.members


def _has_read(delivery: Delivery, told: _Told) -> bool:
    if delivery.notification is not None:
        return delivery.notification.read_at is not None
    return (delivery.broadcast_id, delivery.recipient_id) in told.opened


def _tried(deliveries: Sequence[Delivery]) -> dict[int, frozenset[str]]:
    """The channels of the other deliveries of the same happening to the same person."""
    same = Q(notification__in={d.notification_id for d in deliveries if d.notification_id}) | Q(
        broadcast__in={d.broadcast_id for d in deliveries if d.broadcast_id},
        recipient__in={d.recipient_id for d in deliveries},
    )
    channels: dict[tuple[Any, Any, int], dict[int, str]] = defaultdict(dict)
    rows = Delivery.objects.filter(same).exclude(channel="")
    for pk, notification, broadcast, person, channel in rows.values_list(
        "pk", "notification_id", "broadcast_id", "recipient_id", "channel"
    ):
        channels[notification, broadcast, person][pk] = channel
    return {
        delivery.pk: frozenset(
            channel
            for pk, channel in channels[
                delivery.notification_id, delivery.broadcast_id, delivery.recipient_id
            ].items()
            if pk != delivery.pk
        )
        for delivery in deliveries
    }


def _reading(
    rows: Sequence[Row], abouts: Mapping[tuple[str, int], Any]
) -> set[tuple[int, str, int]]:
    """Who reads along right now, by person and what it is about."""
    threads: dict[str, set[tuple[str, int]]] = defaultdict(set)
    for row in rows:
        about = abouts.get((row.kind, row.about_id))
        if about is not None and (thread := kinds.get(row.kind).thread):
            threads[thread(about)].add((row.kind, row.about_id))
    return {
        (person, *told)
        for thread, people in readers_of(threads).items()
        for person in people
        for told in threads[thread]
    }
