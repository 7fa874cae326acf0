"""Offices and terms of an association, for whoever manages them."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.views import PersonRequest
from associations import rules, selectors, services
from associations.forms import NominationForm, OfficeForm, PowersForm
from associations.models import Association, Office, OfficeTerm
from associations.selectors import officers
from associations.views import form_page, page
from core.errors import Conflict, NotFound
from core.times import tokyo_today


@require_safe
def offices(request: PersonRequest, pk: int) -> HttpResponse:
    """Which offices there are, who holds them and who follows."""
    node = _managed_node(request, pk)
    return page(
        request,
        "offices",
        node=node,
        offices=officers.offices_at(node),
        former=officers.former_terms(node),
        senders=len(rules.senders_at(node)),
        enough=officers.ENOUGH_SENDERS,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def new_office(request: PersonRequest, pk: int) -> HttpResponse:
    """One more office."""
    node = _managed_node(request, pk)
    form = OfficeForm(request.POST or None)
    if form.is_valid():
        try:
            services.make_office(
                actor=request.user,
                node=node,
                kind=Office.Kind(form.cleaned_data["kind"]),
                title=form.cleaned_data["title"],
            )
        except Conflict as error:
            form.add_error("kind", str(error))
        else:
            messages.success(request, _("The office has been made. Now name who holds it."))
            return redirect("associations:offices", pk)
    return form_page(
        request, form, title=_("Add an office"), button=_("Add"), back=_offices(node), node=node
    )


@require_http_methods(["GET", "HEAD", "POST"])
def powers(request: PersonRequest, pk: int) -> HttpResponse:
    """What an office allows."""
    office = _managed_office(request, pk)
    names = ("may_send", "may_see_names", "may_approve", "may_manage")
    initial = {name: getattr(office, name) for name in names}
    # A form of boxes alone: none ticked is an answer too.
    form = PowersForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        try:
            services.change_powers(actor=request.user, office=office, powers=form.powers())
        except Conflict as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The powers have been changed."))
            return redirect("associations:offices", office.node_id)
    return form_page(
        request,
        form,
        title=_("What this office may do"),
        button=_("Save"),
        back=_offices(office.node),
        node=office.node,
        lead=str(office),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def nominate(request: PersonRequest, pk: int) -> HttpResponse:
    """Naming somebody for an office; who holds it may name their own successor."""
    office = officers.office_for(pk)
    holder = _own_term(request, office)
    if holder is None and not rules.may_manage_offices(request.user, office.node):
        raise NotFound
    _node, above = selectors.node_with_above(office.node_id)
    association = next(
        (node for node in above if node.kind == Association.Kind.ASSOCIATION), office.node
    )
    following = _followed_term(request, office) or holder
    today = tokyo_today()
    form = NominationForm(
        request.POST or None,
        members_of=association,
        initial={"first_day": today, "last_day": officers.next_last_day(today)},
    )
    if form.is_valid():
        try:
            services.name_successor(
                actor=request.user, office=office, follows=following, **form.cleaned_data
            )
        except ValidationError as error:
            for name, texts in error.message_dict.items():
                form.add_error(name if name in form.fields else None, texts)
        except Conflict as error:
            form.add_error("person", str(error))
        else:
            messages.success(
                request,
                _("Named. They hold the office when they have accepted on their page."),
            )
            if rules.may_manage_offices(request.user, office.node):
                return redirect("associations:offices", office.node_id)
            return redirect("associations:mine")
    return form_page(
        request,
        form,
        title=_("Name a successor") if following else _("Name somebody for this office"),
        button=_("Name them"),
        back=_offices(office.node)
        if rules.may_manage_offices(request.user, office.node)
        else reverse("associations:mine"),
        node=office.node,
        lead=f"{office.node} {office}",
        follows=following,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def end_term(request: PersonRequest, pk: int) -> HttpResponse:
    """Ending a term: first what happens, then the act. A nomination is taken back."""
    term = officers.term_for(pk)
    mine = term.person_id == request.user.pk
    manages = rules.may_manage_offices(request.user, term.office.node)
    over = term.declined_at or term.ended_at or term.last_day < tokyo_today()
    if over or not (manages or (mine and not term.is_waiting)):
        raise NotFound
    if request.method == "POST":
        if term.is_waiting:
            services.decline_office(actor=request.user, term=term)
            messages.success(request, _("The nomination has been taken back."))
        else:
            services.end_term(actor=request.user, term=term)
            messages.success(request, _("The term has ended."))
        if rules.may_manage_offices(request.user, term.office.node):
            return redirect("associations:offices", term.office.node_id)
        return redirect("associations:mine")
    return page(request, "end_term", term=term, mine=mine)


def _managed_node(request: HttpRequest, pk: int) -> Association:
    node, _above = selectors.node_with_above(pk)
    if not rules.may_manage_offices(request.user, node):
        raise NotFound
    return node


def _managed_office(request: HttpRequest, pk: int) -> Office:
    office = officers.office_for(pk)
    if not rules.may_manage_offices(request.user, office.node):
        raise NotFound
    return office


def _own_term(request: HttpRequest, office: Office) -> OfficeTerm | None:
    held = [t for t in rules.offices_of(request.user) if t.office_id == office.pk]
    return held[0] if held else None


def _followed_term(request: HttpRequest, office: Office) -> OfficeTerm | None:
    """The term named in the address, if it is one of this office that still runs."""
    given: Any = request.GET.get("follows", "")
    if not (given.isascii() and given.isdigit() and len(given) < 10):
        return None
    term = officers.term_for(int(given))
    if term.office_id != office.pk or not term.accepted_at or term.ended_at:
        raise NotFound
    return term


def _offices(node: Association) -> str:
    return reverse("associations:offices", args=[node.pk])
