"""The officers' pages: the desk, the list of households, letters, the passcode and requests."""

import csv
from collections.abc import AsyncIterator, Iterator
from io import StringIO

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.views import PersonRequest
from associations import rules, selectors, services
from associations.forms import AnswerForm, ChooseHouseholdForm, LabelForm, PreferenceForm
from associations.models import Association, Household, JoinRequest, Look
from associations.selectors import officers
from associations.views import form_page, page
from core.errors import Conflict, NotFound
from core.times import tokyo_today

A_PIECE = 200


@require_safe
def desk(request: PersonRequest, pk: int) -> HttpResponse:
    """The officers' page: numbers, what waits, and the ways on."""
    node, above = selectors.node_with_above(pk)
    powers = rules.powers_at(request.user, node)
    if not powers.any:
        raise NotFound
    return page(
        request,
        "desk",
        node=node,
        above=above,
        powers=powers,
        desk=officers.desk_of(node),
        is_association=node.kind == Association.Kind.ASSOCIATION,
    )


@never_cache
@require_safe
def roster(request: PersonRequest, pk: int) -> HttpResponse:
    """The households of a block with their names; the look is noted before anything is shown."""
    block, above = selectors.node_with_above(pk)
    if block.kind != Association.Kind.BLOCK or not rules.may_see_names(request.user, block):
        raise NotFound
    found = officers.roster_of(block, after=request.GET.get("after", ""))
    services.note_look(
        actor=request.user,
        node=block,
        act=Look.Act.LIST,
        first_household=found.first,
        last_household=found.last,
    )
    return page(
        request,
        "roster",
        node=block,
        above=above,
        roster=found,
        powers=rules.powers_at(request.user, block),
    )


@require_POST
def export(request: PersonRequest, pk: int) -> HttpResponseBase:
    """The list of households as a file for a spreadsheet; noted as a look at all of them."""
    node, _above = selectors.node_with_above(pk)
    services.note_look(actor=request.user, node=node, act=Look.Act.EXPORT)
    response = StreamingHttpResponse(
        _in_own_time(_as_csv(officers.every_household(node))), content_type="text/csv"
    )
    day = tokyo_today().strftime("%Y%m%d")
    response["Content-Disposition"] = f'attachment; filename="households-{day}.csv"'
    return response


@never_cache
@require_safe
def household(request: PersonRequest, pk: int) -> HttpResponse:
    """One household: its people, its letter, what it wants."""
    found = officers.household_for(pk)
    powers = rules.powers_at(request.user, found.block)
    if not powers.see_names:
        raise NotFound
    services.note_look(
        actor=request.user,
        node=found.block,
        act=Look.Act.HOUSEHOLD,
        first_household=found.pk,
        last_household=found.pk,
    )
    _node, above = selectors.node_with_above(found.block_id)
    return page(request, "household", household=found, above=above, powers=powers)


