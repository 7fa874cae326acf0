"""The list of issues."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.rooms import ISSUES
from issues.models import Stage
from issues.selectors import board


@login_not_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The board."""
    filters = board.filters_from(request.GET)
    context = {
        "room": ISSUES,
        "filters": filters,
        "page": board.page_of_issues(filters, after=request.GET.get("after", "")),
        "categories": board.categories(),
        "stages": Stage.choices,
    }
    return render(request, "issues/index.html", context)
