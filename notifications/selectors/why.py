"""Why did it come, and would it reach me? The decisions of :mod:`notifications.kinds.precedence` in plain words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from core.times import in_words
from notifications import kinds
from notifications.kinds.precedence import OUTSIDE, Act, Circumstances, Decision, Reason, decide
from notifications.models import Channel, Delivery, Notification, Rhythm
from notifications.selectors.addresses import addresses_of
from notifications.selectors.circumstances import quiet_of, wanted_by, wishes_of

State = Delivery.State

REASONS: dict[str, str | Promise] = {
    Reason.ACCOUNT_CLOSED: gettext_lazy("The account is closed."),
    Reason.NOT_PERMITTED: gettext_lazy("It has been hidden or taken back, so nobody is told."),
    Reason.ALREADY_READ: gettext_lazy("You had read it here already."),
    Reason.MUTED: gettext_lazy("You wanted to hear nothing more about this."),
    Reason.SWITCHED_OFF: gettext_lazy("You want this here only, and not by other ways."),
    Reason.NO_ADDRESS: gettext_lazy("None of the ways that you have chosen is set up."),
    Reason.NOTHING_LEFT: gettext_lazy("Every way has been tried."),
    Reason.READING_NOW: gettext_lazy("You were reading along at that moment."),
    Reason.IN_SUMMARY: gettext_lazy("It goes into your next summary."),
    Reason.QUIET_HOURS: gettext_lazy("It was night: it waits for the morning."),
    "joined": gettext_lazy("It was told together with others, in one message."),
    "pace": gettext_lazy("There is much to send right now. It is in the queue."),
    "worker_lost": gettext_lazy("The machine was interrupted while sending."),
    "no_such_address": gettext_lazy("Nobody is at this address any more."),
    "quota": gettext_lazy("The city has used up its messages by LINE for this month."),
}
STATES: dict[str, str | Promise] = {
    State.PENDING: gettext_lazy("It will be sent."),
    State.CLAIMED: gettext_lazy("It is being sent."),
    State.SENDING: gettext_lazy("It is being sent."),
    State.SENT: gettext_lazy("It was sent."),
    State.SKIPPED: gettext_lazy("It was not sent."),
    State.COLLECTED: gettext_lazy("It goes into your next summary."),
    State.UNKNOWN: gettext_lazy("It may have arrived or not: the connection broke at the end."),
    State.DEAD: gettext_lazy("It could not be sent."),
}


@dataclass(frozen=True)
class Told:
    """What became of one attempt, in words."""

    channel: str | Promise
    state: str | Promise
    reason: str | Promise
    at: datetime | None


@dataclass(frozen=True)
class Forecast:
    """What would happen if something of a category happened now."""

    category: kinds.Category
    words: str


def story_of(notification: Notification) -> Sequence[Told]:
    """Every attempt to tell of a notification, in its order."""
    rows = notification.deliveries.order_by("pk")
    return [
        Told(
            channel=Channel(row.channel).label if row.channel else "",
            state=STATES[row.state],
            reason=reason_in_words(row.reason),
            at=row.done_at or (row.due_at if row.state == State.PENDING else None),
        )
        for row in rows
    ]


def reason_in_words(reason: str) -> str | Promise:
    """A reason as it is kept, in a sentence; what a provider has said stays as it is."""
    if not reason:
        return ""
    return REASONS.get(reason) or _("The other side said: %(reason)s") % {"reason": reason}


def forecasts_for(person: User) -> Sequence[Forecast]:
    """For each category: what would happen now; the same decision that the outbox takes."""
    now = timezone.now()
    wishes = wishes_of([person.pk]).get(person.pk, {})
    rhythm = Rhythm.objects.filter(person=person).first()
    reachable = frozenset(
        channel.value for channel in OUTSIDE if person.pk in addresses_of(channel, [person.pk])
    )
    found = []
    for category in kinds.categories():
        given = Circumstances(
            now=now,
            is_active=person.is_active,
            wanted=wanted_by(wishes, category),
            reachable=reachable,
            quiet=quiet_of(rhythm),
            frequency=(rhythm or Rhythm()).frequency,
        )
        found.append(Forecast(category, _forecast(decide(given))))
    return found


def _forecast(decision: Decision) -> str:
    if decision.act == Act.SEND:
        channel = Channel(decision.channels[0]).label
        return _("Here, and by %(channel)s at once.") % {"channel": channel}
    if decision.act == Act.WAIT and decision.until:
        return _("Here at once, outside from %(moment)s, as it is night.") % {
            "moment": in_words(decision.until)
        }
    if decision.act == Act.COLLECT:
        return _("Here at once, and in your next summary by e-mail.")
    return _("Here only. %(reason)s") % {"reason": REASONS[decision.reason]}
