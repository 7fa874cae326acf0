"""A person's saved filters."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.views import PersonRequest
from core.errors import DomainError
from core.rooms import ISSUES
from issues.forms import SavedFilterForm
from issues.selectors.filters import Wanted, filters_from
from issues.selectors.saved import filters_of, saved_filter_for, saved_filters_of
from issues.services import saved as acts
from issues.views.panel import Place, chosen, with_query


@require_safe
def index(request: PersonRequest) -> HttpResponse:
    """What I keep."""
    mine = [
        (one, with_query(reverse("issues:index"), filters_of(one).query()))
        for one in saved_filters_of(request.user)
    ]
    return render(request, "issues/saved.html", {"room": ISSUES, "mine": mine})


@require_http_methods(["GET", "HEAD", "POST"])
def save(request: PersonRequest) -> HttpResponse:
    """Keeps the filters of the address under a name."""
    filters = filters_from(request.GET)
    wanted = Wanted(filters, reader=request.user)
    words = [choice.label for choice in chosen(wanted, Place(reverse("issues:index")))]
    form = SavedFilterForm(
        request.POST or None, initial={"name": " ".join(words)[:40], "tells": True}
    )
    if request.method == "POST" and form.is_valid():
        try:
            acts.save_filter(actor=request.user, filters=filters, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved. You find it here from now on."))
            return redirect("issues:saved")
    return _form_page(
        request,
        form,
        words,
        with_query(reverse("issues:index"), filters.query()),
        narrows=filters.narrows,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: PersonRequest, pk: int) -> HttpResponse:
    """Another name, or whether I want to hear of new issues."""
    mine = saved_filter_for(request.user, pk)
    filters = filters_of(mine)
    form = SavedFilterForm(request.POST or None, initial={"name": mine.name, "tells": mine.tells})
    if request.method == "POST" and form.is_valid():
        try:
            acts.change_saved_filter(actor=request.user, saved=mine, **form.cleaned_data)
        except DomainError as error:
            form.add_error("name", str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("issues:saved")
    wanted = Wanted(filters, reader=request.user)
    words = [choice.label for choice in chosen(wanted, Place(reverse("issues:index")))]
    return _form_page(request, form, words, reverse("issues:saved"), narrows=True)


@require_POST
def delete(request: PersonRequest, pk: int) -> HttpResponse:
    """Forgets a list."""
    acts.delete_saved_filter(actor=request.user, saved=saved_filter_for(request.user, pk))
    messages.success(request, _("Deleted."))
    return redirect("issues:saved")


def _form_page(
    request: PersonRequest, form: SavedFilterForm, words: list[str], back: str, *, narrows: bool
) -> HttpResponse:
    context = {"room": ISSUES, "form": form, "words": words, "back": back, "narrows": narrows}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "issues/save_filter.html", context, status=status)
