"""The demo city: believable, the same everywhere, and complete at every size."""

import hashlib
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from statistics import median

import pytest
from django.contrib.auth import authenticate
from django.core.management import call_command
from django.core.management.base import CommandError

import accounts.demo
from accounts.models import User
from associations import demo
from associations.demo.districts import DISTRICTS
from associations.demo.people import households_of
from associations.demo.plan import ALWAYS, first_associations, whole_city
from associations.demo.towns import towns_of_kanazawa
from associations.models import (
    Association,
    Household,
    HouseholdMember,
    Office,
    OfficeTerm,
    Town,
)
from associations.selectors import home_of, households_under, place_in_words
from core.demo import CITY, DISTRICT, HANDFUL, NAMED_SCALES, Scale
from core.models import AuditEntry

ROOT = Path(__file__).resolve().parents[2]
Kind = Association.Kind
WHOLE: tuple[list[int], ...] = ([], [], [], [], [])

# The same on SQLite and PostgreSQL, on every machine, in every run. Whoever changes the demo city on
# purpose writes the new ones down.
HANDFUL_IS = "978c9aaa2f7f4773"
WHOLE_PEOPLE_ARE = "125c942bc07dfe7c"


def checksum(rows: Iterable[object]) -> str:
    digest = hashlib.sha256()
    for row in rows:
        digest.update(repr(row).encode())
    return digest.hexdigest()[:16]


def names() -> str:
    """A checksum of everything that has a name, in the order of the tree."""
    return checksum(
        [
            *Association.objects.values_list("path", "kind", "name", "kana", "numchild"),
            *Town.objects.order_by("association__path", "name", "postal_code").values_list(
                "name", "kana", "postal_code"
            ),
            *Household.objects.order_by("block__path", "pk").values_list("label", "preference"),
            *HouseholdMember.objects.order_by("person__username").values_list(
                "household__label", "person__username", "person__display_name", "lives_here"
            ),
        ]
    )


def every_row() -> list[list[tuple[object, ...]]]:
    return [
        list(model.objects.order_by("pk").values_list())
        for model in (Association, Town, Household, HouseholdMember, User, AuditEntry)
    ]


@pytest.fixture
def handful(db: None) -> None:
    demo.load(HANDFUL)


def test_the_handful_is_there_in_two_seconds_and_is_the_same_everywhere(db: None) -> None:
    accounts.demo.load(HANDFUL)
    began = time.process_time()
    demo.load(HANDFUL)
    assert time.process_time() - began < 2
    assert names() == HANDFUL_IS


def test_the_handful_has_what_the_pictures_show(handful: None) -> None:
    association = Association.objects.get(name="石引2丁目町会")
    assert Association.objects.get_parent(association).name == "石引地区町会連合会"
    blocks = Association.objects.children_of(association)
    assert [(block.name, households_under(block)) for block in blocks] == [
        ("1班", 42),
        ("2班", 38),
        ("3班", 45),
        ("4班", 40),
        ("5班", 37),
        ("6班", 40),
    ]
    on_paper = Household.objects.of_subtree(association).filter(preference="paper")
    assert on_paper.count() == 61


@pytest.mark.parametrize(
    ("username", "place"),
    [
        ("jumin", "石引2丁目町会・3班"),
        ("hancho", "石引2丁目町会・3班"),
        ("kaicho", "石引2丁目町会・1班"),
        ("gakusei", "小立野1丁目町会・2班"),
        ("facili", ""),
        ("admin", ""),
    ],
)
def test_the_demo_accounts_live_where_the_pictures_say(
    handful: None, username: str, place: str
) -> None:
    person = User.objects.get(username=username)
    assert place_in_words(person) == place
    assert authenticate(None, username=username, password=accounts.demo.PASSWORD) == person


def test_family_of_a_demo_account_shares_its_surname_and_nobody_can_sign_in(
    handful: None,
) -> None:
    home = home_of(User.objects.get(username="jumin"))
    assert home is not None
    family = home.household.people.exclude(username="jumin")
    assert family
    assert all(person.display_name.startswith("石引 ") for person in family)
    assert not any(person.has_usable_password() for person in family)


def test_a_handful_is_a_few_districts_with_small_blocks(handful: None) -> None:
    assert Association.objects.filter(kind=Kind.DISTRICT).count() == 3
    assert set(
        Association.objects.filter(kind=Kind.ASSOCIATION).values_list("name", flat=True)
    ) == set(ALWAYS)
    for association in Association.objects.filter(kind=Kind.ASSOCIATION).exclude(
        name="石引2丁目町会"
    ):
        for block in Association.objects.children_of(association):
            assert 10 <= households_under(block) <= 20
    assert Association.objects.find_problems() == WHOLE
    assert Household.objects.count() == HANDFUL.households


def test_loading_again_changes_nothing(handful: None) -> None:
    before = every_row()
    demo.load(HANDFUL)
    assert every_row() == before


