"""Trying doors: limits by account and by network address, and the words that are said then."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from tests.accounts.hands import (
    ask_for_code,
    errors_of,
    is_signed_in,
    join_by_email,
    sign_in,
    text_of,
    visitor,
)


def test_after_five_wrong_passwords_the_right_one_rests_for_five_minutes(person):
    person("ume")
    browser = visitor()
    for _attempt in range(5):
        sign_in(browser, "ume", "wrong")
    response = sign_in(browser, "ume")
    assert "wait five minutes" in errors_of(response, "__all__")
    assert not is_signed_in(browser)
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        sign_in(browser, "ume")
        assert is_signed_in(browser)


def test_the_limit_of_an_account_holds_from_everywhere_and_in_every_writing(person):
    person("ume")
    for number, login in enumerate(["ume", "UME", "ｕｍｅ", " ume", "Ume"]):
        sign_in(visitor(), login, "wrong", REMOTE_ADDR=f"192.0.2.{number}")
    browser = visitor()
    sign_in(browser, "ume", REMOTE_ADDR="192.0.2.99")
    assert not is_signed_in(browser)


def test_an_account_that_does_not_exist_rests_in_the_same_way(db):
    browser = visitor()
    for _attempt in range(5):
        sign_in(browser, "nobody", "wrong")
    assert "wait five minutes" in errors_of(sign_in(browser, "nobody", "wrong"), "__all__")


def test_others_sign_in_while_one_account_rests(person):
    person("ume"), person("fumi")
    for _attempt in range(6):
        sign_in(visitor(), "ume", "wrong")
    browser = visitor()
    sign_in(browser, "fumi")
    assert is_signed_in(browser)


def test_a_class_of_thirty_signs_in_from_one_address(person):
    for number in range(30):
        name = person(f"pupil{number:02}").username
        browser = visitor()
        sign_in(browser, name)
        assert is_signed_in(browser)


def test_nobody_floods_the_inbox_of_another(known):
    known("hanako@example.jp")
    for number in range(6):
        visitor().post(
            "/accounts/login/code/",
            {"email": "hanako@example.jp"},
            REMOTE_ADDR=f"192.0.2.{number}",
        )
    assert len(mail.outbox) == 3


def test_nobody_floods_the_inbox_of_another_by_forgetting_a_password(known):
    known("hanako@example.jp")
    for number in range(6):
        visitor().post(
            "/accounts/password/reset/",
            {"email": "hanako@example.jp"},
            REMOTE_ADDR=f"192.0.2.{number}",
        )
    assert len(mail.outbox) == 3


def test_nobody_floods_the_inbox_of_somebody_without_an_account(db):
    for number in range(6):
        join_by_email(visitor(), "stranger@example.jp", f"名前{number}")
    assert len(mail.outbox) <= 3


def test_asking_too_often_says_when_to_try_again(known):
    known("hanako@example.jp")
    browser = visitor()
    for _attempt in range(4):
        browser.post("/accounts/logout/")
        response = ask_for_code(browser, "hanako@example.jp")
    assert "wait five minutes" in errors_of(response, "email")


def test_one_address_that_tries_many_accounts_is_stopped(person):
    names = [person(f"neighbour{number}").username for number in range(25)]
    for name in names:
        sign_in(visitor(), name, "wrong")
    browser = visitor()
    sign_in(browser, names[0])
    assert not is_signed_in(browser)


def test_the_page_for_too_many_requests_is_ours(db):
    browser = visitor()
    for _attempt in range(61):
        response = browser.post("/accounts/signup/", {})
    assert response.status_code == 429
    page = text_of(response)
    assert "Please wait a little" in page
    assert 'class="header"' in page


def test_a_header_of_the_visitor_does_not_make_them_somebody_else(person):
    person("ume")
    for number in range(5):
        sign_in(visitor(**{"x-forwarded-for": f"198.51.100.{number}"}), "ume", "wrong")
    for number in range(20):
        sign_in(visitor(**{"x-forwarded-for": f"198.51.100.{number}"}), f"n{number}", "wrong")
    fumi = person("fumi")
    browser = visitor(**{"x-forwarded-for": "198.51.100.77"})
    sign_in(browser, fumi.username)
    assert not is_signed_in(browser)


@pytest.mark.parametrize("path", ["/me/confirm/code/", "/me/student/"])
def test_codes_for_people_who_are_signed_in_are_limited_too(known, path):
    known("hanako@example.jp", username="hanako")
    browser = visitor()
    sign_in(browser, "hanako")
    answers = [
        browser.post(path, {"address": "s@kanazawa-u.ac.jp"}).status_code for _attempt in range(5)
    ]
    assert answers[-1] == 429
    assert len(mail.outbox) == 3
