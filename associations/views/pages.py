"""Pages of the tree: which associations there are, which one is mine, and the page of each."""

from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.views import PersonRequest
from associations import rules, selectors, services
from associations.forms import BlockForm, MoveForm, RenameForm
from associations.models import Association
from associations.selectors import officers
from associations.selectors.tree import places_for
from associations.views import form_page, page
from core.errors import Conflict, NotAllowed, NotFound
from core.rooms import ASSOCIATIONS
from core.text import one_line

LONGEST_QUERY = 100


@login_not_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The districts of the city, or what a search by town, name or postal code finds."""
    query = one_line(request.GET.get("q", ""))
    after = request.GET.get("after", "")
    context: dict[str, object] = {
        "room": ASSOCIATIONS,
        "query": query[:LONGEST_QUERY],
        "may_see_figures": rules.may_see_figures(request.user),
    }
    if len(query) > LONGEST_QUERY:
        context["error"] = _("Please search with at most %(count)d characters.") % {
            "count": LONGEST_QUERY
        }
        return render(request, "associations/index.html", context, status=HTTPStatus.BAD_REQUEST)
    context["page"] = (
        selectors.search(query, after=after) if query else selectors.districts(after=after)
    )
    return render(request, "associations/index.html", context)


@login_not_required
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The public facts of one association; members also read who is in office, officers find their desk."""
    facts = selectors.public_facts(pk, after=request.GET.get("after", ""))
    context: dict[str, object] = {"facts": facts, "parts": selectors.parts_of(facts.node)}
    if request.user.is_authenticated:
        powers = rules.powers_at(request.user, facts.node)
        is_member = rules.is_member(request.user, facts.node)
        context |= {
            "powers": powers,
            "is_member": is_member,
            "may_arrange": powers.manage or rules.may_change_tree(request.user),
            "may_move": rules.may_change_tree(request.user)
            or (facts.node.kind == Association.Kind.BLOCK and powers.manage),
        }
        if is_member or powers.any:
            context["in_office"] = officers.in_office(facts.node)
    return page(request, "detail", **context)


@require_http_methods(["GET", "HEAD", "POST"])
def rename(request: PersonRequest, pk: int) -> HttpResponse:
    """Another name; the former one stays on the page."""
    node, _above = selectors.node_with_above(pk)
    if not rules.may_arrange(request.user, node):
        raise NotFound
    form = RenameForm(request.POST or None, initial={"name": node.name, "kana": node.kana})
    if form.is_valid():
        try:
            services.rename_association(actor=request.user, node=node, **form.cleaned_data)
        except Conflict as error:
            form.add_error("name", str(error))
        else:
            messages.success(
                request, _("The name has been changed. The former one stays on the page.")
            )
            return redirect("associations:detail", pk)
    return form_page(
        request,
        form,
        title=_("Change the name"),
        button=_("Save"),
        back=reverse("associations:detail", args=[pk]),
        node=node,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: PersonRequest, pk: int) -> HttpResponse:
    """Another place in the tree; where it stood before stays on the page."""
    node, above = selectors.node_with_above(pk)
    everywhere = rules.may_change_tree(request.user)
    inside = node.kind == Association.Kind.BLOCK and rules.may_manage_offices(request.user, node)
    if not above or not (everywhere or inside):
        raise NotFound
    form = MoveForm(request.POST or None, places=places_for(node, above, everywhere=everywhere))
    if form.is_valid():
        try:
            services.move_association(
                actor=request.user, node=node, parent=form.cleaned_data["parent"]
            )
        except (Conflict, NotAllowed) as error:
            form.add_error("parent", str(error))
        else:
            messages.success(request, _("It stands in its new place now."))
            return redirect("associations:detail", pk)
    return form_page(
        request,
        form,
        title=_("Move to another place"),
        button=_("Move"),
        back=reverse("associations:detail", args=[pk]),
        node=node,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def new_block(request: PersonRequest, pk: int) -> HttpResponse:
    """One more block."""
    node, _above = selectors.node_with_above(pk)
    if not rules.may_arrange(request.user, node) or not rules.may_stand_under(
        Association.Kind.BLOCK, node.kind
    ):
        raise NotFound
    form = BlockForm(request.POST or None)
    if form.is_valid():
        try:
            services.add_block(actor=request.user, association=node, **form.cleaned_data)
        except Conflict as error:
            form.add_error("name", str(error))
        else:
            messages.success(request, _("The block has been added."))
            return redirect("associations:detail", pk)
    return form_page(
        request,
        form,
        title=_("Add a block"),
        button=_("Add"),
        back=reverse("associations:detail", args=[pk]),
        node=node,
    )
