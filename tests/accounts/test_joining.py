"""Joining: one short page, by an address or by a user name, with clear words for every mistake."""

from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail
from django.utils import timezone

from accounts.models import User
from accounts.services import forget_what_ended
from tests.accounts.hands import (
    PASSWORD,
    ask_for_code,
    code_in,
    enter_code,
    errors_of,
    is_signed_in,
    join_by_email,
    join_by_password,
    last_mail,
    sign_in,
    text_of,
    visitor,
)

CONFIRM = "/accounts/confirm-email/"

pytestmark = pytest.mark.django_db


def test_somebody_joins_with_a_name_and_an_address_and_needs_no_password():
    browser = visitor()
    join_by_email(browser, "hanako@example.jp", "石引 花子")
    assert not is_signed_in(browser)
    enter_code(browser, code_in(last_mail()), CONFIRM)
    assert is_signed_in(browser)
    hanako = User.objects.get()
    assert (hanako.display_name, hanako.email) == ("石引 花子", "hanako@example.jp")
    assert not hanako.has_usable_password()
    assert "hanako" not in hanako.username


def test_somebody_joins_without_an_address():
    browser = visitor()
    join_by_password(browser, "ｕｍｅ", name="うめ")
    assert is_signed_in(browser)
    ume = User.objects.get()
    assert (ume.username, ume.display_name, ume.email) == ("ume", "うめ", "")
    assert mail.outbox == []


def test_many_people_without_an_address_can_join():
    for number in range(3):
        join_by_password(visitor(), f"neighbour{number}")
    assert User.objects.filter(email="").count() == 3


def test_what_was_typed_for_the_way_not_taken_counts_for_nothing(known):
    known("hanako@example.jp")
    browser = visitor()
    browser.post(
        "/accounts/signup/",
        {
            "display_name": "うめ",
            "way": "password",
            "email": "hanako@example.jp",
            "username": "ume",
            "password1": PASSWORD,
        },
    )
    assert is_signed_in(browser)
    assert User.objects.get(username="ume").email == ""
    other = visitor()
    other.post(
        "/accounts/signup/",
        {
            "display_name": "ふみ",
            "way": "email",
            "email": "fumi@example.jp",
            "username": "not allowed!",
            "password1": "x",
        },
    )
    enter_code(other, code_in(last_mail()), CONFIRM)
    assert is_signed_in(other)


def test_everything_at_once_is_taken_too():
    browser = visitor()
    browser.post(
        "/accounts/signup/",
        {
            "display_name": "うめ",
            "email": "ume@example.jp",
            "username": "ume",
            "password1": PASSWORD,
        },
    )
    enter_code(browser, code_in(last_mail()), CONFIRM)
    assert is_signed_in(browser)
    again = visitor()
    sign_in(again, "ume")
    assert is_signed_in(again)


def test_an_address_in_full_width_letters_is_understood():
    browser = visitor()
    join_by_email(browser, "Ｈａｎａｋｏ＠Ｅｘａｍｐｌｅ。ｊｐ")
    assert last_mail().to == ["hanako@example.jp"]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"display_name": "", "way": "email", "email": "a@example.jp"}, "display_name"),
        ({"display_name": "花子", "way": "email", "email": ""}, "email"),
        ({"display_name": "花子", "way": "email", "email": "hanako"}, "email"),
        ({"display_name": "花子", "way": "email", "email": "a@b@c.jp"}, "email"),
        ({"display_name": "花子", "way": "email", "email": "a@example.jp\nb@example.jp"}, "email"),
        ({"display_name": "花子", "way": "password", "password1": PASSWORD}, "username"),
        ({"display_name": "花子", "way": "password", "username": "ume"}, "password1"),
        (
            {"display_name": "花子", "way": "password", "username": "ab", "password1": PASSWORD},
            "username",
        ),
        (
            {"display_name": "花子", "way": "password", "username": "花子", "password1": PASSWORD},
            "username",
        ),
        (
            {
                "display_name": "花子",
                "way": "password",
                "username": "u" * 200,
                "password1": PASSWORD,
            },
            "username",
        ),
        (
            {"display_name": "花子", "way": "password", "username": "ume", "password1": "12345678"},
            "password1",
        ),
        (
            {"display_name": "花子", "way": "password", "username": "ume", "password1": "short"},
            "password1",
        ),
        (
            {
                "display_name": "花子",
                "way": "password",
                "username": "umeko77",
                "password1": "umeko77x",
            },
            "password1",
        ),
        ({"display_name": "花子"}, "username"),
        ({"display_name": "花子", "way": "pigeon", "email": "a@example.jp"}, "way"),
        ({"display_name": "あ" * 200, "way": "email", "email": "a@example.jp"}, "display_name"),
    ],
)
def test_mistakes_are_named_beside_their_field_and_nothing_is_lost(fields, field):
    response = visitor().post("/accounts/signup/", fields)
    assert response.status_code == 200
    assert errors_of(response, field)
    assert User.objects.count() == 0
    name = fields.get("display_name")
    if name:
        assert f'value="{name}"' in text_of(response)


