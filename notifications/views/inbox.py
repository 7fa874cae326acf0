"""The inbox, and the small acts in it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.views import PersonRequest
from core.rooms import NOTIFICATIONS
from notifications import services
from notifications.rules import may_see_undelivered
from notifications.selectors import inbox


@never_cache
@require_safe
def index(request: PersonRequest) -> HttpResponse:
    """Everything that the person was told."""
    context = {
        "room": NOTIFICATIONS,
        "may_see_undelivered": may_see_undelivered(request.user),
        "page": inbox.page_of_inbox(request.user, after=request.GET.get("after", "")),
    }
    return render(request, "notifications/index.html", context)


@never_cache
@require_safe
def open_one(request: PersonRequest, pk: int) -> HttpResponse:
    """Leads to what a notification is about, and marks it as read."""
    notification, address = inbox.notification_for(request.user, pk)
    if request.method == "GET":
        services.mark_read(actor=request.user, notification=notification)
    return redirect(address)


@never_cache
@require_safe
def open_broadcast(request: PersonRequest, pk: int) -> HttpResponse:
    """Leads to what a broadcast is about, and leaves a receipt."""
    broadcast, address = inbox.broadcast_for(request.user, pk)
    if request.method == "GET":
        services.mark_broadcast_read(actor=request.user, broadcast=broadcast)
    return redirect(address)


@require_POST
def mark_all_read(request: PersonRequest) -> HttpResponse:
    """Is done with everything."""
    services.mark_all_read(actor=request.user)
    messages.success(request, _("Everything is marked as read."))
    return redirect("notifications:index")


@require_POST
def mute(request: PersonRequest, pk: int) -> HttpResponse:
    """Hears nothing more of the thing that a notification belongs to, or hears of it again."""
    row, _address = inbox.notification_for(request.user, pk)
    act = services.mute if request.POST.get("wanted") == "1" else services.unmute
    act(actor=request.user, within_type=row.within_type, within_id=row.within_id)
    if request.POST.get("wanted") == "1":
        messages.success(
            request,
            _("You will hear nothing more about this. You can change that here at any time."),
        )
    else:
        messages.success(request, _("You will hear about this again."))
    return redirect("notifications:index")
