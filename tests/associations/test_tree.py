"""The delivery tree: what may stand where, and that it stays whole."""

import threading
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, connections, transaction

from accounts.models import User
from associations.models import Association
from associations.querysets import DEEPEST
from associations.rules import MAY_STAND_UNDER
from associations.services import (
    add_block,
    cover_town,
    found_association,
    move_association,
    register_household,
)
from core.errors import Conflict, NotAllowed
from core.models import AuditEntry
from tests.associations.conftest import SmallCity

Kind = Association.Kind
WHOLE: tuple[list[int], ...] = ([], [], [], [], [])

the_acts = pytest.mark.parametrize(
    "act",
    [
        lambda city, actor: found_association(actor=actor, kind=Kind.CITY, name="別の市"),
        lambda city, actor: add_block(actor=actor, association=city.association, name="9班"),
        lambda city, actor: move_association(
            actor=actor, node=city.second_block, parent=city.first_block
        ),
        lambda city, actor: cover_town(
            actor=actor, association=city.association, name="石引2丁目", postal_code="9200935"
        ),
    ],
    ids=["found", "add a block", "move", "cover a town"],
)
Act = Callable[[SmallCity, User | None], object]


def names_below(node: Association) -> list[str]:
    return list(Association.objects.below(node).values_list("name", flat=True))


@the_acts
def test_an_administrator_changes_the_tree_and_the_log_says_who(
    city: SmallCity, administrator: User, act: Act
) -> None:
    before = AuditEntry.objects.count()
    act(city, administrator)
    assert AuditEntry.objects.count() == before + 1
    entry = AuditEntry.objects.latest("pk")
    assert entry.actor == administrator
    assert entry.act.startswith("associations.")


@the_acts
def test_a_resident_cannot_change_the_tree(city: SmallCity, resident: User, act: Act) -> None:
    before = names_below(city.federation), AuditEntry.objects.count()
    with pytest.raises(NotAllowed):
        act(city, resident)
    assert (names_below(city.federation), AuditEntry.objects.count()) == before


@the_acts
def test_an_administrator_whose_account_is_closed_cannot_change_the_tree(
    city: SmallCity, administrator: User, act: Act
) -> None:
    administrator.is_active = False
    with pytest.raises(NotAllowed):
        act(city, administrator)


def node_of_kind(kind: str | None, number: int) -> Association | None:
    if kind is None:
        return None
    parent_kind = {Kind.BLOCK: Kind.ASSOCIATION, Kind.CITY: None}.get(Kind(kind))
    return found_association(
        actor=None,
        kind=Kind(kind),
        name=f"親{number}",
        parent=node_of_kind(parent_kind, number + 1),
    )


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("parent_kind", [None, *Kind])
def test_each_kind_stands_only_where_it_belongs(
    db: None, kind: Association.Kind, parent_kind: Association.Kind | None
) -> None:
    parent = node_of_kind(parent_kind, 1)
    if parent_kind in MAY_STAND_UNDER[kind]:
        node = found_association(actor=None, kind=kind, name="新しい", parent=parent)
        assert node.depth == (parent.depth if parent else 0) + 1
    else:
        with pytest.raises(Conflict):
            found_association(actor=None, kind=kind, name="新しい", parent=parent)
    assert Association.objects.find_problems() == WHOLE


def test_a_city_stands_at_the_top_and_a_block_never_does() -> None:
    assert MAY_STAND_UNDER[Kind.CITY] == {None}
    assert None not in MAY_STAND_UNDER[Kind.BLOCK]


def test_two_children_of_one_parent_cannot_have_one_name_however_it_is_spaced(
    city: SmallCity,
) -> None:
    with pytest.raises(Conflict):
        add_block(actor=None, association=city.association, name=" 1班 ")
    assert names_below(city.association) == ["1班", "2班"]
    assert Association.objects.find_problems() == WHOLE


def test_one_name_may_stand_under_two_parents(city: SmallCity) -> None:
    other = found_association(
        actor=None, kind=Kind.ASSOCIATION, name="石引3丁目町会", parent=city.district
    )
    assert add_block(actor=None, association=other, name="1班").name == "1班"


def test_the_database_itself_refuses_one_name_twice_under_a_parent(city: SmallCity) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Association.objects.filter(pk=city.second_block.pk).update(name="1班")


