"""Words messages, hands them to a channel and writes down what became of each."""

import uuid
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from notifications.models import Broadcast, Channel, Delivery
from notifications.selectors.circumstances import SUMMARIES, Case
from notifications.services import channels
from notifications.services.outbox import pace
from notifications.services.outbox.claiming import MOST_ATTEMPTS, RELEASED, wait_after
from notifications.services.telling import NAMESPACE
from notifications.services.unsubscribing import url_for

log = structlog.get_logger("yoriai.outbox")

# A worker that dies leaves so many mails unclear at most; other channels recognise a repeat.
MAILS_AT_ONCE = 10

State = Delivery.State


@dataclass(frozen=True)
class Message:
    """A delivery that is to be sent now.

    Args:
        case: what it tells of.
        count: of how many happenings.
        words: subject and text, if no kind words them: a summary.
    """

    delivery: Delivery
    case: Case | None
    count: int
    words: tuple[str, str] | None = None


def send(
    channel: str,
    messages: Sequence[Message],
    addresses: Mapping[int, Sequence[channels.Destination]],
    token: uuid.UUID,
) -> None:
    """Sends messages by one channel, in batches, as fast as the channel may go."""
    if not messages:
        return
    adapter = channels.adapter(channel)
    size = (
        min(adapter.batch_size, MAILS_AT_ONCE) if channel == Channel.EMAIL else adapter.batch_size
    )
    worded = _worded(messages, addresses, token)
    for batch in _batches(worded, size):
        number = sum(len(outgoing) for _message, outgoing in batch)
        granted, again_at = pace.reserve(channel, number)
        if granted < number:
            _postpone([message for message, _outgoing in batch], again_at, token)
            continue
        _send_batch(adapter, batch, token)


def _worded(
    messages: Sequence[Message],
    addresses: Mapping[int, Sequence[channels.Destination]],
    token: uuid.UUID,
) -> list[tuple[Message, list[channels.Outgoing]]]:
    found = []
    for message in messages:
        try:
            outgoing = _outgoing(message, addresses[message.delivery.recipient_id])
        except Exception:
            # A fault in one room's words must not stop what the others have to say.
            log.exception("a notice could not be worded", delivery=message.delivery.pk)
            _finish({message.delivery.pk: channels.Result("dead", "not_worded")}, [message], token)
            continue
        found.append((message, outgoing))
    return found


def _outgoing(
    message: Message, addresses: Sequence[channels.Destination]
) -> list[channels.Outgoing]:
    delivery, case = message.delivery, message.case
    language = delivery.recipient.language or settings.LANGUAGE_CODE
    site = settings.SITE_URL.rstrip("/")
    with override(language):
        if case is None or case.kind is None or case.fact is None:
            subject, text = message.words or ("", "")
            path, refusable = reverse("notifications:index"), SUMMARIES
        else:
            subject = case.kind.headline(case.fact, message.count)
            text = case.kind.detail(case.fact)
            name = "open_broadcast" if isinstance(case.row, Broadcast) else "open"
            path = reverse(f"notifications:{name}", args=[case.row.pk])
            refusable = "" if case.kind.transactional else case.kind.category.slug
    return [
        channels.Outgoing(
            key=delivery.key,
            recipient_id=delivery.recipient_id,
            address=address,
            subject=subject,
            text=text,
            url=site + path,
            unsubscribe_url=url_for(recipient_id=delivery.recipient_id, category=refusable)
            if refusable
            else "",
            urgent=delivery.is_urgent,
            language=language,
        )
        for address in addresses
    ]


Batch = list[tuple[Message, list[channels.Outgoing]]]


def _batches(worded: Batch, size: int) -> Iterator[Batch]:
    batch: Batch = []
    number = 0
    for message, outgoing in worded:
        # More browsers than a batch holds are more than anybody uses.
        outgoing = outgoing[:size]
        if batch and number + len(outgoing) > size:
            yield batch
            batch, number = [], 0
        batch.append((message, outgoing))
        number += len(outgoing)
    if batch:
        yield batch


