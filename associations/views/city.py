"""The city's view: numbers of every association, and codes with which officers take over their page."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.views import PersonRequest
from associations import rules, selectors, services
from associations.models import Association
from associations.selectors import city as figures
from associations.services import claims, codes
from associations.views import page
from core.errors import NotFound


@require_safe
def city(request: PersonRequest) -> HttpResponse:
    """The districts and their sums."""
    _ensure_works_for_the_city(request)
    found = figures.city_figures(after=request.GET.get("after", ""))
    return page(request, "city", page=found, district=None)


@require_safe
def district(request: PersonRequest, pk: int) -> HttpResponse:
    """The associations of a district."""
    _ensure_works_for_the_city(request)
    node, _above = selectors.node_with_above(pk)
    if node.kind not in {Association.Kind.DISTRICT, Association.Kind.CITY}:
        raise NotFound
    found = figures.district_figures(node, after=request.GET.get("after", ""))
    return page(request, "city", page=found, district=node)


@never_cache
@require_POST
def claim_code(request: PersonRequest, pk: int) -> HttpResponse:
    """A letter to an association with the code for its officers; shown once, printed."""
    _ensure_works_for_the_city(request)
    node, _above = selectors.node_with_above(pk)
    claim = services.make_claim_code(actor=request.user, association=node)
    return page(
        request,
        "claim_letter",
        claim=claim,
        code=codes.in_words(claim.code),
        address=settings.SITE_URL.rstrip("/") + reverse("associations:claim"),
        valid_days=claims.VALID_FOR.days,
    )


def _ensure_works_for_the_city(request: HttpRequest) -> None:
    if not rules.may_see_figures(request.user):
        raise NotFound
