"""Pages of the tree, open to everybody: which associations there are, and which one is mine."""

from http import HTTPStatus

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from associations import selectors
from core.rooms import ASSOCIATIONS
from core.text import one_line

LONGEST_QUERY = 100


@login_not_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The districts of the city, or what a search by town, name or postal code finds."""
    query = one_line(request.GET.get("q", ""))
    after = request.GET.get("after", "")
    context = {"room": ASSOCIATIONS, "query": query[:LONGEST_QUERY]}
    if len(query) > LONGEST_QUERY:
        context["error"] = _("Please search with at most %(count)d characters.") % {
            "count": LONGEST_QUERY
        }
        return render(request, "associations/index.html", context, status=HTTPStatus.BAD_REQUEST)
    context["page"] = (
        selectors.search(query, after=after) if query else selectors.districts(after=after)
    )
    return render(request, "associations/index.html", context)


@login_not_required
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The public facts of one association: nothing that names a person."""
    facts = selectors.public_facts(pk, after=request.GET.get("after", ""))
    context = {"room": ASSOCIATIONS, "facts": facts, "parts": selectors.parts_of(facts.node)}
    return render(request, "associations/detail.html", context)