def _send_batch(adapter: channels.Adapter, batch: Batch, token: uuid.UUID) -> None:
    keys = [message.delivery.pk for message, _outgoing in batch]
    mine = Delivery.objects.filter(pk__in=keys, claim=token, state=State.CLAIMED)
    if mine.update(state=State.SENDING) != len(keys):
        # The lease ran out while this worker stood still: somebody else has some of them.
        held = Delivery.objects.filter(pk__in=keys, claim=token, state=State.SENDING)
        ours = set(held.values_list("pk", flat=True))
        batch = [entry for entry in batch if entry[0].delivery.pk in ours]
    outgoing = [one for _message, several in batch for one in several]
    if not outgoing:
        return
    try:
        results = list(adapter.send(outgoing))
    except Exception:
        # An adapter does not raise for what others do wrong, so this is a fault of ours.
        log.exception("a channel failed", channel=adapter.channel)
        unclear = adapter.channel == Channel.EMAIL
        results = [channels.Result("unknown" if unclear else "retry", "fault")] * len(outgoing)
    found: dict[int, channels.Result] = {}
    for message, several in batch:
        own, results = results[: len(several)], results[len(several) :]
        found[message.delivery.pk] = channels.combined(own)
    _finish(found, [message for message, _outgoing in batch], token)


@transaction.atomic
def _finish(
    results: Mapping[int, channels.Result], messages: Sequence[Message], token: uuid.UUID
) -> None:
    now = timezone.now()
    ends: dict[tuple[str, str], list[int]] = defaultdict(list)
    again: list[tuple[Message, channels.Result]] = []
    over: list[Message] = []
    for message in messages:
        result, delivery = results[message.delivery.pk], message.delivery
        state, reason = str(result.state), result.reason
        if state == "retry" and delivery.attempts >= MOST_ATTEMPTS:
            state = "dead"
        if state == "retry":
            again.append((message, result))
            continue
        ends[state, reason[:60]].append(delivery.pk)
        is_transactional = message.case is not None and message.case.circumstances.transactional
        if state == "dead" or (state == "unknown" and is_transactional):
            # Rather told twice than not at all, where it must be told.
            over.append(message)
    for (state, reason), keys in ends.items():
        Delivery.objects.filter(pk__in=keys, claim=token).update(
            state=state, reason=reason, done_at=now, **RELEASED
        )
    for message, result in again:
        _again(message.delivery, result, token, now)
    _fall_through(over, now)


def _again(delivery: Delivery, result: channels.Result, token: uuid.UUID, now: datetime) -> None:
    wait = wait_after(delivery.attempts)
    if result.retry_after:
        wait = max(wait, timedelta(seconds=result.retry_after))
        pace.pause(delivery.channel, result.retry_after)
    Delivery.objects.filter(pk=delivery.pk, claim=token).update(
        state=State.PENDING, due_at=now + wait, reason=result.reason[:60], **RELEASED
    )


def _fall_through(messages: Sequence[Message], now: datetime) -> None:
    """A channel that fails for a person is followed by the next: a new delivery, free to choose."""
    Delivery.objects.bulk_create(
        (
            Delivery(
                key=uuid.uuid5(NAMESPACE, f"{message.delivery.key} next"),
                notification_id=message.delivery.notification_id,
                broadcast_id=message.delivery.broadcast_id,
                recipient_id=message.delivery.recipient_id,
                is_urgent=message.delivery.is_urgent,
                due_at=now,
            )
            for message in messages
            if message.case is not None
        ),
        ignore_conflicts=True,
    )


def _postpone(messages: Sequence[Message], until: datetime, token: uuid.UUID) -> None:
    keys = [message.delivery.pk for message in messages]
    Delivery.objects.filter(pk__in=keys, claim=token).update(
        state=State.PENDING, due_at=until, reason="pace", attempts=F("attempts") - 1, **RELEASED
    )