@pytest.mark.parametrize(
    "change",
    [{"kind": "club"}, {"kind": "city"}, {"depth": DEEPEST + 1}, {"depth": 0}],
    ids=str,
)
def test_the_database_itself_refuses_what_cannot_be(
    city: SmallCity, change: dict[str, object]
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Association.objects.filter(pk=city.first_block.pk).update(**change)


@pytest.mark.parametrize("name", ["", " \u3000", "\u200b", "町" * 81])
def test_a_node_needs_a_name_that_can_be_shown(city: SmallCity, name: str) -> None:
    with pytest.raises(ValidationError):
        add_block(actor=None, association=city.association, name=name)


def test_nothing_is_added_to_what_is_not_active_any_more(city: SmallCity) -> None:
    Association.objects.filter(pk=city.association.pk).update(is_active=False)
    with pytest.raises(Conflict):
        add_block(actor=None, association=city.association, name="3班")


def test_the_tree_does_not_grow_deeper_than_its_bound(city: SmallCity) -> None:
    block = city.first_block
    for depth in range(block.depth + 1, DEEPEST + 1):
        block = add_block(actor=None, association=block, name="組")
        assert block.depth == depth
    with pytest.raises(Conflict):
        add_block(actor=None, association=block, name="組")
    with pytest.raises(Conflict):
        move_association(actor=None, node=city.first_block, parent=city.second_block)
    assert Association.objects.find_problems() == WHOLE


def test_a_branch_moves_with_everything_below_it(city: SmallCity) -> None:
    other = found_association(
        actor=None, kind=Kind.DISTRICT, name="小立野地区町会連合会", parent=city.federation
    )
    household = register_household(actor=None, block=city.first_block, label="1班-1")
    moved = move_association(actor=None, node=city.association, parent=other)
    assert names_below(city.district) == []
    assert names_below(other) == ["石引2丁目町会", "1班", "2班"]
    assert moved.depth == 3
    household.refresh_from_db()
    assert household.block.path.startswith(other.path)
    assert Association.objects.find_problems() == WHOLE


def test_a_node_cannot_stand_below_itself(city: SmallCity) -> None:
    inner = add_block(actor=None, association=city.first_block, name="組")
    for place in (city.first_block, inner):
        with pytest.raises(Conflict):
            move_association(actor=None, node=city.first_block, parent=place)
    assert names_below(city.association) == ["1班", "組", "2班"]
    assert Association.objects.find_problems() == WHOLE


def test_a_node_moves_neither_where_its_kind_has_no_place_nor_where_its_name_is_taken(
    city: SmallCity,
) -> None:
    other = found_association(
        actor=None, kind=Kind.ASSOCIATION, name="石引3丁目町会", parent=city.district
    )
    add_block(actor=None, association=other, name="1班")
    with pytest.raises(Conflict):
        move_association(actor=None, node=city.first_block, parent=other)
    with pytest.raises(Conflict):
        move_association(actor=None, node=city.first_block, parent=city.district)
    assert names_below(city.association) == ["1班", "2班"]


def test_a_subtree_is_read_as_a_range_of_an_index(city: SmallCity) -> None:
    plan = str(Association.objects.below(city.district).explain())
    expected = "Index" if connection.vendor == "postgresql" else "SEARCH"
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
        plan = str(Association.objects.below(city.district).explain())
    assert expected in plan
    assert "path" in plan


def test_a_subtree_reaches_from_its_first_possible_node_to_the_last_and_no_further(
    city: SmallCity,
) -> None:
    beside = found_association(
        actor=None, kind=Kind.ASSOCIATION, name="石引3丁目町会", parent=city.district
    )
    last_of_all = city.association.path + "ZZZZ" * (DEEPEST - city.association.depth)
    Association.objects.filter(pk=city.second_block.pk).update(path=last_of_all, depth=DEEPEST)
    assert names_below(city.association) == ["1班", "2班"]
    assert names_below(beside) == []


@pytest.mark.parametrize("code", ["920093", "92009355", "920-0935", "９２００９３５", ""])
def test_a_postal_code_has_seven_digits(city: SmallCity, code: str) -> None:
    with pytest.raises(ValidationError):
        cover_town(actor=None, association=city.association, name="石引", postal_code=code)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_block_that_is_added_while_its_association_moves_moves_along() -> None:
    federation = found_association(actor=None, kind=Kind.CITY, name="市")
    here, there = (
        found_association(actor=None, kind=Kind.DISTRICT, name=name, parent=federation)
        for name in ("こちら", "あちら")
    )
    association = found_association(actor=None, kind=Kind.ASSOCIATION, name="町会", parent=here)
    begun = threading.Event()

    def move() -> None:
        begun.set()
        try:
            move_association(actor=None, node=association, parent=there)
        finally:
            connections.close_all()

    mover = threading.Thread(target=move)
    with transaction.atomic():
        add_block(actor=None, association=association, name="1班")
        mover.start()
        begun.wait(5)
        # Long enough for the other transaction to run into whatever it runs into.
        mover.join(1)
        assert mover.is_alive()
    mover.join(10)
    assert not mover.is_alive()
    assert names_below(there) == ["町会", "1班"]
    assert Association.objects.find_problems() == WHOLE


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_blocks_added_at_the_same_moment_all_find_a_place() -> None:
    association = found_association(actor=None, kind=Kind.ASSOCIATION, name="町会")
    together = threading.Barrier(8)

    def add(number: int) -> None:
        try:
            together.wait(10)
            add_block(actor=None, association=association, name=f"{number}班")
        finally:
            connections.close_all()

    adders = [threading.Thread(target=add, args=(number,)) for number in range(8)]
    for adder in adders:
        adder.start()
    for adder in adders:
        adder.join(20)
    assert sorted(names_below(association)) == [f"{number}班" for number in range(8)]
    assert Association.objects.find_problems() == WHOLE
