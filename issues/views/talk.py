"""The acts of a talk. Each answers with the way back to the post, so that it works without JavaScript."""

from http import HTTPStatus

import redis
from allauth.core import ratelimit
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts.views import PersonRequest
from core.errors import DomainError, NotAllowed, TooMany
from core.rooms import ISSUES
from issues import rules
from issues.forms import EditPostForm, PostForm, ReasonForm
from issues.models import Issue
from issues.selectors.issue import issue_for, post_of
from issues.services import talk

TOO_OFTEN = gettext_lazy(
    "You have posted very often in a short time. Your words are still here: please wait a minute, then send them again."
)


def _rests(request: PersonRequest, act: str) -> bool:
    """Has this person done this more often than anybody does who talks? See ``ACCOUNT_RATE_LIMITS``.

    Without Redis nobody counts, and the talk goes on: it is the database that keeps what is said.
    """
    try:
        return not ratelimit.consume(request, action=act, user=request.user)
    except redis.RedisError:
        return False


def _done(request: HttpRequest, issue: Issue, number: int) -> HttpResponse:
    """The way back to the post; for a page that stays where it is (static/js/talk.js) only its number."""
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"post": number})
    return _back_to(issue, number)


def _back_to(issue: Issue, number: int) -> HttpResponse:
    address = reverse("issues:detail", args=[issue.pk])
    return redirect(
        f"{address}?after={max(number - 5, 0)}#p{number}" if number > 50 else f"{address}#p{number}"
    )


@require_http_methods(["POST"])
def post(request: PersonRequest, pk: int) -> HttpResponse:
    """Says something; a refused text comes back with what is wrong with it."""
    issue = issue_for(pk)
    form = PostForm(request.POST)
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    if form.is_valid() and _rests(request, "post"):
        status = HTTPStatus.TOO_MANY_REQUESTS
        form.add_error("source", TOO_OFTEN)
    if not form.is_valid():
        context = {
            "room": ISSUES,
            "issue": issue,
            "form": form,
            "title": _("Your thoughts"),
            "button": _("Post"),
        }
        return render(request, "issues/form.html", context, status=status)
    answers = form.cleaned_data["answers"]
    made = talk.post(
        actor=request.user,
        thread=issue.thread,
        source=form.cleaned_data["source"],
        key=form.cleaned_data["key"],
        answers=post_of(issue, answers) if answers else None,
    )
    return _done(request, issue, made.number)


@require_POST
def mark_read(request: PersonRequest, pk: int) -> HttpResponse:
    """Up to where somebody has read on a page that stayed open; the page says it when it is left."""
    issue = issue_for(pk)
    number = request.POST.get("number", "")
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        raise DomainError
    read = min(int(number), issue.thread.post_count)
    talk.mark_read(actor=request.user, thread=issue.thread, number=read)
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


@require_http_methods(["GET", "HEAD"])
def reply(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """The form for a reply."""
    issue = issue_for(pk)
    answered = post_of(issue, number)
    if not rules.may_post(request.user, issue.thread):
        raise NotAllowed
    context = {
        "room": ISSUES,
        "issue": issue,
        "answered": answered,
        "form": PostForm(initial={"answers": number}),
        "action": reverse("issues:post", args=[pk]),
        "title": _("Reply"),
        "button": _("Post"),
    }
    return render(request, "issues/form.html", context)


@require_POST
def react(request: PersonRequest, pk: int, number: int) -> HttpResponse:
    """Sets or takes back a reaction."""
    issue = issue_for(pk)
    if _rests(request, "react"):
        raise TooMany
    talk.react(
        actor=request.user,
        post=post_of(issue, number),
        kind=request.POST.get("kind", ""),
        wanted=request.POST.get("wanted") == "1",
    )
    return _done(request, issue, number)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: PersonRequest, pk: int, number: int) -> HttpResponse:
    """The form for other words of one's own post."""
    issue = issue_for(pk)
    mine = post_of(issue, number)
    if not rules.may_change_post(request.user, mine):
        raise NotAllowed
    form = EditPostForm(
        request.POST or None, initial={"source": mine.source, "seen_source": mine.source}
    )
    refused = HTTPStatus.UNPROCESSABLE_ENTITY
    if request.method == "POST" and form.is_valid() and _rests(request, "edit_post"):
        refused = HTTPStatus.TOO_MANY_REQUESTS
        form.add_error("source", TOO_OFTEN)
    if request.method == "POST" and form.is_valid():
        # Browsers send line breaks as CR LF; the text that was seen had LF.
        seen = form.cleaned_data["seen_source"].replace("\r\n", "\n")
        source = form.cleaned_data["source"].replace("\r\n", "\n")
        talk.edit(actor=request.user, post=mine, source=source, seen_source=seen)
        return _back_to(issue, number)
    context = {
        "room": ISSUES,
        "issue": issue,
        "form": form,
        "title": _("Change your post"),
        "button": _("Save"),
    }
    status = refused if form.errors else HTTPStatus.OK
    return render(request, "issues/form.html", context, status=status)


@require_POST
def withdraw(request: PersonRequest, pk: int, number: int) -> HttpResponse:
    """Takes one's own post back."""
    issue = issue_for(pk)
    talk.withdraw(actor=request.user, post=post_of(issue, number))
    messages.success(request, _("Your post has been deleted."))
    return _back_to(issue, number)


@require_http_methods(["GET", "HEAD", "POST"])
def hide(request: PersonRequest, pk: int, number: int) -> HttpResponse:
    """The form for hiding a post with a reason."""
    issue = issue_for(pk)
    if not rules.may_moderate(request.user):
        raise NotAllowed
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        talk.hide(
            actor=request.user, post=post_of(issue, number), reason=form.cleaned_data["reason"]
        )
        return _back_to(issue, number)
    context = {
        "room": ISSUES,
        "issue": issue,
        "answered": post_of(issue, number),
        "form": form,
        "title": _("Hide this post"),
        "button": _("Hide it"),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "issues/form.html", context, status=status)


@require_POST
def show_again(request: PersonRequest, pk: int, number: int) -> HttpResponse:
    """Shows a hidden post again."""
    issue = issue_for(pk)
    talk.show_again(actor=request.user, post=post_of(issue, number))
    return _back_to(issue, number)
