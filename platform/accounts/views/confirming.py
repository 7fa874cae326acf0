"""Before something that matters: is it really you? Password, second factor, a code by mail, or LINE again."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.account.internal.flows.reauthentication import (
    did_recently_reauthenticate,
    get_reauthentication_flows,
)
from allauth.core.exceptions import ReauthenticationRequired
from allauth.decorators import rate_limit
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.http import require_http_methods

from accounts import selectors
from accounts.forms import MailedCodeForm
from accounts.services import mailed_codes
from accounts.views import PersonRequest
from core.errors import NotAllowed

View = Callable[..., HttpResponseBase]
PURPOSE = "confirm"
SECONDS_CONFIRMED = 600


def confirmed_recently(view: View) -> View:
    """Opens a view only to somebody who has just shown again that the account is theirs."""

    @wraps(view)
    def wrapped(request: PersonRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if get_reauthentication_flows(request.user):
            if not did_recently_reauthenticate(request):
                raise ReauthenticationRequired
        elif not _confirmed_otherwise(request):
            here = urlencode({"next": request.path})
            return HttpResponseRedirect(f"{reverse('accounts:confirm')}?{here}")
        return view(request, *args, **kwargs)

    return wrapped


def _confirmed_otherwise(request: PersonRequest) -> bool:
    """Whether a code by mail was entered just now, or the sign-in by LINE or Google is that young."""
    since = time.time() - SECONDS_CONFIRMED
    return any(
        record["at"] > since
        and (record.get("reauthenticated") or record["method"] == "socialaccount")
        for record in get_authentication_records(request, request.user)
    )


@require_http_methods(["GET", "HEAD", "POST"])
@rate_limit(action="reauthenticate")
def confirm(request: PersonRequest) -> HttpResponse:
    """Somebody without a password confirms by a code, or by signing in to LINE or Google again."""
    back = _safe_way_back(request)
    address = selectors.proven_address(request.user)
    context: dict[str, Any] = {"next": back}
    if address is None:
        services = selectors.connected_services(request.user)
        if not services:
            raise NotAllowed
        return render(
            request, "accounts/confirm_by_service.html", {**context, "services": services}
        )
    if mailed_codes.waiting_address(request.session, purpose=PURPOSE) is None:
        return render(request, "accounts/confirm_ask.html", {**context, "address": address})
    form = MailedCodeForm(request.POST or None)
    if form.is_valid():
        try:
            mailed_codes.accept(request.session, purpose=PURPOSE, entered=form.cleaned_data["code"])
        except mailed_codes.WrongCode as error:
            form.add_error("code", str(error))
        except mailed_codes.NoCode:
            return render(
                request, "accounts/confirm_ask.html", {**context, "address": address, "again": True}
            )
        else:
            record_authentication(request, request.user, method="code", reauthenticated=True)
            return redirect(back)
    return render(request, "accounts/confirm.html", {**context, "form": form, "address": address})


@require_http_methods(["POST"])
@rate_limit(action="mailed_code")
def send_code(request: PersonRequest) -> HttpResponse:
    """Mails the code that :func:`confirm` asks for."""
    address = selectors.proven_address(request.user)
    if address is None:
        raise NotAllowed
    code = mailed_codes.issue(request.session, purpose=PURPOSE, address=address)
    get_adapter().send_mail("accounts/email/confirm_code", address, {"code": code})
    here = urlencode({"next": _safe_way_back(request)})
    return HttpResponseRedirect(f"{reverse('accounts:confirm')}?{here}")


def _safe_way_back(request: PersonRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe else reverse("accounts:me")
