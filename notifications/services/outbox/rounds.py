"""One round of the outbox: claim, decide, send."""

import time
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from notifications.kinds.precedence import OUTSIDE, Act, Decision, decide
from notifications.models import Delivery
from notifications.selectors.circumstances import Case, cases_of
from notifications.services import channels
from notifications.services.outbox import digests
from notifications.services.outbox.claiming import RELEASED, claim, kept_alive
from notifications.services.outbox.sending import Message, send
from notifications.services.telling import NAMESPACE

ROUND = 500
SECONDS_OF_A_TASK = 120.0

State = Delivery.State
Addresses = Mapping[str, Mapping[int, Sequence[channels.Destination]]]


def dispatch(*, seconds: float = SECONDS_OF_A_TASK) -> int:
    """Sends until nothing is due or the time is up. Returns how many deliveries were dealt with."""
    ends, number = time.monotonic() + seconds, 0
    while time.monotonic() < ends and (done := one_round()):
        number += done
    return number


def one_round(*, size: int = ROUND) -> int:
    """Claims a batch and deals with it. Returns its size."""
    token, keys = claim(size=size)
    if not keys:
        return 0
    with kept_alive(token):
        now = timezone.now()
        claimed = list(
            Delivery.objects.filter(pk__in=keys)
            .select_related(
                "recipient", "notification__actor", "broadcast__actor", "digest__person__rhythm"
            )
            .order_by("-is_urgent", "pk")
        )
        addresses = addresses_of({delivery.recipient_id for delivery in claimed})
        alone = [delivery for delivery in claimed if delivery.digest_id is None]
        summaries = [delivery for delivery in claimed if delivery.digest_id is not None]
        messages = _decided(alone, addresses, token, now)
        messages += digests.messages_of(summaries, token, now)
        for channel in OUTSIDE:
            send(
                channel,
                [message for message in messages if message.delivery.channel == channel],
                addresses[channel],
                token,
            )
    return len(keys)


def addresses_of(people: set[int]) -> Addresses:
    """Where people can be reached, by channel."""
    return {channel: channels.addresses.of(channel, people) for channel in OUTSIDE}


def reachable_by(addresses: Addresses) -> dict[int, frozenset[str]]:
    """By person: the channels in which they have an address."""
    found: dict[int, set[str]] = defaultdict(set)
    for channel, people in addresses.items():
        for person in people:
            found[person].add(str(channel))
    return {person: frozenset(names) for person, names in found.items()}


@transaction.atomic
def _decided(
    deliveries: Sequence[Delivery], addresses: Addresses, token: uuid.UUID, now: datetime
) -> list[Message]:
    """Writes down every decision but to send; returns what is to be sent."""
    cases = cases_of(deliveries, reachable_by(addresses), now)
    decisions = [(case, decide(case.circumstances)) for case in cases]
    _write(decisions, token, now)
    to_send = [(case, found) for case, found in decisions if found.act == Act.SEND]
    for case, found in to_send:
        case.delivery.channel = found.channels[0]
    by_channel: dict[str, list[int]] = defaultdict(list)
    for case, found in to_send:
        by_channel[found.channels[0]].append(case.delivery.pk)
    for channel, keys in by_channel.items():
        Delivery.objects.filter(pk__in=keys, claim=token).update(channel=channel)
    _add_channels(to_send, now)
    return _joined([case for case, _found in to_send], token, now)


def _write(decisions: Sequence[tuple[Case, Decision]], token: uuid.UUID, now: datetime) -> None:
    groups: dict[tuple[Act, str, datetime | None], list[int]] = defaultdict(list)
    for case, found in decisions:
        if found.act != Act.SEND:
            groups[found.act, found.reason, found.until].append(case.delivery.pk)
    for (act, reason, until), keys in groups.items():
        mine = Delivery.objects.filter(pk__in=keys, claim=token)
        if act == Act.WAIT:
            # Nobody has tried yet, so this is no attempt.
            mine.update(
                state=State.PENDING,
                due_at=until,
                reason=reason,
                attempts=F("attempts") - 1,
                **RELEASED,
            )
        elif act == Act.COLLECT:
            mine.update(state=State.COLLECTED, reason=reason, **RELEASED)
        else:
            mine.update(state=State.SKIPPED, reason=reason, done_at=now, **RELEASED)


def _add_channels(to_send: Sequence[tuple[Case, Decision]], now: datetime) -> None:
    """What is urgent goes by all channels at once: a delivery each."""
    Delivery.objects.bulk_create(
        (
            Delivery(
                key=uuid.uuid5(NAMESPACE, f"{case.delivery.key} {channel}"),
                notification_id=case.delivery.notification_id,
                broadcast_id=case.delivery.broadcast_id,
                recipient_id=case.delivery.recipient_id,
                channel=channel,
                is_urgent=True,
                due_at=now,
            )
            for case, found in to_send
            for channel in found.channels[1:]
        ),
        ignore_conflicts=True,
    )


def _joined(cases: Sequence[Case], token: uuid.UUID, now: datetime) -> list[Message]:
    """One message for what happened lately within the same thing: the newest carries the others.

    Whatever waits for the same person about the same, though not due yet, is taken along.
    """
    groups: dict[tuple[int, str, str, int, str], list[Case]] = defaultdict(list)
    messages = []
    for case in cases:
        if case.delivery.notification_id is None or case.circumstances.transactional:
            messages.append(Message(case.delivery, case, 1))
            continue
        row = case.row
        groups[
            case.delivery.recipient_id, row.kind, row.within_type, row.within_id,
            case.delivery.channel,
        ].append(case)  # fmt: skip
    waiting = _waiting_for({key[0] for key in groups})
    carried: list[int] = []
    for key, group in groups.items():
        group.sort(key=lambda case: case.row.pk)
        others = [case.delivery.pk for case in group[:-1]] + waiting.get(key[:4], [])
        carried += others
        messages.append(Message(group[-1].delivery, group[-1], len(others) + 1))
    if carried:
        Delivery.objects.filter(pk__in=carried).update(
            state=State.SKIPPED, reason="joined", done_at=now, **RELEASED
        )
    return messages


def _waiting_for(people: set[int]) -> dict[tuple[int, str, str, int], list[int]]:
    """Deliveries that are not due yet and may go along with others, by person, kind and thing."""
    found: dict[tuple[int, str, str, int], list[int]] = defaultdict(list)
    rows: Iterable[Any] = (
        Delivery.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(recipient__in=people, state=State.PENDING, channel="", notification__isnull=False)
        .values_list(
            "pk",
            "recipient_id",
            "notification__kind",
            "notification__within_type",
            "notification__within_id",
        )
    )
    for pk, *key in rows if people else ():
        person, kind, within_type, within_id = key
        found[person, kind, within_type, within_id].append(pk)
    return found
