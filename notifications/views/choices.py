"""The pages on which people choose how they are told, and see what became of it."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.views import PersonRequest
from core.rooms import NOTIFICATIONS
from notifications import kinds, services
from notifications.forms import ChoiceForm
from notifications.selectors import choices, inbox
from notifications.selectors import why as reasons


@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: PersonRequest) -> HttpResponse:
    """Which ways for what, and when."""
    form = ChoiceForm(request.POST or None, person=request.user)
    if request.method == "POST" and form.is_valid():
        services.choose(actor=request.user, wanted=form.wanted(), rhythm=form.rhythm())
        messages.success(request, _("We will tell you like this from now on."))
        return redirect("notifications:choices")
    context = {
        "room": NOTIFICATIONS,
        "form": form,
        "muted": choices.muted_by(request.user),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "notifications/choices.html", context, status=status)


@require_POST
def end_mute(request: PersonRequest, pk: int) -> HttpResponse:
    """Hears of a thing again."""
    services.end_mute(actor=request.user, pk=pk)
    messages.success(request, _("You will hear about this again."))
    return redirect("notifications:choices")


@require_safe
def forecast(request: PersonRequest) -> HttpResponse:
    """Would it reach me?"""
    context = {"room": NOTIFICATIONS, "forecasts": reasons.forecasts_for(request.user)}
    return render(request, "notifications/forecast.html", context)


@require_safe
def why(request: PersonRequest, pk: int) -> HttpResponse:
    """Why did it come, or not?"""
    row, address = inbox.notification_for(request.user, pk)
    item = inbox.item_of(request.user, row)
    context = {
        "room": NOTIFICATIONS,
        "item": item,
        "address": address,
        "kind": kinds.get(row.kind),
        "story": reasons.story_of(row),
    }
    return render(request, "notifications/why.html", context)
