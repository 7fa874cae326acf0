"""My data: take everything along, or leave for good."""

from collections.abc import AsyncIterator, Iterator

from allauth.account.internal.flows.logout import logout
from allauth.decorators import rate_limit
from asgiref.sync import sync_to_async
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import services
from accounts.services import personal_data
from accounts.views import PersonRequest
from accounts.views.confirming import confirmed_recently
from core import audit
from core.times import TOKYO


@require_safe
def my_data(request: PersonRequest) -> HttpResponse:
    """What is kept, and the two ways: take it along, delete it."""
    return render(request, "accounts/my_data.html")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@confirmed_recently
def take_along(request: PersonRequest) -> HttpResponseBase:
    """The page with the button; only the press of it makes the archive."""
    if request.method == "POST":
        response: HttpResponseBase = download(request)
        return response
    return render(request, "accounts/take_along.html")


@require_POST
@rate_limit(action="download_data")
def download(request: PersonRequest) -> HttpResponseBase:
    """The archive, sent while it is being made."""
    person = request.user
    audit.record(actor=person, act="accounts.data_downloaded", target=person)
    today = timezone.now().astimezone(TOKYO).strftime("%Y%m%d")
    response = StreamingHttpResponse(
        _in_own_time(personal_data.archive(person)), content_type="application/zip"
    )
    response["Content-Disposition"] = f'attachment; filename="yoriai-{today}.zip"'
    return response


async def _in_own_time(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    """Makes the next piece when the last one is sent; an archive never stands in memory as a whole."""
    next_piece = sync_to_async(lambda: next(pieces, None))
    while (piece := await next_piece()) is not None:
        if piece:
            yield piece


@require_safe
def leave(request: PersonRequest) -> HttpResponse:
    """First step: says plainly what goes and what stays."""
    return render(request, "accounts/leave.html")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@confirmed_recently
def leave_for_good(request: PersonRequest) -> HttpResponse:
    """Second step, after the person has shown again who they are."""
    if request.method == "POST":
        services.erase_account(actor=request.user, person=request.user)
        logout(request, show_message=False)
        messages.success(
            request, _("Your account has been deleted. Thank you for having been here.")
        )
        return redirect("core:home")
    return render(request, "accounts/leave_for_good.html")
