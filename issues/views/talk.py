"""The acts of a talk. Each answers with the way back to the post, so that it works without JavaScript."""

from http import HTTPStatus
from typing import Any

import redis
from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.views import PersonRequest
from core.errors import Conflict, DomainError, NotAllowed, NotFound, TooMany
from core.rooms import ISSUES
from issues import rules
from issues.forms import EditPostForm, PostForm, ReasonForm, number_of
from issues.models import Issue, Post
from issues.selectors.issue import issue_for, post_of
from issues.selectors.mentions import suggested
from issues.selectors.thread import address_of, versions_of
from issues.services import talk
from issues.views.typed import keeps_what_was_typed, typed_before

VERSIONS_A_PAGE = 20
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
    return redirect(address_of(issue.pk, number))


@login_not_required
@require_safe
def permalink(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """To a post in its talk."""
    return redirect(address_of(pk, post_of(issue_for(pk), number).number))


@keeps_what_was_typed
@require_http_methods(["GET", "HEAD", "POST"])
def post(request: PersonRequest, pk: int) -> HttpResponse:
    """Says something; a refused text comes back with what is wrong with it."""
    issue = issue_for(pk)
    if request.method != "POST":
        typed = typed_before(request)
        if not typed:
            return redirect(f"{reverse('issues:detail', args=[pk])}#talk")
        messages.info(request, _("You are signed in. Your text is still here: please send it now."))
        return _say(request, issue, PostForm(initial=typed))
    form = PostForm(request.POST, request.FILES)
    if form.is_valid():
        answers, quotes = form.cleaned_data["answers"], form.cleaned_data["quotes"]
        try:
            if _rests(request, "post"):
                raise TooMany(TOO_OFTEN)
            made = talk.post(
                actor=request.user,
                thread=issue.thread,
                source=form.cleaned_data["source"],
                key=form.cleaned_data["key"],
                answers=post_of(issue, answers) if answers else None,
                quotes=post_of(issue, quotes) if quotes else None,
                photos=form.photos_with_words(),
            )
        except DomainError as error:
            form.add_error(None, str(error))
            return _say(request, issue, form, status=error.status)
        return _done(request, issue, made.number)
    return _say(request, issue, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)


@require_safe
def reply(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """The form for a reply."""
    return _answer(request, pk, number, "answers")


@require_safe
def quote(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """The form for a post that quotes another one."""
    return _answer(request, pk, number, "quotes")


@require_http_methods(["GET", "HEAD", "POST"])
def react(request: PersonRequest, pk: int, number: int) -> HttpResponse:
    """Sets or takes back a reaction."""
    issue = issue_for(pk)
    # Whoever comes here by signing in has lost the press on the way, but not the place.
    if request.method == "POST":
        if _rests(request, "react"):
            raise TooMany
        talk.react(
            actor=request.user,
            post=post_of(issue, number),
            kind=request.POST.get("kind", ""),
            wanted=request.POST.get("wanted") == "1",
        )
    return _done(request, issue, number)


@keeps_what_was_typed
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: PersonRequest, pk: int, number: int) -> HttpResponse:
    """The form for other words of one's own post. If they were changed elsewhere, both are shown."""
    issue = issue_for(pk)
    mine = post_of(issue, number)
    if not rules.may_change_post(request.user, mine):
        raise NotAllowed
    status = HTTPStatus.OK
    changed_elsewhere = None
    if request.method == "POST":
        form = EditPostForm(request.POST)
        if form.is_valid():
            try:
                if _rests(request, "edit_post"):
                    raise TooMany(TOO_OFTEN)
                talk.edit(actor=request.user, post=mine, **form.cleaned_data)
            except Conflict:
                changed_elsewhere = mine = post_of(issue, number)
                status = HTTPStatus.CONFLICT
                # Whoever saves now has seen both.
                form = EditPostForm(
                    initial={"source": form.cleaned_data["source"], "seen_source": mine.source}
                )
            except DomainError as error:
                form.add_error(None, str(error))
                status = HTTPStatus(error.status)
            else:
                return redirect(address_of(pk, number))
        else:
            status = HTTPStatus.UNPROCESSABLE_ENTITY
    else:
        seen = {"source": mine.source, "seen_source": mine.source}
        form = EditPostForm(initial=seen | typed_before(request))
    context: dict[str, Any] = {
        "changed_elsewhere": changed_elsewhere,
        "title": _("Change your post"),
        "button": _("Save"),
    }
    return _form_page(request, issue, form, number, status=status, **context)


@login_not_required
@require_safe
def versions(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """How a post read before its edits."""
    issue = issue_for(pk)
    found = post_of(issue, number)
    if not rules.may_read_versions(request.user, found):
        raise NotFound
    rows = versions_of(found, before=number_of(request.GET.get("before")), size=VERSIONS_A_PAGE)
    context = {
        "room": ISSUES,
        "issue": issue,
        "post": found,
        "versions": rows[:VERSIONS_A_PAGE],
        "earlier": rows[VERSIONS_A_PAGE - 1].pk if len(rows) > VERSIONS_A_PAGE else 0,
    }
    return render(request, "issues/post_versions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: PersonRequest, pk: int, number: int) -> HttpResponse:
    """Asks, then takes one's own post back."""
    issue = issue_for(pk)
    mine = post_of(issue, number)
    if not rules.may_change_post(request.user, mine):
        raise NotAllowed
    if request.method == "POST":
        talk.withdraw(actor=request.user, post=mine)
        messages.success(request, _("Your post has been deleted."))
        return redirect(address_of(pk, number))
    context: dict[str, Any] = {
        "about": mine,
        "title": _("Delete your post?"),
        "advice": _("Its place stays, without your words. This cannot be undone."),
        "button": pgettext("verb", "Delete"),
        "is_danger": True,
    }
    return _form_page(request, issue, None, number, **context)


@keeps_what_was_typed
@require_http_methods(["GET", "HEAD", "POST"])
def hide(request: PersonRequest, pk: int, number: int) -> HttpResponse:
    """The form for hiding a post with a reason."""
    issue = issue_for(pk)
    if not rules.may_moderate(request.user):
        raise NotAllowed
    found = post_of(issue, number)
    form = ReasonForm(request.POST or None, initial=typed_before(request))
    status = HTTPStatus.OK
    if request.method == "POST":
        if form.is_valid():
            talk.hide(actor=request.user, post=found, reason=form.cleaned_data["reason"])
            return redirect(address_of(pk, number))
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    context: dict[str, Any] = {"about": found, "title": _("Hide this post"), "button": _("Hide it")}
    return _form_page(request, issue, form, number, status=status, **context)


@require_http_methods(["GET", "HEAD", "POST"])
def show_again(request: PersonRequest, pk: int, number: int) -> HttpResponse:
    """Shows a hidden post again."""
    issue = issue_for(pk)
    if request.method == "POST":
        talk.show_again(actor=request.user, post=post_of(issue, number))
    return redirect(address_of(pk, number))


@require_POST
def read(request: PersonRequest, pk: int) -> HttpResponse:
    """The page tells up to which post it has been read; see ``static/js/reading.js``."""
    number = number_of(request.POST.get("number"))
    if not number:
        raise DomainError
    talk.mark_read(
        actor=request.user,
        thread=issue_for(pk).thread,
        number=number,
        since=number_of(request.POST.get("since")),
    )
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


@require_safe
def people(request: PersonRequest, pk: int) -> JsonResponse:
    """Names that a mark and some letters may mean; those who take part in this talk only."""
    typed = request.GET.get("q", "")[:50]
    names = suggested(issue_for(pk).thread, typed, reader=request.user)
    return JsonResponse({"names": list(names)})


def _answer(request: HttpRequest, pk: int, number: int, field: str) -> HttpResponse:
    issue = issue_for(pk)
    other = post_of(issue, number)
    if not rules.may_post(request.user, issue.thread):
        raise NotAllowed(_("This discussion is closed. You can still read it."))
    if not other.is_shown:
        raise NotFound
    return _say(request, issue, PostForm(initial={field: other.number}))


def _say(
    request: HttpRequest, issue: Issue, form: PostForm, *, status: int = HTTPStatus.OK
) -> HttpResponse:
    """The form for a post on its own page, with what it answers or quotes before the eyes."""
    answered = _named(issue, form["answers"].value())
    quoted = _named(issue, form["quotes"].value())
    context = {
        "room": ISSUES,
        "issue": issue,
        "form": form,
        "answered": answered,
        "quoted": quoted,
        "title": _("Reply") if answered else _("Quote") if quoted else _("Your thoughts"),
        "photos_are_lost": bool(form.is_bound and form.files),
    }
    return render(request, "issues/say.html", context, status=status)


def _named(issue: Issue, number: object) -> Post | None:
    try:
        return post_of(issue, number_of(number))
    except NotFound:
        return None


def _form_page(
    request: HttpRequest,
    issue: Issue,
    form: object,
    number: int,
    *,
    status: int = HTTPStatus.OK,
    **context: Any,
) -> HttpResponse:
    common = {
        "room": ISSUES,
        "issue": issue,
        "form": form,
        "back": address_of(issue.pk, number),
    }
    return render(request, "issues/form.html", common | context, status=status)
