"""Joining: by the letter of the household, by passcode, by address."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import User
from associations import services
from associations.models import (
    Household,
    Letter,
    Office,
    OfficeTerm,
)
from associations.services import codes, make_letters
from associations.services.letters import find_letter
from core.errors import NotAllowed, NotFound
from core.models import AuditEntry
from tests.associations.conftest import SmallCity
from tests.associations.hands import NEWCOMER, enter

InOffice = Callable[..., OfficeTerm]
WISHES = {"preference": "both", "that_is_all": "all"}

pytestmark = pytest.mark.usefixtures("private_redis")


@pytest.fixture
def code(household: Household) -> str:
    [letter] = make_letters(actor=None, node=household.block, households=[household])
    return letter.code


def test_three_screens_without_an_e_mail_address_and_without_javascript(
    client: Client, household: Household, code: str
) -> None:
    assert enter(client, f" {codes.in_words(code).lower()} ")["Location"].endswith("/account/")
    screen = client.get("/associations/join/account/").content.decode()
    assert "1班-1" in screen
    answer = client.post("/associations/join/account/", NEWCOMER)
    assert answer["Location"].endswith("/join/wishes/")
    assert client.post("/associations/join/wishes/", WISHES)["Location"] == "/associations/mine/"
    person = User.objects.get(username="hanako7")
    assert person.email == ""
    assert household.members.get().person == person
    household.refresh_from_db()
    assert (household.preference, household.preference_said) == ("both", True)
    assert "1班-1" in client.get("/associations/mine/").content.decode()
    # The way back in.
    assert Client().login(username="hanako7", password=NEWCOMER["password"])


def test_the_square_in_the_letter_leads_past_the_first_screen(client: Client, code: str) -> None:
    assert client.get("/associations/join/", {"c": code})["Location"].endswith("/account/")


def test_the_table_does_not_hold_the_code(code: str) -> None:
    [row] = Letter.objects.values()
    assert code not in str(row)
    assert code not in str(list(AuditEntry.objects.values()))


def test_a_letter_serves_the_family_until_they_say_that_is_all(
    client: Client, household: Household, code: str
) -> None:
    enter(client, code)
    client.post("/associations/join/account/", NEWCOMER)
    client.post("/associations/join/wishes/", WISHES | {"that_is_all": "more"})
    son = Client()
    assert enter(son, code).status_code == 302
    fields = NEWCOMER | {"username": "ichiro", "lives_here": "away"}
    assert son.post("/associations/join/account/", fields).status_code == 302
    assert household.members.filter(lives_here=False).get().person.username == "ichiro"
    son.post("/associations/join/wishes/", WISHES)
    assert enter(Client(), code).status_code == 422
    with pytest.raises(NotFound):
        find_letter(code)


def test_a_revoked_an_old_and_a_reprinted_letter_open_nothing(
    household: Household,
    code: str,
    city: SmallCity,
    person: Callable[..., User],
    in_office: InOffice,
) -> None:
    [second] = make_letters(actor=None, node=city.association, households=[household])
    with pytest.raises(NotFound):
        find_letter(code)
    assert find_letter(second.code).household == household
    with (
        time_machine.travel(timezone.now() + timedelta(days=61)),
        pytest.raises(NotFound),
    ):
        find_letter(second.code)
    chair = person()
    in_office(chair, city.association)
    services.revoke_letter(actor=chair, household=household)
    with pytest.raises(NotFound):
        find_letter(second.code)


def test_a_letter_that_is_revoked_between_two_screens_leads_back_to_the_first(
    client: Client, household: Household, code: str
) -> None:
    enter(client, code)
    make_letters(actor=None, node=household.block, households=[household])
    answer = client.post("/associations/join/account/", NEWCOMER)
    assert answer["Location"].endswith("/associations/join/")
    assert not User.objects.filter(username="hanako7").exists()


def test_joining_the_same_household_twice_is_joining_it_once(
    client: Client, household: Household, code: str, resident: User
) -> None:
    client.force_login(resident)
    for _ in range(2):
        enter(client, code)
        answer = client.post("/associations/join/account/", {"lives_here": "here"})
        assert answer.status_code == 302
    assert household.members.count() == 1


def test_nobody_lives_in_two_households_by_two_letters(
    client: Client, household: Household, code: str, resident: User, city: SmallCity
) -> None:
    other = services.register_household(actor=None, block=city.second_block, label="2班-1")
    services.join_household(actor=None, household=other, person=resident)
    client.force_login(resident)
    enter(client, code)
    refused = client.post("/associations/join/account/", {"lives_here": "here"})
    assert refused.status_code == 422
    assert not household.members.exists()
    accepted = client.post("/associations/join/account/", {"lives_here": "away"})
    assert accepted.status_code == 302


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("username", "admin"),
        ("username", "花子"),
        ("display_name", "市役所"),
        ("display_name", " "),
        ("password", "12345678"),
        ("password", "hanako7"),
        ("lives_here", "nowhere"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_nothing_is_written(
    client: Client, household: Household, code: str, field: str, value: str
) -> None:
    enter(client, code)
    before = User.objects.count(), AuditEntry.objects.count()
    answer = client.post("/associations/join/account/", NEWCOMER | {field: value})
    assert answer.status_code == 422
    assert (User.objects.count(), AuditEntry.objects.count()) == before
    assert not household.members.exists()


def test_a_user_name_that_somebody_has_is_refused(
    client: Client, code: str, person: Callable[..., User]
) -> None:
    person("hanako7")
    enter(client, code)
    assert client.post("/associations/join/account/", NEWCOMER).status_code == 422


def test_a_stranger_who_guesses_codes_is_stopped_and_others_are_not(
    client: Client, code: str
) -> None:
    for number in range(20):
        guess = codes.new_code()
        assert enter(client, guess, REMOTE_ADDR="192.0.2.7").status_code == 422, number
    assert enter(client, codes.new_code(), REMOTE_ADDR="192.0.2.7").status_code == 429
    # Even the right one rests, or a guesser would learn it.
    assert enter(client, code, REMOTE_ADDR="192.0.2.7").status_code == 429
    scanned = client.get("/associations/join/", {"c": code}, REMOTE_ADDR="192.0.2.7")
    assert scanned.status_code == 429
    assert enter(client, code, REMOTE_ADDR="192.0.2.8").status_code == 302


def test_right_codes_are_not_counted_so_that_a_hall_can_join_together(city: SmallCity) -> None:
    households = [
        services.register_household(actor=None, block=city.first_block, label=str(number))
        for number in range(30)
    ]
    for letter in make_letters(actor=None, node=city.association, households=households):
        assert enter(Client(), letter.code, REMOTE_ADDR="192.0.2.9").status_code == 302


@pytest.mark.parametrize("typed", ["", "ABC", "あいうえおかきく", "0000-0000", "x" * 61, "%00"])
def test_what_is_no_code_at_all_is_answered_in_words(
    city: SmallCity, client: Client, typed: str
) -> None:
    assert enter(client, typed).status_code == 422


def test_without_a_letter_in_hand_the_second_and_third_screen_lead_to_the_first(
    city: SmallCity, client: Client, resident: User
) -> None:
    assert client.get("/associations/join/account/")["Location"].endswith("/join/")
    client.force_login(resident)
    assert client.get("/associations/join/wishes/")["Location"].endswith("/mine/")


# --- letters ----------------------------------------------------------------------------------------


def test_the_letters_of_the_rest_leave_out_who_is_in_and_who_wants_paper(
    client: Client,
    city: SmallCity,
    resident: User,
    person: Callable[..., User],
    in_office: InOffice,
) -> None:
    joined, paper, rest = (
        services.register_household(actor=None, block=city.first_block, label=label)
        for label in ("登録ずみ", "紙がよい", "まだの家")
    )
    services.join_household(actor=None, household=joined, person=resident)
    services.say_preference(actor=None, household=paper, preference=Household.Preference.PAPER)
    chair = person()
    in_office(chair, city.association)
    client.force_login(chair)
    printed = client.post(f"/associations/{city.association.pk}/letters/")
    text = printed.content.decode()
    assert text.count('class="letter"') == text.count("<svg viewBox") == 1
    assert "まだの家" in text
    assert "登録ずみ" not in text
    assert "no-store" in printed["Cache-Control"]
    assert Letter.objects.get().household == rest


def test_an_officer_cannot_print_letters_for_households_elsewhere(
    city: SmallCity, household: Household, person: Callable[..., User], in_office: InOffice
) -> None:
    leader = person()
    in_office(leader, city.second_block, Office.Kind.BLOCK_LEADER)
    with pytest.raises(NotFound):
        make_letters(actor=leader, node=city.second_block, households=[household])
    with pytest.raises(NotAllowed):
        make_letters(actor=leader, node=city.first_block, households=[household])
    assert not Letter.objects.exists()
