"""The page of an issue, and the small steps of taking part in it."""

from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.views import PersonRequest
from core.errors import NotAllowed
from core.rooms import ISSUES
from issues import rules
from issues.forms import OfficialAnswerForm, PostForm, SkillForm, StageForm
from issues.selectors.issue import issue_for, page_of, photo_for
from issues.selectors.thread import patterns_for, talk_of
from issues.services import issues as acts
from issues.services import parts
from issues.services.talk import mark_read


def number_in(request: HttpRequest, name: str) -> int:
    """A number of the address, 0 if it is none."""
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


@login_not_required
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """An issue and its talk."""
    issue = issue_for(pk)
    reader = request.user if isinstance(request.user, User) else None
    talk = talk_of(
        issue.thread,
        reader=reader,
        before=number_in(request, "before"),
        after=number_in(request, "after"),
    )
    if reader is not None and talk.posts:
        mark_read(actor=reader, thread=issue.thread, number=talk.posts[-1].post.number)
    context = {
        "room": ISSUES,
        "page": page_of(issue, reader=reader),
        "talk": talk,
        "patterns": patterns_for(reader),
        "form": PostForm(initial={"answers": number_in(request, "answers") or None}),
        "may_post": rules.may_post(request.user, issue.thread),
        "may_moderate": rules.may_moderate(request.user),
        "may_edit": rules.may_edit_issue(request.user, issue),
        "may_change_stage": rules.may_change_stage(request.user, issue),
        "may_answer_officially": rules.may_answer_officially(request.user),
    }
    return render(request, "issues/detail.html", context)


@login_not_required
@require_safe
def photo(request: HttpRequest, pk: int) -> FileResponse:
    """A photo of an issue; everybody may read issues, so everybody may see it."""
    found = photo_for(pk)
    stored = found.picture if request.GET.get("large") == "1" else found.thumbnail
    response = FileResponse(stored.open("rb"), content_type="image/jpeg")
    # A photo never changes under its key.
    response["Cache-Control"] = "public, max-age=604800, immutable"
    return response


@require_POST
def support(request: PersonRequest, pk: int) -> HttpResponse:
    """Me too, or no longer."""
    parts.support(actor=request.user, issue=issue_for(pk), wanted=request.POST.get("wanted") == "1")
    return redirect("issues:detail", pk)


@require_POST
def follow(request: PersonRequest, pk: int) -> HttpResponse:
    """Follow, or stop."""
    parts.follow(actor=request.user, issue=issue_for(pk), wanted=request.POST.get("wanted") == "1")
    return redirect("issues:detail", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def offer_skill(request: PersonRequest, pk: int) -> HttpResponse:
    """The form for offering what one is good at."""
    issue = issue_for(pk)
    form = SkillForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        parts.offer_skill(actor=request.user, issue=issue, words=form.cleaned_data["words"])
        messages.success(request, _("Thank you. Your offer stands on the page of the issue."))
        return redirect("issues:detail", pk)
    return _form_page(request, form, issue=issue, title=_("Offer a skill"), button=_("Offer it"))


@require_http_methods(["GET", "HEAD", "POST"])
def change_stage(request: PersonRequest, pk: int) -> HttpResponse:
    """The form for moving an issue on."""
    issue = issue_for(pk)
    if not rules.may_change_stage(request.user, issue):
        raise NotAllowed
    form = StageForm(request.POST or None, issue=issue)
    if request.method == "POST" and form.is_valid():
        acts.change_stage(actor=request.user, issue=issue, **form.cleaned_data)
        messages.success(request, _("The stage has been changed."))
        return redirect("issues:detail", pk)
    return _form_page(
        request, form, issue=issue, title=_("Change the stage"), button=_("Change it")
    )


@require_http_methods(["GET", "HEAD", "POST"])
def answer_officially(request: PersonRequest, pk: int) -> HttpResponse:
    """The form for the official answer, or for the promise of one."""
    issue = issue_for(pk)
    if not rules.may_answer_officially(request.user):
        raise NotAllowed
    promised = page_of(issue, reader=None).promised
    initial = {"body": promised.body, "due_on": promised.due_on} if promised else {}
    form = OfficialAnswerForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        body, text, due_on = (form.cleaned_data[name] for name in ("body", "text", "due_on"))
        if text:
            acts.answer_officially(
                actor=request.user, issue=issue, body=body, text=text, promised=promised
            )
        else:
            acts.promise_answer(actor=request.user, issue=issue, body=body, due_on=due_on)
        return redirect("issues:detail", pk)
    return _form_page(request, form, issue=issue, title=_("Official answer"), button=_("Publish"))


def _form_page(request: HttpRequest, form: object, **context: object) -> HttpResponse:
    refused = bool(getattr(form, "errors", None))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK
    return render(
        request, "issues/form.html", {"room": ISSUES, "form": form} | context, status=status
    )
