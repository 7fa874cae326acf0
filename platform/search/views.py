"""The search page."""

from http import HTTPStatus
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.text import one_line
from search import kinds, queries, selectors
from search.ranking import Rank
from search.selectors import Order


@login_not_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What is found for ``q``, narrowed down to ``kind``, ``order``\\ ed, from the cursor ``after`` on.

    It takes any query and says plainly what is wrong with it; what it does not know it leaves out.
    """
    typed = one_line(request.GET.get("q", ""))
    context: dict[str, object] = {"typed": typed}
    try:
        query = queries.parse(typed)
    except queries.QueryTooLong as error:
        context |= {"typed": typed[: queries.LONGEST_QUERY], "error": error}
        return render(request, "search/index.html", context, status=HTTPStatus.BAD_REQUEST)
    kind = kinds.get(request.GET.get("kind", ""))
    order = Order.NEWEST if request.GET.get("order") == Order.NEWEST else Order.BEST
    after = Rank.read(request.GET.get("after", ""))
    if query.words:
        results = selectors.find(
            query, reader=kinds.keys_of(request.user), kind=kind, order=order, after=after
        )
        context["results"] = results
        context["links"] = _links(typed, kind, order, results)
    context |= {"query": query, "kind": kind, "order": order, "is_first_page": after is None}
    return render(request, "search/index.html", context)


def _links(
    typed: str, kind: kinds.Kind | None, order: Order, results: selectors.Results
) -> dict[str, object]:
    """The ways on from a page; a change of kind or order begins at the first page."""
    here = {"q": typed}
    if kind is not None:
        here["kind"] = kind.slug
    if order is not Order.BEST:
        here["order"] = order
    everything = {name: value for name, value in here.items() if name != "kind"}
    best = {name: value for name, value in here.items() if name != "order"}
    return {
        "first": "?" + urlencode(here),
        "next": "?" + urlencode(here | {"after": results.next}) if results.next else "",
        "all_kinds": "?" + urlencode(everything),
        "kinds": [
            (counted, "?" + urlencode(everything | {"kind": counted.kind.slug}))
            for counted in results.kinds
        ],
        "best": "?" + urlencode(best),
        "newest": "?" + urlencode(best | {"order": Order.NEWEST}),
    }
