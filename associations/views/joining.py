"""Joining: by the letter in three screens, by passcode or address with an officer's approval, and claiming."""

from typing import Any

from allauth.account.utils import perform_login
from allauth.core.internal import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.views import PersonRequest
from associations import rules, selectors, services
from associations.forms import (
    AddressForm,
    ClaimForm,
    CodeForm,
    NewMemberForm,
    RequestForm,
    WishesForm,
)
from associations.models import Association, JoinRequest, Office
from associations.selectors import officers
from associations.selectors.joining import suggested
from associations.selectors.mine import places_of
from associations.services import claims, letters, newcomers, requests
from associations.views import form_page, page
from core.errors import Conflict, DomainError, NotFound, TooMany
from core.times import tokyo_today

LETTER, JOINED, PASSCODE, CLAIM = (
    f"associations.{name}" for name in ("letter", "joined", "passcode", "claim")
)
STEPS = 3


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """First screen: the code. Whoever scans the letter's QR code has entered it already."""
    scanned = request.GET.get("c", "") if request.method == "GET" else ""
    data: Any = {"code": scanned} if scanned else request.POST or None
    form = CodeForm(data)
    if form.is_valid():
        typed = form.cleaned_data["code"]
        refuse_guessers(request)
        association = requests.association_of_passcode(typed)
        if association is not None:
            request.session[PASSCODE] = association.pk
            return redirect("associations:ask", association.pk)
        try:
            request.session[LETTER] = letters.find_letter(typed).pk
        except NotFound as error:
            count_guess(request)
            form.add_error("code", str(error))
        else:
            return redirect("associations:join_account")
    return form_page(
        request,
        form,
        title=_("Join with your letter"),
        button=_("Next"),
        back=reverse("associations:index"),
        lead=_("Please enter the code that stands in large letters in your letter."),
        step=1,
        steps=STEPS,
        others=[
            (reverse("associations:join_address"), _("I have no letter")),
            (reverse("associations:claim"), _("I am an officer and have a code from the city")),
        ],
    )


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join_account(request: HttpRequest) -> HttpResponse:
    """Second screen: who are you? An account is made on the way; whoever has one signs in instead."""
    if LETTER not in request.session:
        return redirect("associations:join")
    try:
        letter = letters.letter_in_hand(request.session[LETTER])
    except NotFound as error:
        del request.session[LETTER]
        messages.error(request, str(error))
        return redirect("associations:join")
    person = request.user if isinstance(request.user, User) else None
    form = NewMemberForm(request.POST or None, with_account=person is None)
    if form.is_valid():
        try:
            if person is None:
                ensure_may_sign_up(request)
                person = newcomers.join_as_newcomer(letter=letter, **form.cleaned_data)
                let_in(request, person)
            else:
                services.join_by_letter(actor=person, letter=letter, **form.cleaned_data)
        except ValidationError as error:
            form.add_error("username", error)
        except Conflict as error:
            form.add_error(None, str(error))
        else:
            request.session.pop(LETTER, None)
            request.session[JOINED] = letter.household_id
            return redirect("associations:join_wishes")
    _node, above = selectors.node_with_above(letter.household.block_id)
    return form_page(
        request,
        form,
        title=_("Join your household"),
        button=_("Next"),
        back=reverse("associations:join"),
        step=2,
        steps=STEPS,
        household=letter.household,
        association=next((n for n in above if n.kind == Association.Kind.ASSOCIATION), None),
        sign_in_first=person is None,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def join_wishes(request: PersonRequest) -> HttpResponse:
    """Third screen: how circulars arrive, and whether that is all."""
    place = next(
        (
            place
            for place in places_of(request.user)
            if place.household.pk == request.session.get(JOINED)
        ),
        None,
    )
    if place is None:
        return redirect("associations:mine")
    form = WishesForm(request.POST or None)
    if form.is_valid():
        services.say_preference(
            actor=request.user,
            household=place.household,
            preference=form.cleaned_data["preference"],
        )
        if form.cleaned_data["that_is_all"]:
            services.close_letter(actor=request.user, household=place.household)
        del request.session[JOINED]
        messages.success(request, _("You have joined. Welcome!"))
        return redirect("associations:mine")
    return form_page(
        request,
        form,
        title=_("Almost done"),
        button=_("Finish joining"),
        back=reverse("associations:mine"),
        step=3,
        steps=STEPS,
        household=place.household,
        association=place.association,
    )


@login_not_required
@require_safe
def join_address(request: HttpRequest) -> HttpResponse:
    """Which association is mine? The postal code and the town say it."""
    asked = "postal_code" in request.GET or "town" in request.GET
    form = AddressForm(request.GET if asked else None)
    found = suggested(**form.cleaned_data) if asked and form.is_valid() else None
    return page(request, "join_address", form=form, found=found)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Asking the officers of an association to be let in."""
    association, _above = selectors.node_with_above(pk)
    if association.kind != Association.Kind.ASSOCIATION:
        raise NotFound
    person = request.user if isinstance(request.user, User) else None
    with_passcode = request.session.get(PASSCODE) == pk
    source = JoinRequest.Source.PASSCODE if with_passcode else JoinRequest.Source.ADDRESS
    form = RequestForm(request.POST or None, with_account=person is None)
    if form.is_valid():
        try:
            if person is None:
                ensure_may_sign_up(request)
                person = newcomers.ask_as_newcomer(
                    association=association, source=source, **form.cleaned_data
                )
                let_in(request, person)
            else:
                if not _allowed(request, "ask_to_join"):
                    raise TooMany
                services.ask_to_join(
                    actor=person, association=association, source=source, **form.cleaned_data
                )
        except ValidationError as error:
            form.add_error(None, error)
        except Conflict as error:
            form.add_error(None, str(error))
        else:
            request.session.pop(PASSCODE, None)
            messages.success(request, _("Your request has been sent. An officer will look at it."))
            return redirect("associations:mine")
    return form_page(
        request,
        form,
        title=_("Ask to join"),
        button=_("Send the request"),
        back=reverse("associations:detail", args=[pk]),
        node=association,
        lead=_("An officer of the association reads this and lets you in."),
        warning=""
        if rules.senders_at(association)
        else _("This association has no officers here yet. Your request waits until it has."),
        sign_in_first=person is None,
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: PersonRequest) -> HttpResponse:
    """An officer enters the code that the city gave to the association."""
    form = CodeForm(request.POST or None, label=_("Code from the city"))
    if form.is_valid():
        refuse_guessers(request)
        try:
            request.session[CLAIM] = claims.find_claim(form.cleaned_data["code"]).pk
        except NotFound as error:
            count_guess(request)
            form.add_error("code", str(error))
        else:
            return redirect("associations:claim_office")
    return form_page(
        request,
        form,
        title=_("Take over the page of your association"),
        button=_("Next"),
        back=reverse("associations:index"),
        lead=_("Please enter the code that the city gave to your association."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def claim_office(request: PersonRequest) -> HttpResponse:
    """Which office, and until when."""
    try:
        found = claims.claim_in_hand(request.session.get(CLAIM) or 0)
    except NotFound:
        return redirect("associations:claim")
    form = ClaimForm(
        request.POST or None, initial={"last_day": officers.next_last_day(tokyo_today())}
    )
    if form.is_valid():
        try:
            services.claim_association(
                actor=request.user,
                claim=found,
                kind=Office.Kind(form.cleaned_data["kind"]),
                last_day=form.cleaned_data["last_day"],
            )
        except ValidationError as error:
            form.add_error("last_day", [m for ms in error.message_dict.values() for m in ms])
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            del request.session[CLAIM]
            messages.success(
                request, _("The page is yours now. Please name a second officer soon.")
            )
            return redirect("associations:desk", found.node_id)
    return form_page(
        request,
        form,
        title=_("Take office"),
        button=_("Take office"),
        back=reverse("associations:claim"),
        node=found.node,
    )


def refuse_guessers(request: HttpRequest) -> None:
    """Raises TooMany for an address from which too many wrong codes have come."""
    if not _allowed(request, "household_code_failed", dry_run=True):
        raise TooMany(
            _(
                "Too many codes were wrong. Please wait ten minutes, look at the letter again, and try once more."
            )
        )


def count_guess(request: HttpRequest) -> None:
    """Notes a wrong code."""
    _allowed(request, "household_code_failed")


def ensure_may_sign_up(request: HttpRequest) -> None:
    """Raises TooMany if too many accounts were opened from this address lately."""
    if not _allowed(request, "signup"):
        raise TooMany


def let_in(request: HttpRequest, person: User) -> None:
    """Signs a newcomer in, who has just chosen user name and password."""
    perform_login(request, person, email_verification="none", signup=True)


def _allowed(request: HttpRequest, action: str, *, dry_run: bool = False) -> bool:
    return bool(
        ratelimit.consume(
            request, app="allauth.account", action=action, dry_run=dry_run, limit_get=True
        )
    )