@pytest.mark.parametrize(
    "name", ["花", "あ" * 50, "石引 花子", "Vlad Minowa", "badminton 好き", "👵 うめ"]
)
def test_names_of_one_to_fifty_characters_are_welcome(name):
    browser = visitor()
    join_by_password(browser, "ume", name=name)
    assert is_signed_in(browser)
    assert User.objects.get().display_name == name


def test_a_name_with_line_breaks_and_invisible_characters_becomes_one_clean_line():
    join_by_password(visitor(), "ume", name="うめ\r\n\u202eよし\u200bこ\u0000\u2028さん")
    name = User.objects.get().display_name
    assert name == "うめ よしこ さん"


@pytest.mark.parametrize(
    "name", ["\u200b\u200d", "\u3164", "\u2800\u2800", "　　", "!!!", "\u202e"]
)
def test_a_name_of_which_nothing_can_be_seen_is_refused(name):
    response = join_by_password(visitor(), "ume", name=name)
    assert errors_of(response, "display_name")


@pytest.mark.parametrize(
    "username",
    ["admin", "Admin", "adm1n", "root", "yoriai-staff", "shiyakush0", "kanazawa-shi", "moderator"],
)
def test_a_user_name_that_imitates_staff_is_refused(username):
    response = join_by_password(visitor(), username)
    assert "looks like a name of the city" in errors_of(response, "username")


def test_a_user_name_that_is_taken_is_refused_in_any_case(person):
    person("ume")
    response = join_by_password(visitor(), "UME")
    assert "is taken" in errors_of(response, "username")


def test_somebody_who_mistyped_the_address_joins_again_with_the_right_one():
    browser = visitor()
    join_by_email(browser, "hanako@exmaple.jp")
    assert "Use another address" in text_of(browser.get(CONFIRM))
    browser.post("/accounts/logout/", {"next": "/accounts/signup/"})
    join_by_email(browser, "hanako@example.jp")
    enter_code(browser, code_in(last_mail()), CONFIRM)
    assert is_signed_in(browser)


def test_somebody_who_types_the_address_of_another_gains_nothing_by_it():
    """A stranger signs up with a victim's address and a password, and waits for the victim to come."""
    stranger = visitor()
    stranger.post(
        "/accounts/signup/",
        {
            "display_name": "だれか",
            "email": "victim@example.jp",
            "username": "victim1",
            "password1": "the strangers own",
        },
    )
    victim = visitor()
    ask_for_code(victim, "victim@example.jp")
    enter_code(victim, code_in(last_mail()))
    assert is_signed_in(victim)
    assert EmailAddress.objects.get().verified
    back = visitor()
    response = sign_in(back, "victim1", "the strangers own")
    assert "is not right" in errors_of(response, "__all__")
    assert not is_signed_in(back)


def test_sign_ups_that_nobody_finished_are_forgotten_after_a_day(person):
    join_by_email(visitor(), "hanako@example.jp")
    desk = person("desk", password=None)
    with time_machine.travel(timezone.now() + timedelta(hours=23)):
        forget_what_ended()
        assert User.objects.filter(email="hanako@example.jp").exists()
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        assert forget_what_ended()["sign_ups"] == 1
        assert list(User.objects.all()) == [desk]


def test_accounts_that_were_used_are_not_forgotten():
    browser = visitor()
    join_by_email(browser, "hanako@example.jp")
    enter_code(browser, code_in(last_mail()), CONFIRM)
    with time_machine.travel(timezone.now() + timedelta(days=400)):
        forget_what_ended()
    assert User.objects.filter(email="hanako@example.jp").exists()


def test_an_address_longer_than_any_address_is_refused_twice_with_words():
    endless = f"hanako@{'a' * 60}.{'b' * 60}.{'c' * 60}.{'d' * 60}.example.jp"
    for _attempt in range(2):
        answer = join_by_email(visitor(), endless, "花子")
        assert answer.status_code < 500
        assert errors_of(answer, "email")
    assert not User.objects.exists()
