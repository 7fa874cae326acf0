"""My household, my offices, my requests, and who looked at my name."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.views import PersonRequest
from associations import services
from associations.forms import PreferenceForm
from associations.selectors import mine as selectors
from associations.selectors.officers import term_for
from associations.views import form_page, page
from core.errors import NotFound
from core.times import tokyo_today


@require_safe
def mine(request: PersonRequest) -> HttpResponse:
    """Everything of this room that is mine."""
    return page(
        request,
        "mine",
        places=selectors.places_of(request.user),
        terms=selectors.my_terms(request.user),
        requests=selectors.my_requests(request.user),
        today=tokyo_today(),
    )


@require_safe
def looks(request: PersonRequest) -> HttpResponse:
    """Who looked at the names of my household."""
    found, following = selectors.looks_at(request.user, after=request.GET.get("after", ""))
    return page(request, "looks", looks=found, following=following)


@require_http_methods(["GET", "HEAD", "POST"])
def preference(request: PersonRequest, pk: int) -> HttpResponse:
    """How circulars reach my household."""
    place = selectors.my_place(request.user, pk)
    form = PreferenceForm(request.POST or None, initial={"preference": place.household.preference})
    if form.is_valid():
        services.say_preference(actor=request.user, household=place.household, **form.cleaned_data)
        messages.success(request, _("We will send circulars to your household like this."))
        return redirect("associations:mine")
    return form_page(
        request,
        form,
        title=_("How circulars reach your household"),
        button=_("Save"),
        back=reverse("associations:mine"),
        lead=_("This holds for the whole household."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: PersonRequest, pk: int) -> HttpResponse:
    """Leaving a household: first what happens, then the act."""
    place = selectors.my_place(request.user, pk)
    if request.method == "POST":
        services.leave_household(actor=request.user, member=place)
        messages.success(request, _("You have left the household."))
        return redirect("associations:mine")
    return page(request, "leave", place=place, days=settings.ASSOCIATIONS_FORGET_AFTER_DAYS)


@require_POST
def close_letter(request: PersonRequest, pk: int) -> HttpResponse:
    """That is all: the letter of my household opens nothing any more."""
    place = selectors.my_place(request.user, pk)
    services.close_letter(actor=request.user, household=place.household)
    messages.success(request, _("The letter opens nothing any more."))
    return redirect("associations:mine")


@require_http_methods(["GET", "HEAD", "POST"])
def answer_term(request: PersonRequest, pk: int) -> HttpResponse:
    """I was named for an office: yes or no."""
    term = term_for(pk)
    if term.person_id != request.user.pk or term.declined_at or term.ended_at:
        raise NotFound
    if request.method == "POST":
        if request.POST.get("answer") == "yes":
            services.accept_office(actor=request.user, term=term)
            messages.success(request, _("Thank you. The office is yours from the first day on."))
        else:
            services.decline_office(actor=request.user, term=term)
            messages.success(
                request, _("You have declined. Whoever named you can name somebody else.")
            )
        return redirect("associations:mine")
    return page(request, "answer_term", term=term)


@require_POST
def withdraw_request(request: PersonRequest, pk: int) -> HttpResponse:
    """I do not want to join any more."""
    services.withdraw_request(actor=request.user, request=selectors.my_request(request.user, pk))
    messages.success(request, _("Your request has been withdrawn."))
    return redirect("associations:mine")
