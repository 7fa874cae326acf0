"""What could not be delivered: for those who look after the house."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.views import PersonRequest
from core.errors import NotFound
from core.rooms import NOTIFICATIONS
from notifications import rules
from notifications.selectors import undelivered
from notifications.services import outbox


def _let_in(request: HttpRequest) -> None:
    if not rules.may_see_undelivered(request.user):
        raise NotFound


@never_cache
@require_safe
def index(request: PersonRequest) -> HttpResponse:
    """Deliveries that were given up or are unclear, the newest first."""
    _let_in(request)
    page = undelivered.page_of_undelivered(after=request.GET.get("after", ""))
    return render(request, "notifications/undelivered.html", {"room": NOTIFICATIONS, "page": page})


@require_POST
def try_again(request: PersonRequest, pk: int) -> HttpResponse:
    """Sends one of them once more."""
    _let_in(request)
    outbox.try_again(actor=request.user, delivery=undelivered.delivery_for(pk))
    messages.success(request, _("It will be sent once more."))
    return redirect("notifications:undelivered")
