"""The page behind 「このメールを止める」 in a mail."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from core.rooms import NOTIFICATIONS
from notifications.services import unsubscribing


@login_not_required
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks, as mail programs look at every address; POST does it, pressed here or by the mail program itself.

    Neither needs a session: the address is signed and known to whoever has the mail.
    """
    asked = unsubscribing.read(token)
    again = request.POST.get("again") == "1"
    if request.method == "POST":
        act = unsubscribing.resume if again else unsubscribing.stop
        act(person=asked.person, category=asked.category)
    return render(
        request,
        "notifications/unsubscribe.html",
        {
            "room": NOTIFICATIONS,
            "stopped": request.method == "POST" and not again,
            "resumed": request.method == "POST" and again,
        },
    )
