"""Letters to households: choosing whom to write to, and the page that is printed."""

from urllib.parse import urlencode

import segno
from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.views import PersonRequest
from associations import rules, selectors, services
from associations.models import Association
from associations.selectors import officers
from associations.services import codes
from associations.services.letters import VALID_FOR, PrintedLetter
from associations.views import page
from core.errors import NotFound
from core.times import TOKYO

# Choosing the prettiest of the eight patterns takes ten times as long as drawing one; every reader reads each.
PATTERN = 2


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def letters(request: PersonRequest, pk: int) -> HttpResponse:
    """Letters to the households of a node that nobody has joined yet; printing makes the former ones useless."""
    node, above = selectors.node_with_above(pk)
    if not rules.may_approve_members(request.user, node):
        raise NotFound
    if request.method == "POST":
        households = officers.households_without_people(node)
        made = services.make_letters(actor=request.user, node=node, households=households)
        return _printed(request, made, node, above)
    return page(request, "letters", node=node, above=above, desk=officers.desk_of(node))


@never_cache
@require_POST
def letter(request: PersonRequest, pk: int) -> HttpResponse:
    """A new letter to one household, also to one that somebody has joined."""
    household = officers.household_for(pk)
    node, above = selectors.node_with_above(household.block_id)
    if not rules.may_approve_members(request.user, node):
        raise NotFound
    made = services.make_letters(actor=request.user, node=node, households=[household])
    return _printed(request, made, node, above)


def _printed(
    request: PersonRequest,
    made: list[PrintedLetter],
    node: Association,
    above: list[Association],
) -> HttpResponse:
    join = settings.SITE_URL.rstrip("/") + reverse("associations:join")
    association = next((n for n in [*above, node] if n.kind == Association.Kind.ASSOCIATION), node)
    return page(
        request,
        "letters_print",
        node=node,
        association=association,
        letters=[
            {
                "to": _addressed(one),
                "code": codes.in_words(one.code),
                "qr": qr_code(f"{join}?{urlencode({'c': one.code})}"),
            }
            for one in made
        ],
        address=join.removeprefix("https://").removeprefix("http://"),
        valid_until=(timezone.now() + VALID_FOR).astimezone(TOKYO).date(),
    )


def _addressed(letter: PrintedLetter) -> str:
    """The label, with the block before it unless it says so itself: ``3班-12``."""
    label, block = letter.household.label, letter.household.block.name
    return label if label.startswith(block) else f"{block} {label}"


def qr_code(address: str) -> str:
    """A QR code of an address as an SVG element; nothing in it needs a style or a script."""
    return str(
        segno.make_qr(address, error="m", mask=PATTERN).svg_inline(
            border=0, omitsize=True, svgclass="letter__qr", lineclass=None
        )
    )
