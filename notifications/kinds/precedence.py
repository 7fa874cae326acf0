"""Whether, how and when a person is told: the one order of precedence.

The outbox asks it for each recipient at the moment of sending; the page "Why did it come?" shows its answer. It
looks at nothing but what it is given, so every case can be tried out.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum

from core.times import TOKYO
from notifications.models import Channel, Rhythm

#: The channels that lead out of the house, in the order in which one stands in for another.
OUTSIDE = (Channel.LINE, Channel.EMAIL, Channel.WEB_PUSH)


class Act(StrEnum):
    """What is to be done with a delivery now."""

    SEND = "send"
    SKIP = "skip"
    WAIT = "wait"
    COLLECT = "collect"


class Reason(StrEnum):
    """Which rule has decided; kept with the delivery."""

    ACCOUNT_CLOSED = "account_closed"
    NOT_PERMITTED = "not_permitted"
    ALREADY_READ = "already_read"
    MUTED = "muted"
    SWITCHED_OFF = "switched_off"
    NO_ADDRESS = "no_address"
    NOTHING_LEFT = "nothing_left"
    READING_NOW = "reading_now"
    IN_SUMMARY = "in_summary"
    QUIET_HOURS = "quiet_hours"
    TRANSACTIONAL = "transactional"
    WANTED = "wanted"


@dataclass(frozen=True)
class Quiet:
    """Hours of the night, in Japan, in which nothing wakes a person; may go over midnight."""

    begins: time
    ends: time

    def end_of(self, now: datetime) -> datetime | None:
        """When the quiet hours end in which ``now`` lies; ``None`` if it lies in none."""
        if self.begins == self.ends:
            return None
        local = now.astimezone(TOKYO)
        at = local.time().replace(tzinfo=None)
        end = datetime.combine(local.date(), self.ends, tzinfo=TOKYO)
        if self.begins < self.ends:
            return end if self.begins <= at < self.ends else None
        if at >= self.begins:
            return end + timedelta(days=1)
        return end if at < self.ends else None


@dataclass(frozen=True)
class Circumstances:
    """All that the decision depends on.

    Args:
        wanted: channels that the person has switched on for the category, by their own wish or by default.
        reachable: channels outside the house in which they have an address.
        tried: channels by which this was tried already.
        bound_to: the one channel that this delivery is for; empty if it may be any.
        quiet: the person's quiet hours, if they have some.
        frequency: how often they want mails.
    """

    now: datetime
    is_active: bool = True
    may_see: bool = True
    has_read: bool = False
    is_muted: bool = False
    is_reading: bool = False
    transactional: bool = False
    urgent: bool = False
    wanted: frozenset[str] = frozenset()
    reachable: frozenset[str] = frozenset()
    tried: frozenset[str] = frozenset()
    bound_to: str = ""
    quiet: Quiet | None = None
    frequency: str = Rhythm.Frequency.AT_ONCE


@dataclass(frozen=True)
class Decision:
    """What is to be done, and which rule says so.

    Args:
        channels: by which to send now; more than one only if it is urgent.
        until: when to ask again, for :attr:`Act.WAIT`.
    """

    act: Act
    reason: Reason
    channels: Sequence[str] = field(default=())
    until: datetime | None = None


def decide(given: Circumstances) -> Decision:
    """The answer, by the first rule that has one.

    1. A closed account is told nothing, and nobody what they may not see now.
    2. What was read already is not sent.
    3. Transactional messages pass over mutes, switches and summaries; everything else obeys them in this order.
    4. Who has no address, or none that is left, cannot be told.
    5. Who reads along right now gets nothing outside.
    6. At night nothing is sent but what is urgent.
    7. The first channel in the order LINE, mail, push; urgent messages take all at once.
    """
    if not given.is_active:
        return Decision(Act.SKIP, Reason.ACCOUNT_CLOSED)
    if not given.may_see:
        return Decision(Act.SKIP, Reason.NOT_PERMITTED)
    if given.has_read:
        return Decision(Act.SKIP, Reason.ALREADY_READ)
    if not given.transactional:
        if given.is_muted:
            return Decision(Act.SKIP, Reason.MUTED)
        if given.wanted.isdisjoint(OUTSIDE):
            return Decision(Act.SKIP, Reason.SWITCHED_OFF)
    ways = _ways(given)
    if not ways:
        return Decision(Act.SKIP, Reason.NOTHING_LEFT if given.tried else Reason.NO_ADDRESS)
    if not given.transactional:
        if given.is_reading:
            return Decision(Act.SKIP, Reason.READING_NOW)
        if ways[0] == Channel.EMAIL and given.frequency != Rhythm.Frequency.AT_ONCE:
            return Decision(Act.COLLECT, Reason.IN_SUMMARY)
    if not given.urgent and given.quiet and (until := given.quiet.end_of(given.now)):
        return Decision(Act.WAIT, Reason.QUIET_HOURS, until=until)
    reason = Reason.TRANSACTIONAL if given.transactional else Reason.WANTED
    return Decision(Act.SEND, reason, channels=ways if given.urgent else ways[:1])


def _ways(given: Circumstances) -> list[str]:
    """By which channels it could go, the best first; transactional messages take unwanted ones last."""
    open_ones = [
        channel
        for channel in OUTSIDE
        if channel in given.reachable
        and channel not in given.tried
        and given.bound_to in ("", channel)
    ]
    wanted = [str(channel) for channel in open_ones if channel in given.wanted]
    if not given.transactional:
        return wanted
    return wanted + [str(channel) for channel in open_ones if channel not in given.wanted]
