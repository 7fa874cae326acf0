"""Pages that belong to no room: home, health, and rooms that are being furnished."""

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
from core import home as home_page
from core.error_pages import bad_request

ONE_YEAR = 365 * 24 * 3600


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What needs me now; for guests, what this place is."""
    context: dict[str, object] = {"room": rooms.HOME, "doors": rooms.NAVIGATION[1:]}
    if request.user.is_authenticated:
        context |= {
            "place": home_page.place_of(request.user),
            "waiting": home_page.waiting_for(request.user),
            "nearby": home_page.nearby(request.user),
        }
    else:
        context["nearby"] = home_page.nearby(None)
    return render(request, "core/home.html", context)


@method_decorator(login_not_required, name="dispatch")
class RoomInPreparation(TemplateView):
    """The friendly page of a room that is not furnished yet: what it will be for, and where to go now."""

    template_name = "core/room_in_preparation.html"
    http_method_names = ["get", "head", "options"]
    room: rooms.Room = rooms.HOME  # each room passes itself to as_view()

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        return super().get_context_data(room=self.room, **kwargs)


@login_not_required
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement that a Japanese public body publishes."""
    paragraphs = [
        _(
            "This site is made so that everybody can use it: with large letters, with a keyboard alone, with a screen reader, on a small phone, and without JavaScript."
        ),
        _(
            "Our target is level AA of JIS X 8341-3:2016 and of WCAG 2.2, for every page. An automatic examination (axe-core) of every page is part of each release."
        ),
        _(
            "If you meet something that you cannot read or use, please tell the city. It will be mended, and you will get the information in another way."
        ),
    ]
    return render(
        request, "core/text_page.html", {"heading": _("Accessibility"), "paragraphs": paragraphs}
    )


@login_not_required
@require_safe
def opendata(request: HttpRequest) -> HttpResponse:
    """Where open data will be offered."""
    paragraphs = [
        _(
            "Public events and figures of this site will be offered here for everybody to use, in the form of the municipal standard open data sets."
        ),
    ]
    return render(
        request, "core/text_page.html", {"heading": _("Open data"), "paragraphs": paragraphs}
    )


@login_not_required
@require_safe
def api(request: HttpRequest) -> HttpResponse:
    """Where the programming interface will be described."""
    paragraphs = [
        _("Programs will be able to read the public part of this site here."),
    ]
    return render(
        request,
        "core/text_page.html",
        {"heading": _("For programs (API)"), "paragraphs": paragraphs},
    )


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
