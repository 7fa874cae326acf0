"""The list of issues, and raising one."""

from http import HTTPStatus

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.views import PersonRequest
from core.errors import DomainError
from core.rooms import ISSUES
from issues.forms import IssueForm
from issues.models import Stage
from issues.selectors import board
from issues.services import issues as acts


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


@require_http_methods(["GET", "HEAD", "POST"])
def raise_issue(request: PersonRequest) -> HttpResponse:
    """The form for a new issue."""
    form = IssueForm(request.POST or None, request.FILES or None, person=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            words = form.cleaned_data["photo_words"]
            issue = acts.raise_issue(
                actor=request.user,
                words=form.words(),
                key=form.cleaned_data["key"],
                photos=[(photo, words) for photo in form.cleaned_data["photos"]],
            )
        except (DomainError, ValidationError) as error:
            form.add_error(None, str(error) if isinstance(error, DomainError) else error.messages)
        else:
            return redirect("issues:detail", issue.pk)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "issues/raise.html", {"room": ISSUES, "form": form}, status=status)
