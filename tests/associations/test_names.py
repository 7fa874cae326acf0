"""Names: seen by officers of that node in office only, every look noted, and the member sees who looked."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.selectors import what_we_know
from associations import services
from associations.models import Household, Look, Office, OfficeTerm
from associations.selectors import mine, officers
from associations.services import HouseholdOutline, import_households, note_look
from core.errors import NotFound
from core.models import AuditEntry
from tests.associations.conftest import SmallCity

InOffice = Callable[..., OfficeTerm]


@pytest.fixture
def household(city: SmallCity, resident: User) -> Household:
    household = services.register_household(actor=None, block=city.first_block, label="1班-1")
    services.join_household(actor=None, household=household, person=resident)
    return household


@pytest.fixture
def chair(city: SmallCity, person: Callable[..., User], in_office: InOffice) -> User:
    chair = person("kaicho7", display_name="山田 正一")
    in_office(chair, city.association)
    return chair


@pytest.fixture
def officer(client: Client, chair: User) -> Client:
    client.force_login(chair)
    return client


def seen_by(person: User) -> list[tuple[str, str]]:
    looks, _following = mine.looks_at(person)
    return [(look.act, str(look.by)) for look in looks]


def test_the_list_a_household_and_the_file_are_noted_and_the_member_sees_by_whom(
    city: SmallCity, officer: Client, household: Household, resident: User
) -> None:
    block = city.first_block.pk
    assert "石引 花子" in officer.get(f"/associations/{block}/households/").content.decode()
    assert "石引 花子" in officer.get(f"/associations/households/{household.pk}/").content.decode()
    file = officer.post(f"/associations/{city.association.pk}/households/download/")
    assert "石引 花子" in b"".join(file).decode()
    assert seen_by(resident) == [
        ("export", "山田 正一"),
        ("household", "山田 正一"),
        ("list", "山田 正一"),
    ]
    assert AuditEntry.objects.filter(act="associations.names_seen").count() == 3
    me = Client()
    me.force_login(resident)
    page = me.get("/associations/mine/looks/", HTTP_ACCEPT_LANGUAGE="ja").content.decode()
    assert "山田 正一" in page
    assert "石引2丁目町会 町会長" in page


def test_a_look_at_others_is_not_shown_to_me(
    city: SmallCity, officer: Client, household: Household, resident: User
) -> None:
    neighbour = services.register_household(actor=None, block=city.first_block, label="1班-2")
    officer.get(f"/associations/households/{neighbour.pk}/")
    officer.get(f"/associations/{city.second_block.pk}/households/")
    assert seen_by(resident) == []


def test_who_may_not_see_names_leaves_no_note_and_learns_nothing(
    city: SmallCity, household: Household, person: Callable[..., User], in_office: InOffice
) -> None:
    leader = person()
    in_office(leader, city.second_block, Office.Kind.BLOCK_LEADER)
    with pytest.raises(NotFound):
        note_look(actor=leader, node=city.first_block, act=Look.Act.LIST)
    client = Client()
    client.force_login(leader)
    answer = client.get(f"/associations/households/{household.pk}/")
    assert answer.status_code == 404
    assert not Look.objects.exists()


def test_names_are_closed_from_the_day_after_the_term(
    city: SmallCity, chair: User, household: Household, this_year: tuple[object, ...]
) -> None:
    with time_machine.travel(this_year[1] + timedelta(days=2)):  # type: ignore[operator]
        client = Client()
        client.force_login(chair)
        answer = client.get(f"/associations/{city.first_block.pk}/households/")
    assert answer.status_code == 404


def test_the_desk_shows_numbers_and_no_names_and_notes_nothing(
    city: SmallCity, officer: Client, household: Household
) -> None:
    page = officer.get(f"/associations/{city.association.pk}/desk/").content.decode()
    assert "石引 花子" not in page
    assert not Look.objects.exists()


def test_the_file_is_harmless_in_a_spreadsheet(
    city: SmallCity, officer: Client, person: Callable[..., User]
) -> None:
    household = services.register_household(
        actor=None, block=city.first_block, label="=HYPERLINK(1)"
    )
    services.join_household(
        actor=None, household=household, person=person(display_name="@sum さん")
    )
    file = officer.post(f"/associations/{city.association.pk}/households/download/")
    text = b"".join(file).decode()
    assert text.startswith("\ufeff")
    assert ",'=HYPERLINK(1)," in text
    assert "'@sum さん" in text


def test_members_read_who_is_in_office_and_guests_do_not(
    city: SmallCity, chair: User, household: Household, resident: User
) -> None:
    address = f"/associations/{city.association.pk}/"
    assert "山田 正一" not in Client().get(address).content.decode()
    member = Client()
    member.force_login(resident)
    assert "山田 正一" in member.get(address).content.decode()


def test_the_archive_of_my_data_says_who_looked(
    city: SmallCity, officer: Client, household: Household, resident: User
) -> None:
    officer.get(f"/associations/{city.first_block.pk}/households/")
    told = mine.what_we_know(resident)
    assert told["who_looked"][0]["who"] == "山田 正一"
    assert told["households"][0]["household__label"] == "1班-1"
    assert what_we_know(resident)


@pytest.mark.parametrize(
    "address",
    [
        "/associations/{association}/desk/",
        "/associations/{block}/households/",
        "/associations/{association}/letters/",
        "/associations/{association}/requests/",
        "/associations/{association}/offices/",
    ],
)
def test_an_officers_page_costs_the_same_queries_for_3_and_for_45_households(
    city: SmallCity, officer: Client, address: str
) -> None:
    where = address.format(association=city.association.pk, block=city.first_block.pk)
    counted = []
    for households in (3, 45):
        import_households(
            actor=None,
            households=[
                HouseholdOutline(
                    city.first_block.pk, f"1班-{n}", "digital", {f"k{n}-1": "花", f"k{n}-2": "葉"}
                )
                for n in range(households)
            ],
        )
        officer.get(where)
        with CaptureQueriesContext(connection) as queries:
            assert officer.get(where).status_code == 200
        counted.append(len(queries))
    assert counted[0] == counted[1] <= 18


def test_a_large_block_is_read_page_by_page_each_household_once(
    city: SmallCity, officer: Client, resident: User
) -> None:
    import_households(
        actor=None,
        households=[HouseholdOutline(city.first_block.pk, f"1班-{n}", "paper") for n in range(120)],
    )
    labels, after = [], ""
    while True:
        roster = officers.roster_of(city.first_block, after=after)
        labels += [household.label for household in roster.households]
        after = roster.following
        if not after:
            break
    assert labels == [f"1班-{n}" for n in range(120)]
    for cursor in ("x", "-1", "1.5", "９", "9" * 30):
        answer = officer.get(f"/associations/{city.first_block.pk}/households/", {"after": cursor})
        assert answer.status_code == 400
