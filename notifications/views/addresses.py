"""「通知の届け先」: where notices reach me outside the app; add, remove, try."""

import json
from datetime import timedelta
from hashlib import sha256

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from accounts.views import PersonRequest
from core.errors import DomainError
from core.rooms import NOTIFICATIONS
from notifications import selectors
from notifications.services import (
    line_links,
    mail_troubles,
    push_subscriptions,
    trials,
)

_CODE = "notifications_line_code"


@never_cache
@require_safe
def addresses(request: PersonRequest) -> HttpResponse:
    """Every address with its state, one thing to press each."""
    found = selectors.all_of(request.user)
    return render(
        request,
        "notifications/addresses.html",
        {
            "room": NOTIFICATIONS,
            "mail": found.mail,
            "line": found.line,
            "browsers": [
                {
                    "row": row,
                    "digest": sha256(row.endpoint.encode()).hexdigest(),
                    "must_be_renewed": row.server_key != settings.VAPID_PUBLIC_KEY,
                }
                for row in found.browsers
            ],
            "line_is_set_up": selectors.is_set_up("line"),
            "push_is_set_up": selectors.is_set_up("web_push"),
            "server_key": settings.VAPID_PUBLIC_KEY,
        },
    )


@require_POST
def send_trial(request: PersonRequest, channel: str) -> HttpResponse:
    """「試しに送る」: sends, waits, says what happened."""
    result = trials.send_trial(actor=request.user, channel=channel)
    tell = messages.success if result.state == "sent" else messages.warning
    tell(request, trials.in_words(channel, result))
    return redirect("notifications:addresses")


@require_POST
def mail_again(request: PersonRequest) -> HttpResponse:
    """Sends mails to an address again from which they had come back."""
    if mail_troubles.use_again(actor=request.user):
        messages.success(request, _("From now on we send mails to your address again."))
    return redirect("notifications:addresses")


@require_POST
def make_line_code(request: PersonRequest) -> HttpResponse:
    """Makes a code and shows it on the next page."""
    code = line_links.issue_code(actor=request.user)
    request.session[_CODE] = [code, (timezone.now() + line_links.VALID).isoformat()]
    return redirect("notifications:line")


@never_cache
@require_safe
def line(request: PersonRequest) -> HttpResponse:
    """What to do with the code, in three steps."""
    code, until = request.session.get(_CODE, ("", ""))
    ends = parse_datetime(until) if until else None
    if ends is None or ends < timezone.now():
        return redirect("notifications:addresses")
    left = ends - timezone.now()
    return render(
        request,
        "notifications/line.html",
        {
            "room": NOTIFICATIONS,
            "code": code,
            "digits": code.replace("-", ""),
            "minutes": max(1, round(left / timedelta(minutes=1))),
            "account_id": settings.LINE_ACCOUNT_ID,
        },
    )


@require_POST
def unlink_line(request: PersonRequest) -> HttpResponse:
    """Nothing more by LINE."""
    line_links.unlink(actor=request.user)
    messages.success(request, _("Notices no longer go to LINE."))
    return redirect("notifications:addresses")


@require_POST
def add_browser(request: PersonRequest) -> HttpResponse:
    """The browser from which this comes takes push notices from now on."""
    push_subscriptions.subscribe(
        actor=request.user,
        subscription=_parsed(request.POST.get("subscription", "")),
        user_agent=request.headers.get("User-Agent", ""),
    )
    messages.success(request, _("This device gets notices from now on. You can send a test."))
    return redirect("notifications:addresses")


@csrf_exempt
@require_POST
def renew_browser(request: PersonRequest) -> HttpResponse:
    """A browser tells by itself that its push service has given it another address.

    A service worker has no form and so no token; other sites cannot send JSON here, and the old address is known
    to nobody else.
    """
    if request.content_type != "application/json":
        raise DomainError
    told = _parsed(request.body.decode(errors="replace"))
    if not isinstance(told, dict) or not isinstance(told.get("old"), str):
        raise DomainError
    push_subscriptions.renew(
        actor=request.user, old_endpoint=told["old"], subscription=told.get("subscription")
    )
    return HttpResponse(status=204)


@require_POST
def remove_browser(request: PersonRequest, pk: int) -> HttpResponse:
    """One browser gets nothing more."""
    push_subscriptions.unsubscribe(actor=request.user, key=pk)
    messages.success(request, _("This device gets no more notices."))
    return redirect("notifications:addresses")


def _parsed(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise push_subscriptions.BadSubscription from None