def test_a_larger_city_adds_the_rest_and_is_the_one_that_would_have_been(handful: None) -> None:
    before = every_row()[:-1]
    larger = Scale(households=1_500)
    demo.load(larger)
    after = every_row()[:-1]
    for small, large in zip(before[1:], after[1:], strict=True):
        assert set(small) <= set(large)
    assert Household.objects.count() >= 1_500
    assert Association.objects.find_problems() == WHOLE
    grown = names()
    OfficeTerm.objects.all().delete()
    Office.objects.all().delete()
    HouseholdMember.objects.all().delete()
    Household.objects.all().delete()
    Association.objects.all().delete()
    User.objects.all().delete()
    demo.load(larger)
    assert names() == grown


def test_a_smaller_city_than_there_is_changes_nothing(handful: None) -> None:
    before = every_row()
    demo.load(Scale(households=60))
    assert every_row() == before


def test_what_people_changed_in_the_demo_city_stays(handful: None) -> None:
    household = home_of(User.objects.get(username="jumin"))
    assert household is not None
    Household.objects.filter(pk=household.household.pk).update(preference="both")
    HouseholdMember.objects.filter(person__username="gakusei").delete()
    before = every_row()
    demo.load(HANDFUL)
    assert every_row() == before


def test_the_district_has_every_association_of_its_district() -> None:
    plan = first_associations(DISTRICT.households)
    ishibiki = [a for a in whole_city() if a.district.name == "石引"]
    assert set(ishibiki) <= set(plan)
    assert len(plan) < 60


def test_the_whole_city_has_the_size_of_kanazawa() -> None:
    city = whole_city()
    assert len({association.district.name for association in city}) == 62
    assert len(city) == 1_346
    assert sum(association.households for association in city) == CITY.households == 144_300
    assert len({(a.district.name, a.name) for a in city}) == len(city)
    assert first_associations(CITY.households) == first_associations(10**9) == city


def test_sizes_are_believable() -> None:
    sizes = sorted(association.households for association in whole_city())
    assert 70 <= median(sizes) <= 90
    assert sizes[0] == 10
    assert 450 <= sizes[-1] <= 600
    hills = [a.households for a in whole_city() if a.district.in_the_hills]
    assert median(hills) < median(sizes) / 1.5
    for association in whole_city():
        if association.name != "石引2丁目町会":
            assert all(10 <= block.households <= 20 for block in association.blocks)


def test_every_town_of_kanazawa_is_covered_with_each_of_its_postal_codes() -> None:
    covered = {
        (code.name, code.postal_code) for association in whole_city() for code in association.towns
    }
    towns = towns_of_kanazawa()
    assert len(towns) > 550
    for town in towns:
        for postal_code in town.postal_codes:
            assert any(
                name.startswith(town.name) and code == postal_code for name, code in covered
            ), town.name
    assert ("石引2丁目", "9200935") in covered
    assert ("諸江町上丁", "9200015") in covered


def test_every_town_is_put_under_one_district_by_name() -> None:
    placed = Counter(town for district in DISTRICTS for town in district.towns)
    assert set(placed.values()) == {1}
    assert {town.name for town in towns_of_kanazawa()} == set(placed)


def test_people_and_preferences_are_believable_in_the_whole_city() -> None:
    preferences: Counter[str] = Counter()
    people: dict[str, str] = {}
    away = 0
    for association in whole_city():
        ids = {block.name: 0 for block in association.blocks}
        for household in households_of(association, ids):
            preferences[household.preference] += 1
            if household.preference == "paper":
                assert not household.people
            else:
                assert 1 <= len(household.people) <= 5
                assert len(set(household.people.values())) == len(household.people)
            people |= household.people
            away += len(household.living_away)
    assert sum(preferences.values()) == 144_300
    assert 0.36 < preferences["paper"] / 144_300 < 0.40
    assert 0.14 < preferences["both"] / 144_300 < 0.18
    assert 245_000 < len(people) < 255_000
    assert 2_000 < away < 10_000
    assert checksum(sorted(people.items())) == WHOLE_PEOPLE_ARE


def test_the_plan_is_the_same_in_another_process_with_another_hash_seed() -> None:
    program = (
        "import django; django.setup()\n"
        "from associations.demo.plan import whole_city\n"
        "import hashlib; print(hashlib.sha256(repr(whole_city()).encode()).hexdigest())"
    )
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "PYTHONPATH": f"{ROOT / 'platform'}:{ROOT}",
    }
    seen = {
        subprocess.run(
            [sys.executable, "-c", program],
            env=environment | {"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert seen == {hashlib.sha256(repr(whole_city()).encode()).hexdigest() + "\n"}


@pytest.mark.parametrize("text", [*NAMED_SCALES, "1", "700"])
def test_a_scale_is_a_name_or_a_number(text: str) -> None:
    assert Scale.parse(text).households > 0


@pytest.mark.parametrize("text", ["", "0", "-5", "1.5", "town", "１０", "1e3"])
def test_anything_else_is_no_scale(text: str) -> None:
    with pytest.raises(CommandError):
        call_command("demo", scale=text)


def test_the_command_loads_every_room_at_the_scale_asked_for(
    db: None, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("demo", scale="300")
    assert "associations: 1 districts, 2 associations, 300 households" in capsys.readouterr().out
    assert Household.objects.count() == 300
