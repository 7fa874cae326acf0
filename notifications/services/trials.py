"""「試しに送る」: one message by one channel, at once, and plain words about what became of it."""

from uuid import uuid4

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from core import audit
from core.errors import Conflict, NotFound
from notifications import selectors
from notifications.services import channels, limits

TIMES, SECONDS = 5, 3600


def send_trial(*, actor: User, channel: str) -> channels.Result:
    """Sends a test to all of the person's addresses in a channel and waits for what happens.

    Not in a transaction: it waits for a server elsewhere.

    Raises:
        NotFound: there is no such channel.
        Conflict: the person has no address there.
        TooMany: more than five in an hour.
    """
    if channel not in channels.OUTSIDE:
        raise NotFound
    addresses = selectors.addresses_of(channel, [actor.pk]).get(actor.pk, [])
    if not addresses:
        raise Conflict(_("There is nothing to send to yet. Please add it first."))
    limits.spend(f"trial_{channel}", actor.pk, times=TIMES, seconds=SECONDS)
    key = uuid4()
    result = channels.combined(
        channels.adapter(channel).send(
            [
                channels.Outgoing(
                    key=key,
                    recipient_id=actor.pk,
                    address=address,
                    subject=_("Test: notices reach you here"),
                    text=_(
                        "You pressed “Send a test”. You see this, so notices will reach you in this way."
                    ),
                    url=settings.SITE_URL.rstrip("/") + reverse("notifications:addresses"),
                    language=get_language() or settings.LANGUAGE_CODE,
                )
                for address in addresses
            ]
        )
    )
    audit.record(
        actor=actor,
        act="notifications.trial_sent",
        target=actor,
        detail={"channel": channel, "state": result.state, "reason": result.reason},
    )
    return result


def in_words(channel: str, result: channels.Result) -> str:
    """What became of it and what to do next, in the person's language."""
    if result.state == "sent":
        return {
            "email": _(
                "The mail is on its way. If it is not there in five minutes, look in the folder for unwanted mail."
            ),
            "web_push": _("The notice has been sent. It appears on your device in a moment."),
            "line": _("The message has been sent. Please look in LINE."),
        }[channel]
    if result.drop_address:
        return _("Nobody is there any more, so it has been removed. Please add it again.")
    if result.reason == "quota":
        return _(
            "The city has used up its messages by LINE for this month. Until then notices come another way."
        )
    if result.state == "unknown":
        return _(
            "The connection broke at the end. It may have arrived or not: please look, and try again if not."
        )
    if result.state == "retry":
        return _("The other side does not answer right now. Please try again in a few minutes.")
    return _("It was refused. Please tell the city: %(reason)s") % {"reason": result.reason}
