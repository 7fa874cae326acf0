"""Lists of issues: the board, a page for each tag and place, and the way to one's own district."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.models import User
from associations import selectors as associations
from associations.models import Association
from core.errors import NotFound
from core.rooms import ISSUES
from core.text import one_line
from issues.selectors import tags as tag_selectors
from issues.selectors.board import page_of_issues
from issues.selectors.filters import Filters, Wanted, filters_from
from issues.views.cards import as_html
from issues.views.panel import Place, panel_for, with_query

LONGEST_QUERY = 100


def reader_of(request: HttpRequest) -> User | None:
    """Who reads, ``None`` for a guest."""
    return request.user if isinstance(request.user, User) else None


@login_not_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The board."""
    return _list(request, filters_from(request.GET), Place(reverse("issues:index")))


@login_not_required
@require_safe
def tag(request: HttpRequest, slug: str) -> HttpResponse:
    """The issues with a tag; another spelling leads to the same page."""
    found = tag_selectors.tag_for(slug)
    path = reverse("issues:tag", args=[found.slug])
    if slug != found.slug:
        return redirect(with_query(path, request.GET.dict()), permanent=True)
    query = request.GET.dict() | {"tag": found.name}
    return _list(request, filters_from(query), Place(path, fixed="tag"), tag=found)


@login_not_required
@require_safe
def place(request: HttpRequest, pk: int) -> HttpResponse:
    """The issues of an association and of all below it."""
    if not Association.objects.filter(pk=pk, is_active=True).exists():
        raise NotFound
    path = reverse("issues:place", args=[pk])
    query = request.GET.dict() | {"place": str(pk)}
    return _list(request, filters_from(query), Place(path, fixed="place"), is_place=True)


@login_not_required
@require_safe
def tags(request: HttpRequest) -> HttpResponse:
    """All tags, the most used first."""
    page = tag_selectors.page_of_tags(after=request.GET.get("after", ""))
    return render(request, "issues/tags.html", {"room": ISSUES, "page": page})


@login_not_required
@require_safe
def near(request: HttpRequest) -> HttpResponse:
    """Leads to the issues of one's own district; whoever has none here chooses one, by name or postal code."""
    reader = reader_of(request)
    filters = filters_from(request.GET)
    chooses = request.GET.get("choose") == "1" or "q" in request.GET
    home = associations.home_of(reader) if reader is not None and not chooses else None
    nearest = (home.district or home.association) if home is not None else None
    if nearest is not None:
        query = filters.query() | {"place": str(nearest.pk)}
        return redirect(with_query(reverse("issues:index"), query))
    typed = one_line(request.GET.get("q", ""))[:LONGEST_QUERY]
    after = request.GET.get("after", "")
    page = associations.search(typed, after=after) if typed else associations.districts(after=after)
    kept = filters.query()
    context = {
        "room": ISSUES,
        "query": typed,
        "kept": {name: value for name, value in kept.items() if name != "place"},
        "page": page,
        "places": [
            (branch, with_query(reverse("issues:index"), kept | {"place": str(branch.node.pk)}))
            for branch in page.branches
        ],
    }
    return render(request, "issues/near.html", context)


def _list(request: HttpRequest, filters: Filters, where: Place, **more: object) -> HttpResponse:
    wanted = Wanted(filters, reader=reader_of(request))
    page = page_of_issues(wanted, after=request.GET.get("after", ""))
    context = {
        "room": ISSUES,
        "wanted": wanted,
        "page": page,
        "cards": as_html(page.issues),
        "panel": panel_for(wanted, where),
        "says_no_skills": (
            filters.skills
            and not page.issues
            and wanted.reader is not None
            and not wanted.reader.person_skills.exists()
        ),
    }
    return render(request, "issues/index.html", context | more)
