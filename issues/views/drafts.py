"""Drafts: the list of one's own, saving while one types, throwing away."""

from http import HTTPStatus
from uuid import UUID

from allauth.decorators import rate_limit
from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import time_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.views import PersonRequest
from core.errors import DomainError
from core.rooms import ISSUES
from issues.models import IssueDraft
from issues.selectors.drafts import draft_for, drafts_of
from issues.services import drafts as acts

# What a script sends has no photos; twelve fields of the longest text fit in twice.
MOST_BYTES = 500_000


@require_safe
def index(request: PersonRequest) -> HttpResponse:
    """My drafts."""
    context = {"room": ISSUES, "drafts": drafts_of(request.user)}
    return render(request, "issues/drafts.html", context)


@require_POST
@rate_limit(action="issue_draft")
def save(request: PersonRequest) -> HttpResponse:
    """Keeps what was typed: in silence for the script of the form, with a page for its button."""
    is_script = request.headers.get("Accept") == "application/json"
    if is_script and int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
        return JsonResponse(
            {"sentence": str(acts.TooLong())}, status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        )
    try:
        draft = save_as_draft(request)
    except acts.RaisedAlready as error:
        if not is_script:
            raise
        # A copy that arrives late is no fault: the script may forget it.
        return JsonResponse({"pk": None, "raised": str(error)})
    except DomainError as error:
        if not is_script:
            raise
        return JsonResponse({"sentence": str(error)}, status=error.status)
    if is_script:
        at = time_format(localtime(draft.saved_at), "H:i") if draft else ""
        return JsonResponse({"pk": draft.pk if draft else None, "saved_at": at})
    if draft is None:
        messages.info(request, _("There was nothing to keep yet."))
        return redirect("issues:raise")
    messages.success(
        request,
        _("Kept as a draft. Only you can see it. Photos are not kept: add them at the end."),
    )
    return redirect(f"{reverse('issues:raise')}?draft={draft.pk}")


def save_as_draft(request: PersonRequest) -> IssueDraft | None:
    """Keeps the fields of the form of a request.

    Raises:
        DomainError: the form has no key, or the draft is refused.
    """
    try:
        key = UUID(request.POST.get("key", ""))
    except ValueError as error:
        raise DomainError from error
    return acts.save_draft(actor=request.user, key=key, typed=request.POST.dict())


@require_POST
def discard(request: PersonRequest, pk: int) -> HttpResponse:
    """Throws a draft away."""
    acts.discard_draft(actor=request.user, draft=draft_for(request.user, pk))
    messages.success(request, _("The draft has been deleted."))
    return redirect("issues:drafts")
