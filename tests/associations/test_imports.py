"""Bringing in a whole tree and many households, again and again."""

import pytest
from django.core.exceptions import ValidationError

from accounts.models import User
from accounts.services import open_account
from associations.models import Association, Household, HouseholdMember, Town
from associations.services import (
    HouseholdOutline,
    NodeOutline,
    TownOutline,
    add_block,
    import_households,
    import_tree,
    join_household,
    register_household,
)
from core.errors import Conflict, NotAllowed
from core.models import AuditEntry
from tests.associations.conftest import SmallCity

Kind = Association.Kind
WHOLE: tuple[list[int], ...] = ([], [], [], [], [])


def outline(*associations: str, blocks: int = 2) -> NodeOutline:
    return NodeOutline(
        Kind.CITY,
        "金沢市町会連合会",
        children=[
            NodeOutline(
                Kind.DISTRICT,
                "石引地区町会連合会",
                children=[
                    NodeOutline(
                        Kind.ASSOCIATION,
                        name,
                        "よみ",
                        towns=[TownOutline("石引", "いしびき", "9200935")],
                        children=[
                            NodeOutline(Kind.BLOCK, f"{number}班")
                            for number in range(1, blocks + 1)
                        ],
                    )
                    for name in associations
                ],
            )
        ],
    )


def content() -> list[list[tuple[object, ...]]]:
    return [
        list(Association.objects.values_list()),
        list(Town.objects.order_by("pk").values_list()),
        list(Household.objects.order_by("pk").values_list()),
        list(HouseholdMember.objects.order_by("pk").values_list()),
        list(User.objects.order_by("pk").values_list()),
        list(AuditEntry.objects.order_by("pk").values_list("pk")),
    ]


def test_an_imported_tree_is_a_tree_like_one_that_grew(db: None) -> None:
    import_tree(actor=None, outline=outline("一町会", "二町会"))
    imported = list(Association.objects.values_list("path", "depth", "numchild", "kind", "name"))
    assert Association.objects.find_problems() == WHOLE
    assert len(imported) == 8
    last = Association.objects.get(name="二町会")
    add_block(actor=None, association=last, name="3班")
    assert Association.objects.find_problems() == WHOLE


def test_the_keys_of_all_nodes_come_back_by_their_names(city: SmallCity) -> None:
    keys = import_tree(actor=None, outline=outline("石引2丁目町会"))
    top = ("金沢市町会連合会", "石引地区町会連合会")
    assert keys[top] == city.district.pk
    assert keys[*top, "石引2丁目町会", "2班"] == city.second_block.pk
    assert len(keys) == 5


def test_importing_again_changes_nothing(db: None) -> None:
    import_tree(actor=None, outline=outline("一町会", "二町会"))
    before = content()
    import_tree(actor=None, outline=outline("一町会", "二町会"))
    assert content() == before


def test_a_larger_tree_adds_what_is_missing_behind_what_people_added(city: SmallCity) -> None:
    add_block(actor=None, association=city.association, name="有志班")
    import_tree(actor=None, outline=outline("石引2丁目町会", "新町会", blocks=3))
    assert list(
        Association.objects.children_of(city.association).values_list("name", flat=True)
    ) == ["1班", "2班", "有志班", "3班"]
    assert Association.objects.get(name="新町会").numchild == 3
    assert Association.objects.find_problems() == WHOLE


def test_a_tree_with_a_node_out_of_place_is_refused_as_a_whole(db: None) -> None:
    wrong = NodeOutline(
        Kind.CITY, "市", children=[NodeOutline(Kind.BLOCK, "1班"), NodeOutline(Kind.DISTRICT, "区")]
    )
    with pytest.raises(Conflict):
        import_tree(actor=None, outline=wrong)
    assert not Association.objects.exists()


@pytest.mark.parametrize("name", [" ", "町" * 81], ids=["empty", "too long"])
def test_a_tree_with_a_name_that_cannot_be_shown_is_refused_as_a_whole(db: None, name: str) -> None:
    with pytest.raises(ValidationError):
        import_tree(actor=None, outline=outline(name))
    assert not Association.objects.exists()


def test_a_resident_cannot_import(city: SmallCity, resident: User) -> None:
    before = content()
    with pytest.raises(NotAllowed):
        import_tree(actor=resident, outline=outline("一町会"))
    with pytest.raises(NotAllowed):
        import_households(
            actor=resident, households=[HouseholdOutline(city.first_block.pk, "1班-1", "paper")]
        )
    assert content() == before


def test_households_come_with_accounts_that_have_no_password(city: SmallCity) -> None:
    added = import_households(
        actor=None,
        households=[
            HouseholdOutline(
                city.first_block.pk,
                "1班-1",
                "digital",
                {"A.chan": "石引 あ", "b": "石引 い"},
                frozenset({"b"}),
            ),
            HouseholdOutline(city.first_block.pk, "1班-2", "paper"),
        ],
    )
    assert added == 2
    people = User.objects.order_by("username")
    assert [person.username for person in people] == ["a.chan", "b"]
    assert not any(person.has_usable_password() for person in people)
    assert [place.lives_here for place in HouseholdMember.objects.order_by("person__username")] == [
        True,
        False,
    ]


def test_importing_households_again_or_more_of_them_leaves_the_first_as_they_are(
    city: SmallCity,
) -> None:
    def wanted(count: int) -> list[HouseholdOutline]:
        return [
            HouseholdOutline(city.first_block.pk, f"1班-{n}", "both", {f"k{n}": f"山田 {n}"})
            for n in range(count)
        ]

    assert import_households(actor=None, households=wanted(3)) == 3
    Household.objects.filter(label="1班-1").update(preference="paper")
    before = content()
    assert import_households(actor=None, households=wanted(3)) == 0
    assert content() == before
    assert import_households(actor=None, households=wanted(5)) == 2
    assert Household.objects.get(label="1班-1").preference == "paper"


def test_more_households_than_a_transaction_holds_all_arrive(
    city: SmallCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("associations.services.imports.HOUSEHOLDS_A_TRANSACTION", 7)
    rows = (HouseholdOutline(city.first_block.pk, f"1班-{n}", "paper") for n in range(30))
    assert import_households(actor=None, households=rows) == 30
    assert Household.objects.count() == 30


def test_whoever_has_an_account_and_a_home_keeps_both(city: SmallCity, resident: User) -> None:
    home = register_household(actor=None, block=city.second_block, label="2班-1")
    join_household(actor=None, household=home, person=resident)
    newcomer = open_account(
        actor=None, username="Newcomer", display_name="小立野 健太", password=None
    )
    import_households(
        actor=None,
        households=[
            HouseholdOutline(
                city.first_block.pk,
                "1班-1",
                "digital",
                {"jumin": "別の名", "newcomer": "別の名"},
            )
        ],
    )
    assert [place.household_id for place in resident.household_places.all()] == [home.pk]
    assert newcomer.household_places.get().household.label == "1班-1"
    assert set(User.objects.values_list("display_name", flat=True)) == {"石引 花子", "小立野 健太"}
