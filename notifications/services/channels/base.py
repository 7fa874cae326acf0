"""What the outbox and a channel say to each other.

The outbox claims deliveries, words them for their recipients and looks up their addresses; an adapter carries
them and says what became of each. Which delivery is tried again, when, and when it is given up is the outbox's
affair alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol
from uuid import UUID

#: An e-mail address, a LINE user id, or a browser's push subscription (``id``, ``endpoint``, ``p256dh``, ``auth``).
Destination = str | Mapping[str, str]

State = Literal["sent", "retry", "dead", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One message to one person, worded in their language.

    Args:
        key: of the delivery. The same delivery has the same key for ever: what a provider recognises a
            repeat by is derived from it. Several browsers of one person are several messages with one key.
        recipient_id: whose message it is.
        address: where it goes; :func:`notifications.services.channels.addresses.of` knows it.
        subject: one line without the name of the site; the title of a push notice.
        text: the message as plain text, without greeting and footer; paragraphs parted by empty lines.
        html: the same as a safe fragment of HTML, or empty: then the text's paragraphs are taken.
        url: the absolute address of what it is about; empty if nothing is to be opened.
        unsubscribe_url: one click there and mails of this category stop (RFC 8058); empty where
            the message is transactional and cannot be refused.
        urgent: may wake somebody up.
        language: in which it is worded, and in which the adapter words what stands around it.
    """

    key: UUID
    recipient_id: int
    address: Destination
    subject: str
    text: str
    html: str = ""
    url: str = ""
    unsubscribe_url: str = ""
    urgent: bool = False
    language: str = "ja"


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one message.

    Args:
        state: ``sent``: the provider has taken it. ``retry``: it has certainly not been taken, try later.
            ``dead``: it never will be. ``unknown``: it may or may not have been taken, and the channel
            cannot recognise a repeat; whoever sends it again risks sending it twice.
        reason: a short code for logs, figures and the page "Why did it come?"; never personal data.
        retry_after: seconds before which the provider does not want to be asked again.
        drop_address: there is nobody at this address any more. The adapter has noted that already:
            :func:`~notifications.services.channels.addresses.of` no longer gives it.
    """

    state: State
    reason: str = ""
    retry_after: int | None = None
    drop_address: bool = False


class Adapter(Protocol):
    """One channel that leads out of the house."""

    channel: str
    #: How many messages ``send`` takes at most at a time.
    batch_size: int

    def send(self, messages: Sequence[Outgoing]) -> Sequence[Result]:
        """Carries messages; gives one result for each, in their order.

        Never raises for what a provider, a network or an address does wrong: that is a result. Every call
        to the outside has a time-out. Not to be called inside a transaction: it waits for others, and what
        it notes about addresses must outlive a failure of the caller.

        Raises:
            ValueError: more than ``batch_size`` messages, or not of this channel's kind of address.
        """
        ...


def combined(results: Sequence[Result]) -> Result:
    """One result for a delivery that went to several addresses of one person.

    One that arrived is enough. Otherwise what is unclear counts more than what can be tried again, and that
    more than what is dead; the address is dropped only if all are.

    Raises:
        ValueError: there are no results.
    """
    order: tuple[State, ...] = ("sent", "unknown", "retry", "dead")
    best = min(results, key=lambda result: order.index(result.state))
    return Result(
        best.state,
        best.reason,
        best.retry_after,
        drop_address=all(result.drop_address for result in results),
    )
