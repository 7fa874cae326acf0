"""What LINE tells us: somebody is a friend now, has blocked us, or has sent a code (webhook of the Messaging API)."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import structlog
import urllib3
from django.conf import settings
from django.core.cache import cache
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from linebot.v3.messaging import ApiException, ReplyMessageRequest, TextMessage
from linebot.v3.webhook import SignatureValidator

from core.errors import DomainError, NotAllowed, TooMany
from notifications.services import limits, line_links
from notifications.services.line_api import TIMEOUT, messaging_api

log = structlog.get_logger("yoriai.line")

MOST_EVENTS = 100
HOURS_REMEMBERED = 24
HELP_AN_HOUR = 3
LANGUAGE_OF_STRANGERS = "ja"


def receive(*, body: bytes, signature: str) -> None:
    """Takes in the events of one request. Each is done once, however often LINE tells it.

    Raises:
        NotAllowed: the signature is not LINE's.
        DomainError: what was signed is no list of events.
    """
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        raise NotAllowed from error
    if not SignatureValidator(settings.LINE_MESSAGING_SECRET).validate(text, signature):
        raise NotAllowed
    try:
        events = json.loads(text)["events"]
        parsed = [_Event(event) for event in events[:MOST_EVENTS]]
    except (
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
        ArithmeticError,
        RecursionError,
    ) as error:
        raise DomainError from error
    for event in parsed:
        _once(event)


class _Event:
    """One event, reduced to what we need. The SDK's own classes refuse whatever LINE adds later."""

    def __init__(self, raw: dict[str, Any]) -> None:
        self.kind = str(raw["type"])
        self.at = datetime.fromtimestamp(int(raw["timestamp"]) / 1000, UTC)
        self.id = str(raw.get("webhookEventId", ""))
        source = raw.get("source") or {}
        # Groups have no one person whose account it would be.
        self.user = str(source.get("userId", "")) if source.get("type") == "user" else ""
        self.reply_token = str(raw.get("replyToken", ""))
        message = raw.get("message") or {}
        self.text = str(message.get("text", "")) if message.get("type") == "text" else ""


def _once(event: _Event) -> None:
    act = _ACTS.get(event.kind)
    if act is None or not event.user or len(event.user) > 64:
        return
    key = f"notifications:line-event:{event.id[:64]}"
    if event.id and not cache.add(key, 1, HOURS_REMEMBERED * 3600):
        return
    try:
        act(event)
    except Exception:
        # LINE will tell it again, and then it shall be done.
        cache.delete(key)
        raise


def _followed(event: _Event) -> None:
    link = line_links.befriended(line_user_id=event.user, at=event.at)
    if link is not None:
        _answer_linked(event, link)
    else:
        _explain(event)


def _unfollowed(event: _Event) -> None:
    line_links.blocked(line_user_id=event.user, at=event.at)


def _wrote(event: _Event) -> None:
    digits = line_links.digits_in(event.text)
    if not digits:
        _explain(event)
        return
    try:
        link = line_links.redeem(line_user_id=event.user, digits=digits, at=event.at)
    except TooMany:
        return
    except line_links.NoSuchCode:
        with override(LANGUAGE_OF_STRANGERS):
            _answer(
                event,
                _("This code does not work. It may be too old. Please make a new one here:"),
                _page(),
            )
        return
    _answer_linked(event, link)


_ACTS: dict[str, Callable[[_Event], None]] = {
    "follow": _followed,
    "unfollow": _unfollowed,
    "message": _wrote,
}


def _answer_linked(event: _Event, link: Any) -> None:
    with override(link.person.language or LANGUAGE_OF_STRANGERS):
        _answer(
            event,
            _("Done. Notices for %(name)s now come here.") % {"name": link.person},
            _("You can change or stop this at any time:"),
            _page(),
        )


def _explain(event: _Event) -> None:
    try:
        limits.spend("line_help", event.user, times=HELP_AN_HOUR, seconds=3600)
    except TooMany:
        return
    with override(LANGUAGE_OF_STRANGERS):
        _answer(
            event,
            _("Nobody reads messages here. This account only brings you notices."),
            _("To get them, sign in here, make a code, and send the code to this account:"),
            _page(),
        )


def _page() -> str:
    site: str = settings.SITE_URL.rstrip("/")
    return site + reverse("notifications:addresses")


def _answer(event: _Event, *lines: str) -> None:
    """Answers in LINE; that costs nothing of the quota. Whoever gets no answer finds it on our page."""
    if not event.reply_token:
        return
    request = ReplyMessageRequest(
        reply_token=event.reply_token, messages=[TextMessage(text="\n".join(lines))]
    )
    try:
        with messaging_api() as api:
            api.reply_message(request, _request_timeout=TIMEOUT)
    except (ApiException, urllib3.exceptions.HTTPError) as error:
        log.warning("line_reply_failed", status=getattr(error, "status", None))
