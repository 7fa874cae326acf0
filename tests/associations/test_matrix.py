"""Role × office × node × act against a table written by hand, through the rules and through every address.

Whoever adds an office, a node or an address adds a line to a table, or a test fails.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role, User
from accounts.services import grant_role
from associations import rules
from associations.models import Association, Household, JoinRequest, Office, OfficeTerm
from associations.services import (
    accept_office,
    add_block,
    ask_to_join,
    end_term,
    found_association,
    join_household,
    make_office,
    name_successor,
    put_in_office,
    register_household,
)
from core.times import tokyo_today
from tests.associations.conftest import SmallCity
from tests.support.addresses import all_addresses

Kind = Office.Kind

NODES = ("federation", "district", "association", "block", "other block", "next", "next block")
INSIDE = {"association", "block", "other block"}
BELOW_DISTRICT = INSIDE | {"district", "next", "next block"}
EVERYWHERE = set(NODES)
NOWHERE: set[str] = set()
ACTS: dict[str, Callable[[Any, Association], bool]] = {
    "send": rules.may_send_circulars,
    "names": rules.may_see_names,
    "approve": rules.may_approve_members,
    "manage": rules.may_manage_offices,
}

# Who may do what at which nodes: (send, names, approve, manage).
TABLE: dict[str, tuple[set[str], set[str], set[str], set[str]]] = {
    "nobody": (NOWHERE, NOWHERE, NOWHERE, NOWHERE),
    "member": (NOWHERE, NOWHERE, NOWHERE, NOWHERE),
    "chair": (INSIDE, INSIDE, INSIDE, INSIDE),
    "deputy": (INSIDE, INSIDE, INSIDE, INSIDE),
    "treasurer": (NOWHERE, INSIDE, NOWHERE, NOWHERE),
    "ict": (INSIDE, INSIDE, INSIDE, NOWHERE),
    "own title": (NOWHERE, NOWHERE, NOWHERE, NOWHERE),
    "block leader": ({"block"}, {"block"}, {"block"}, NOWHERE),
    "chair of the next": ({"next", "next block"},) * 4,
    "chair of the district": (BELOW_DISTRICT, {"district"}, {"district"}, {"district"}),
    "chair of the federation": (EVERYWHERE, {"federation"}, {"federation"}, {"federation"}),
    "former chair": (NOWHERE, NOWHERE, NOWHERE, NOWHERE),
    "resigned chair": (NOWHERE, NOWHERE, NOWHERE, NOWHERE),
    "future chair": (NOWHERE, NOWHERE, NOWHERE, NOWHERE),
    "named": (NOWHERE, NOWHERE, NOWHERE, NOWHERE),
    "city staff": (EVERYWHERE, NOWHERE, NOWHERE, NOWHERE),
    "facilitator": (NOWHERE, NOWHERE, NOWHERE, NOWHERE),
    "administrator": (NOWHERE, NOWHERE, NOWHERE, NOWHERE),
}

# What each address asks for, at the association or at its first block; None is open to whoever is signed in.
PAGES: dict[str, tuple[str, str]] = {
    "roster": ("names", "block"),
    "export": ("names", "block"),
    "household": ("names", "block"),
    "new_household": ("approve", "block"),
    "letters": ("approve", "association"),
    "letter": ("approve", "block"),
    "revoke_letter": ("approve", "block"),
    "relabel": ("approve", "block"),
    "wish": ("approve", "block"),
    "moved_away": ("approve", "block"),
    "passcode": ("approve", "association"),
    "requests": ("approve", "association"),
    "approve": ("approve", "association"),
    "decline": ("approve", "association"),
    "offices": ("manage", "association"),
    "new_office": ("manage", "association"),
    "powers": ("manage", "association"),
    "nominate": ("manage", "association"),
    "end_term": ("manage", "association"),
}
# The rest have tests of their own: open to everybody, to the person concerned, to the city, to who arranges the tree.
ELSEWHERE = {
    *("index", "detail", "join", "join_account", "join_wishes", "join_address", "ask", "claim"),
    *("claim_office", "mine", "looks", "preference", "leave", "close_letter", "withdraw_request"),
    *("answer_term", "city", "city_district", "claim_code", "rename", "move", "new_block", "desk"),
}
ONLY_POST = {"export", "letter", "revoke_letter"}


@pytest.fixture
def nodes(city: SmallCity) -> dict[str, Association]:
    beside = found_association(
        actor=None, kind=Association.Kind.ASSOCIATION, name="石引3丁目町会", parent=city.district
    )
    return {
        "federation": city.federation,
        "district": city.district,
        "association": city.association,
        "block": city.first_block,
        "other block": city.second_block,
        "next": beside,
        "next block": add_block(actor=None, association=beside, name="1班"),
    }


@pytest.fixture
def household(nodes: dict[str, Association]) -> Household:
    return register_household(actor=None, block=nodes["block"], label="1班-1")


@pytest.fixture
def who(
    nodes: dict[str, Association], household: Household, person: Callable[..., User]
) -> Callable[[str], User]:
    """Makes somebody of the table."""
    today = tokyo_today()
    soon, past = today + timedelta(days=50), today - timedelta(days=50)

    def office(one: User, node: str, kind: Office.Kind, days: Any = (past, soon)) -> OfficeTerm:
        return put_in_office(
            node=nodes[node], kind=kind, person=one, first_day=days[0], last_day=days[1]
        )

    def make(name: str) -> User:
        one = person(is_administrator=name == "administrator")
        if name == "member":
            join_household(actor=None, household=household, person=one)
        elif name in {"chair", "deputy", "treasurer", "ict"}:
            office(one, "association", Kind(name))
        elif name == "own title":
            name_own_title(one)
        elif name == "block leader":
            office(one, "block", Kind.BLOCK_LEADER)
        elif name == "chair of the next":
            office(one, "next", Kind.CHAIR)
        elif name == "chair of the district":
            office(one, "district", Kind.CHAIR)
        elif name == "chair of the federation":
            office(one, "federation", Kind.CHAIR)
        elif name == "former chair":
            term = office(one, "association", Kind.CHAIR)
            yesterday = today - timedelta(days=1)
            OfficeTerm.objects.filter(pk=term.pk).update(last_day=yesterday)
        elif name == "resigned chair":
            office(person(), "association", Kind.DEPUTY)
            end_term(actor=one, term=office(one, "association", Kind.CHAIR))
        elif name == "future chair":
            office(one, "association", Kind.CHAIR, (today + timedelta(days=1), soon))
        elif name == "named":
            chair = office(person(), "association", Kind.CHAIR)
            name_successor(
                actor=None, office=chair.office, person=one, first_day=past, last_day=soon
            )
        elif name in {"city staff", "facilitator"}:
            grant_role(actor=None, person=one, role=Role(name.replace(" ", "_")))
        return one

    def name_own_title(one: User) -> None:
        made = make_office(actor=None, node=nodes["association"], kind=Kind.OTHER, title="防災部長")
        term = name_successor(actor=None, office=made, person=one, first_day=past, last_day=soon)
        accept_office(actor=one, term=term)

    return make


@pytest.mark.parametrize("name", TABLE)
def test_the_rules_say_what_the_table_says(
    name: str, who: Callable[[str], User], nodes: dict[str, Association]
) -> None:
    one = who(name)
    for act, allowed in zip(ACTS, TABLE[name], strict=True):
        found = {node for node in NODES if ACTS[act](one, nodes[node])}
        assert found == allowed, act


def test_every_kind_of_office_stands_in_the_table() -> None:
    in_table = {name.replace(" ", "_") for name in TABLE} | {Kind.OTHER.value}
    assert {kind.value for kind in Kind} <= in_table


def test_every_address_of_the_room_stands_in_a_table() -> None:
    ours = {
        address.name.removeprefix("associations:")
        for address in all_addresses()
        if address.name.startswith("associations:")
    }
    assert ours == set(PAGES) | ELSEWHERE


@pytest.fixture
def arguments(
    nodes: dict[str, Association], household: Household, person: Callable[..., User]
) -> dict[str, int]:
    """The key in each address of :data:`PAGES`."""
    asked = ask_to_join(
        actor=person(),
        association=nodes["association"],
        words="1班の角",
        source=JoinRequest.Source.ADDRESS,
    )
    today = tokyo_today()
    clerk = person()
    office = make_office(actor=None, node=nodes["association"], kind=Kind.OTHER, title="書記")
    term = name_successor(actor=None, office=office, person=clerk, first_day=today, last_day=today)
    accept_office(actor=clerk, term=term)
    keys = {name: nodes[node].pk for name, (_, node) in PAGES.items()}
    keys |= dict.fromkeys(
        ("household", "letter", "revoke_letter", "relabel", "wish", "moved_away"), household.pk
    )
    keys |= dict.fromkeys(("approve", "decline"), asked.pk)
    keys |= dict.fromkeys(("powers", "nominate"), term.office_id)
    return keys | {"end_term": term.pk}


@pytest.mark.parametrize("name", [*TABLE, "guest"])
def test_every_page_opens_to_whom_the_table_says_and_to_nobody_else(
    name: str,
    who: Callable[[str], User],
    arguments: dict[str, int],
    client: Client,
) -> None:
    if name != "guest":
        client.force_login(who(name))
    for page, (act, node) in PAGES.items():
        address = reverse(f"associations:{page}", args=[arguments[page]])
        response = client.post(address) if page in ONLY_POST else client.get(address)
        if name == "guest":
            assert response.status_code == 302
            assert response["Location"].startswith("/accounts/login/")
        elif node in TABLE[name][list(ACTS).index(act)]:
            assert response.status_code in {200, 302}, page
        else:
            assert response.status_code == 404, page
            assert not response.streaming


@pytest.mark.parametrize("name", TABLE)
def test_what_is_posted_to_a_closed_page_changes_nothing(
    name: str, who: Callable[[str], User], arguments: dict[str, int], client: Client
) -> None:
    one = who(name)
    client.force_login(one)
    before = everything()
    for page, (act, node) in PAGES.items():
        if node not in TABLE[name][list(ACTS).index(act)]:
            address = reverse(f"associations:{page}", args=[arguments[page]])
            fields = {"label": "x", "preference": "digital", "answer": "no", "act": "new"}
            assert client.post(address, fields).status_code in {404, 405}, page
    assert everything() == before


def everything() -> list[list[Any]]:
    return [
        list(model.objects.order_by("pk").values_list())
        for model in (Household, JoinRequest, Office, OfficeTerm, Association)
    ]


@pytest.mark.parametrize("name", TABLE)
def test_only_the_city_reads_the_figures_and_makes_codes(
    name: str, who: Callable[[str], User], nodes: dict[str, Association], client: Client
) -> None:
    client.force_login(who(name))
    expected = 200 if name == "city staff" else 404
    for page, keys in (("city", []), ("city_district", [nodes["district"].pk])):
        assert client.get(reverse(f"associations:{page}", args=keys)).status_code == expected
    made = client.post(reverse("associations:claim_code", args=[nodes["next"].pk]))
    assert made.status_code == expected


@pytest.mark.parametrize("name", TABLE)
def test_only_who_manages_offices_or_the_site_renames(
    name: str, who: Callable[[str], User], nodes: dict[str, Association], client: Client
) -> None:
    client.force_login(who(name))
    may = name in {"chair", "deputy", "administrator"}
    address = reverse("associations:rename", args=[nodes["block"].pk])
    response = client.post(address, {"name": "新1班", "kana": ""})
    assert response.status_code == (302 if may else 404)
    nodes["block"].refresh_from_db()
    assert nodes["block"].name == ("新1班" if may else "1班")
