"""Words that somebody has typed are never lost, whatever becomes of the sign-in."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse

from issues.models.thread import LONGEST_POST

_TYPED = "typed"
_KEPT = ("source", "seen_source", "answers", "quotes", "key", "words", "reason")

View = Callable[..., HttpResponse]


def keeps_what_was_typed(view: View) -> View:
    """For views with a form: a guest is asked to sign in and finds their words in the form afterwards.

    Most often it is somebody whose sign-in has ended while they wrote.
    """

    @login_not_required
    @wraps(view)
    def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if request.method == "POST":
            fields = {name: request.POST.get(name, "")[:LONGEST_POST] for name in _KEPT}
            request.session[_TYPED] = {"path": request.path, "fields": fields}
        return redirect_to_login(request.get_full_path())

    return door


def typed_before(request: HttpRequest) -> dict[str, str]:
    """What waits for the form at this address; it is given out once."""
    kept = request.session.get(_TYPED)
    if not kept or kept["path"] != request.path:
        return {}
    del request.session[_TYPED]
    return {name: text for name, text in kept["fields"].items() if text}
