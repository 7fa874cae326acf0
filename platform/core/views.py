"""Pages that belong to no room: home, health, errors, and rooms that are being furnished."""

from http import HTTPStatus

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django.views.generic import TemplateView

from core import health, rooms
from core.errors import DomainError

ONE_YEAR = 365 * 24 * 3600


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What needs me now; for guests, what this place is."""
    return render(request, "core/home.html", {"room": rooms.HOME, "doors": rooms.NAVIGATION[1:]})


@method_decorator(login_not_required, name="dispatch")
class RoomInPreparation(TemplateView):
    """The friendly page of a room that is not furnished yet: what it will be for, and where to go now."""

    template_name = "core/room_in_preparation.html"
    http_method_names = ["get", "head", "options"]
    room: rooms.Room = rooms.HOME  # each room passes itself to as_view()

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        return super().get_context_data(room=self.room, **kwargs)


@login_not_required
@require_POST
def text_size(request: HttpRequest) -> HttpResponse:
    """Remembers for a year how large the person wants to read, and returns to where they were."""
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(
        back, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        back = "/"
    response = HttpResponseRedirect(back)
    size = request.POST.get("size", "")
    if size not in settings.TEXT_SIZES:
        return bad_request(request)
    response.set_cookie(
        settings.TEXT_SIZE_COOKIE,
        size,
        max_age=ONE_YEAR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Is this process alive? Asks nothing of anybody else."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Are the database, Redis, a worker, beat and the outbox in order? 200 if all are, else 503."""
    findings = health.findings()
    ready = all(finding.ok for finding in findings.values())
    return JsonResponse(
        {
            "ready": ready,
            "checks": {
                name: {"ok": found.ok, "note": found.note} for name, found in findings.items()
            },
        },
        status=HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE,
    )


def _error_page(
    request: HttpRequest, status: HTTPStatus, *, title: str, advice: str
) -> HttpResponse:
    """An error page in the person's language; the status is in small print for whoever is asked for help."""
    context = {
        "title": title,
        "advice": advice,
        "status": int(status),
        "site_name": settings.SITE_NAME,
    }
    return render(request, "core/error.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the address or what was sent cannot be understood."""
    return _error_page(
        request,
        HTTPStatus.BAD_REQUEST,
        title=_("We could not read what was sent"),
        advice=_("Please go back, check the address or what you entered, and try again."),
    )


def unreadable_request(request: HttpRequest) -> HttpResponse:
    """400 for an address with characters that no address of ours can have."""
    return bad_request(request)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: signed in or not, this person may not do this."""
    return _error_page(
        request,
        HTTPStatus.FORBIDDEN,
        title=_("This is not open to you"),
        advice=_(
            "If you think that it should be, please ask an officer of your association or the city."
        ),
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form is too old or came from elsewhere."""
    return _error_page(
        request,
        HTTPStatus.FORBIDDEN,
        title=_("This form is no longer valid"),
        advice=_(
            "It was open for too long, or cookies are switched off. Please go back, reload the page and send it again."
        ),
    )


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: no such page, or none for this person."""
    return _error_page(
        request,
        HTTPStatus.NOT_FOUND,
        title=_("There is no such page"),
        advice=_(
            "It may have been moved or the address may be mistyped. Try the search, or start from Home."
        ),
    )


def body_too_large(request: HttpRequest) -> HttpResponse:
    """413: more than we take at once."""
    megabytes = settings.MAX_BODY_BYTES // (1024 * 1024)
    return _error_page(
        request,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        title=_("That is too large to send"),
        advice=_("Please send at most %(count)d MB at once, for example fewer or smaller pictures.")
        % {"count": megabytes},
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault. Needs neither the database nor the session."""
    return _error_page(
        request,
        HTTPStatus.INTERNAL_SERVER_ERROR,
        title=_("Something broke on our side"),
        advice=_(
            "What you had sent before is safe. Please try again in a minute; if it happens again, tell us the number below."
        ),
    )


def domain_error(request: HttpRequest, error: DomainError) -> HttpResponse:
    """The page for an act that could not be done, with the sentence that the service gave."""
    return _error_page(
        request,
        HTTPStatus(error.status),
        title=_("This did not work"),
        advice=str(error.sentence),
    )
