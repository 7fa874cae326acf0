"""The addresses of the house, and beside them the board as one would write it first: ORM objects in plain templates."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path, reverse

from config.urls import handler400, handler403, handler404, handler500  # noqa: F401
from core.rooms import ISSUES
from issues.forms import PostForm
from issues.models import Issue
from issues.selectors import board
from issues.selectors.filters import Filters, Wanted
from issues.selectors.issue import issue_for, page_of
from issues.selectors.thread import talk_of
from issues.views.panel import Place, _panel, panel_for


@login_not_required
def index(request: HttpRequest) -> HttpResponse:
    """The same list: related objects loaded with it, one template included for each."""
    # Nothing is kept from one view to the next.
    _panel.cache_clear()
    wanted = Wanted(Filters(), reader=None)
    issues = (
        Issue.objects.select_related("category", "place", "author", "thread")
        .prefetch_related("tags")  # type: ignore[misc]  # taggit has no types
        .order_by("-active_at", "-pk")[: board.PAGE_SIZE]
    )
    context = {
        "room": ISSUES,
        "wanted": wanted,
        "page": board.Page([], ""),
        "cards": issues,
        "panel": panel_for(wanted, Place(reverse("issues:index"))),
    }
    return render(request, "plain/index.html", context)


@login_not_required
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The same issue with its whole talk on one page."""
    issue = issue_for(pk)
    context = {
        "room": ISSUES,
        "page": page_of(issue, reader=None),
        "talk": talk_of(issue.thread, reader=None, size=1_000_000),
        "form": PostForm(),
    }
    return render(request, "issues/detail.html", context)


urlpatterns = [
    path("plain/issues/", index),
    path("plain/issues/<int:pk>/", detail),
    path("", include("config.urls")),
]
