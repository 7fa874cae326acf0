"""Writing an issue: raising it, changing it, and what helps while one writes."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from allauth.decorators import rate_limit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.views import PersonRequest
from core.errors import Conflict, DomainError, NotAllowed
from core.rooms import ISSUES
from issues import rules
from issues.forms import EditIssueForm, IssueForm
from issues.models import Issue
from issues.selectors.drafts import draft_for, drafts_of
from issues.selectors.issue import issue_for
from issues.selectors.places import places_of
from issues.selectors.similar import similar_to
from issues.selectors.versions import differences, history_of, words_now
from issues.services import issues as acts
from issues.views.drafts import save_as_draft
from issues.views.issue import number_in

LONGEST_QUERY = 200


@require_http_methods(["GET", "HEAD", "POST"])
def raise_issue(request: PersonRequest) -> HttpResponse:
    """The form for a new issue. Its smaller buttons look something up and keep what was typed as a draft."""
    look = request.POST.get("look", "")
    if request.method == "POST" and not look:
        return _raised(request)
    if look:
        draft = save_as_draft(request)
        if draft is not None:
            messages.info(request, _("What you typed has been kept as a draft, without photos."))
        form = IssueForm(initial=request.POST.dict(), person=request.user)
        return _raise_page(request, form, look=look)
    if "draft" in request.GET:
        draft = draft_for(request.user, number_in(request, "draft"))
        form = IssueForm(initial=draft.typed | {"key": draft.key}, person=request.user)
    else:
        title = request.GET.get("title", "")[:LONGEST_QUERY]
        form = IssueForm(initial={"title": title}, person=request.user)
    return _raise_page(request, form)


def _raised(request: PersonRequest) -> HttpResponse:
    form = IssueForm(request.POST, request.FILES, person=request.user)
    if form.is_valid():
        try:
            issue = acts.raise_issue(
                actor=request.user,
                words=form.words(),
                key=form.cleaned_data["key"],
                photos=form.added_photos(),
            )
        except (DomainError, ValidationError) as error:
            form.add_error(None, str(error) if isinstance(error, DomainError) else error.messages)
        else:
            return redirect("issues:detail", issue.pk)
    return _raise_page(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _raise_page(
    request: PersonRequest,
    form: IssueForm,
    *,
    look: str = "",
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    title = str(form["title"].value() or "")[:LONGEST_QUERY]
    context = {
        "room": ISSUES,
        "form": form,
        "drafts": [] if form.is_bound or look else drafts_of(request.user),
        "similar": similar_to(title, reader=request.user) if title else [],
        "looked": look == "similar",
        "photos_are_gone": bool(request.FILES),
    }
    return render(request, "issues/raise.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_issue(request: PersonRequest, pk: int) -> HttpResponse:
    """The form for other words; whoever comes second sees both versions and goes on from there."""
    issue = issue_for(pk)
    if not rules.may_edit_issue(request.user, issue):
        raise NotAllowed
    if request.method != "POST" or request.POST.get("look"):
        shown = EditIssueForm.of(issue) | request.POST.dict()
        form = EditIssueForm(initial=shown, issue=issue, person=request.user)
        return _edit_page(request, form, issue)
    form = EditIssueForm(request.POST, request.FILES, issue=issue, person=request.user)
    if not form.is_valid():
        return _edit_page(request, form, issue, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        acts.edit_issue(
            actor=request.user,
            issue=issue,
            words=form.words(),
            seen_version=form.cleaned_data["version"],
            photos=form.arrangement(),
        )
    except Conflict:
        return _conflict_page(request, pk)
    except (DomainError, ValidationError) as error:
        form.add_error(None, str(error) if isinstance(error, DomainError) else error.messages)
        return _edit_page(request, form, issue, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    messages.success(request, _("Your changes stand on the board."))
    return redirect("issues:detail", pk)


def _edit_page(
    request: PersonRequest,
    form: EditIssueForm,
    issue: Issue,
    *,
    status: HTTPStatus = HTTPStatus.OK,
    **context: object,
) -> HttpResponse:
    context |= {
        "room": ISSUES,
        "form": form,
        "issue": issue,
        "photos_are_gone": bool(request.FILES),
    }
    return render(request, "issues/edit.html", context, status=status)


def _conflict_page(request: PersonRequest, pk: int) -> HttpResponse:
    # Read again: the version that won has been written since this request began.
    issue = issue_for(pk)
    mine: Mapping[str, Any] = request.POST
    typed = request.POST.copy()
    typed["version"] = str(issue.version)
    form = EditIssueForm(typed, request.FILES, issue=issue, person=request.user)
    now = words_now(issue)
    own = now | {
        name: str(mine.get(name, "")).replace("\r\n", "\n").strip()
        for name in (
            "title",
            "question",
            "text",
            "tags",
            "wanted_skills",
            "wanted_by",
            "decided_by",
            "consequence",
        )
    }
    if form.is_valid():
        place = form.cleaned_data["place"]
        own |= {
            "category": form.cleaned_data["category"].name,
            "place": place.name if place else "",
        }
    return _edit_page(
        request, form, issue, status=HTTPStatus.CONFLICT, clashes=differences(now, own), clash=True
    )


@login_not_required
@require_safe
def versions(request: HttpRequest, pk: int) -> HttpResponse:
    """How an issue read before it was changed, for everybody who once supported it."""
    issue = issue_for(pk)
    context = {
        "room": ISSUES,
        "issue": issue,
        "history": history_of(issue, before=number_in(request, "before")),
    }
    return render(request, "issues/versions.html", context)


@require_safe
@rate_limit(action="similar_issues", limit_get=True)
def similar(request: PersonRequest) -> HttpResponse:
    """The box of similar issues, for the script beside the form; anybody else gets the whole page."""
    title = request.GET.get("title", "")[:LONGEST_QUERY]
    if request.headers.get("X-Part") != "similar":
        return redirect(f"{reverse('issues:raise')}?{urlencode({'title': title})}")
    context = {"similar": similar_to(title, reader=request.user)}
    return render(request, "issues/similar.html", context)


@require_safe
@rate_limit(action="places", limit_get=True)
def places(request: PersonRequest) -> HttpResponse:
    """The towns and associations of a postal code, for the script beside the list of places."""
    found = places_of(request.user, postal_code=request.GET.get("postal_code", "")[:20])
    return JsonResponse(
        {
            "postal_code": found.postal_code_in_words,
            "towns": list(found.towns),
            "places": [{"pk": pk, "name": name} for pk, name in found.found],
        }
    )