@require_http_methods(["GET", "HEAD", "POST"])
def new_household(request: PersonRequest, pk: int) -> HttpResponse:
    """One more household in a block."""
    block, _above = selectors.node_with_above(pk)
    if block.kind != Association.Kind.BLOCK or not rules.may_approve_members(request.user, block):
        raise NotFound
    form = LabelForm(request.POST or None)
    if form.is_valid():
        try:
            services.register_household(actor=request.user, block=block, **form.cleaned_data)
        except Conflict as error:
            form.add_error("label", str(error))
        else:
            messages.success(request, _("The household has been added."))
            return redirect("associations:desk", pk)
    return form_page(
        request,
        form,
        title=_("Add a household"),
        button=_("Add"),
        back=reverse("associations:desk", args=[pk]),
        node=block,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def relabel(request: PersonRequest, pk: int) -> HttpResponse:
    """Another label for a household."""
    found = _kept_household(request, pk)
    form = LabelForm(request.POST or None, initial={"label": found.label})
    if form.is_valid():
        try:
            services.relabel_household(actor=request.user, household=found, **form.cleaned_data)
        except Conflict as error:
            form.add_error("label", str(error))
        else:
            return redirect("associations:household", pk)
    return form_page(
        request,
        form,
        title=_("Change the label"),
        button=_("Save"),
        back=reverse("associations:household", args=[pk]),
        node=found.block,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def household_preference(request: PersonRequest, pk: int) -> HttpResponse:
    """What the household said at the door."""
    found = _kept_household(request, pk)
    form = PreferenceForm(request.POST or None, initial={"preference": found.preference})
    if form.is_valid():
        services.say_preference(actor=request.user, household=found, **form.cleaned_data)
        return redirect("associations:household", pk)
    return form_page(
        request,
        form,
        title=_("How circulars reach this household"),
        button=_("Save"),
        back=reverse("associations:household", args=[pk]),
        node=found.block,
        lead=_("Please enter only what the household has told you."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def moved_away(request: PersonRequest, pk: int) -> HttpResponse:
    """A household has left: first what happens, then the act."""
    found = _kept_household(request, pk)
    if request.method == "POST":
        services.household_moved_away(actor=request.user, household=found)
        messages.success(request, _("The household has left the list."))
        return redirect("associations:desk", found.block_id)
    return page(
        request, "moved_away", household=found, days=settings.ASSOCIATIONS_FORGET_AFTER_DAYS
    )


@require_POST
def revoke_letter(request: PersonRequest, pk: int) -> HttpResponse:
    """The letter of a household was lost: it opens nothing any more."""
    found = _kept_household(request, pk)
    services.revoke_letter(actor=request.user, household=found)
    messages.success(request, _("The letter opens nothing any more."))
    return redirect("associations:household", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def passcode(request: PersonRequest, pk: int) -> HttpResponse:
    """Makes, renews or ends the passcode of an association."""
    node, _above = selectors.node_with_above(pk)
    is_association = node.kind == Association.Kind.ASSOCIATION
    if not is_association or not rules.may_approve_members(request.user, node):
        raise NotFound
    if request.method == "POST":
        if request.POST.get("act") == "end":
            services.end_passcode(actor=request.user, association=node)
            messages.success(request, _("The passcode leads nowhere any more."))
        else:
            services.set_passcode(actor=request.user, association=node)
            messages.success(request, _("There is a new passcode."))
        return redirect("associations:passcode", pk)
    return page(request, "passcode", node=node, desk=officers.desk_of(node))


@never_cache
@require_safe
def join_requests(request: PersonRequest, pk: int) -> HttpResponse:
    """Who asks to join; the look is noted."""
    node, above = selectors.node_with_above(pk)
    if not rules.may_approve_members(request.user, node):
        raise NotFound
    services.note_look(actor=request.user, node=node, act=Look.Act.REQUESTS)
    found, following = officers.requests_at(node, after=request.GET.get("after", ""))
    return page(request, "requests", node=node, above=above, requests=found, following=following)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def approve(request: PersonRequest, pk: int) -> HttpResponse:
    """Lets somebody into a household: first the block, then the household."""
    asked = _request_of_mine(request, pk)
    blocks = list(
        Association.objects.active().below(asked.association).filter(kind=Association.Kind.BLOCK)
    )
    block = next((b for b in blocks if str(b.pk) == request.GET.get("block")), None)
    if block is None:
        return page(request, "choose_block", asked=asked, blocks=blocks)
    form = ChooseHouseholdForm(request.POST or None, block=block)
    if form.is_valid():
        try:
            services.approve_request(
                actor=request.user, request=asked, block=block, **form.cleaned_data
            )
        except Conflict as error:
            form.add_error("household", str(error))
        else:
            messages.success(request, _("Let in."))
            return redirect("associations:requests", asked.association_id)
    return form_page(
        request,
        form,
        title=_("Into which household?"),
        button=_("Let in"),
        back=reverse("associations:approve", args=[pk]),
        node=asked.association,
        lead=f"{asked.person}「{asked.words}」",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def decline(request: PersonRequest, pk: int) -> HttpResponse:
    """Does not let somebody in, and says why."""
    asked = _request_of_mine(request, pk)
    form = AnswerForm(request.POST or None)
    if form.is_valid():
        try:
            services.decline_request(
                actor=request.user, request=asked, answer=form.cleaned_data["answer"]
            )
        except (Conflict, ValidationError) as error:
            form.add_error("answer", str(error))
        else:
            messages.success(request, _("Declined. The person reads your reason."))
            return redirect("associations:requests", asked.association_id)
    return form_page(
        request,
        form,
        title=_("Do not let in"),
        button=_("Decline"),
        back=reverse("associations:requests", args=[asked.association_id]),
        node=asked.association,
        lead=f"{asked.person}「{asked.words}」",
    )


def _kept_household(request: HttpRequest, pk: int) -> Household:
    found = officers.household_for(pk)
    if not rules.may_approve_members(request.user, found.block):
        raise NotFound
    return found


def _request_of_mine(request: HttpRequest, pk: int) -> JoinRequest:
    asked = officers.request_for(pk)
    waiting = asked.state == JoinRequest.State.WAITING
    if not waiting or not rules.may_approve_members(request.user, asked.association):
        raise NotFound
    return asked


def _as_csv(households: Iterator[Household]) -> Iterator[bytes]:
    """Pieces of the file; a mark at its beginning tells spreadsheets that it is UTF-8."""
    buffer = StringIO("\ufeff")
    buffer.seek(1)
    writer = csv.writer(buffer)
    writer.writerow([_("Block"), _("Label"), _("How circulars arrive"), _("Names")])
    for number, one in enumerate(households, 1):
        people = "、".join(str(member.person) for member in one.people_now)  # type: ignore[attr-defined]
        cells = (one.block.name, one.label, one.get_preference_display(), people)
        writer.writerow([_harmless(str(cell)) for cell in cells])
        if number % A_PIECE == 0:
            yield _taken(buffer)
    yield _taken(buffer)


def _harmless(cell: str) -> str:
    """A cell that a spreadsheet does not take for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def _taken(buffer: StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()


async def _in_own_time(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    next_piece = sync_to_async(lambda: next(pieces, None))
    while (piece := await next_piece()) is not None:
        if piece:
            yield piece
