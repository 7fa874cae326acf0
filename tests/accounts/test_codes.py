"""Codes by mail: single use, short-lived, slow to guess, easy to type."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from tests.accounts.hands import (
    ask_for_code,
    code_in,
    enter_code,
    is_signed_in,
    last_mail,
    text_of,
    visitor,
)

ADDRESS = "hanako@example.jp"


def wrong(code: str) -> str:
    """Another code of the same form."""
    return code[:-1] + str((int(code[-1]) + 1) % 10)


@pytest.fixture
def asked(known):
    """Somebody who has asked for a code, and the code."""
    known(ADDRESS)
    browser = visitor()
    ask_for_code(browser, ADDRESS)
    return browser, code_in(last_mail())


@pytest.mark.parametrize(
    "typed",
    [
        lambda code: code,
        lambda code: code.replace("-", ""),
        lambda code: code.replace("-", " "),
        lambda code: f"  {code}\u3000",
        lambda code: code.translate(str.maketrans("0123456789-", "０１２３４５６７８９－")),
        lambda code: code.replace("-", "ー"),
        lambda code: " ".join(code.replace("-", "")),
    ],
    ids=["as mailed", "bare", "space", "around", "full width", "long vowel mark", "spread"],
)
def test_a_code_works_however_it_is_typed(asked, typed):
    browser, code = asked
    enter_code(browser, typed(code))
    assert is_signed_in(browser)


def test_a_code_works_once(asked):
    browser, code = asked
    enter_code(browser, code)
    browser.post("/accounts/logout/")
    enter_code(browser, code)
    assert not is_signed_in(browser)
    ask_for_code(browser, ADDRESS)
    enter_code(browser, code)
    assert not is_signed_in(browser)


def test_a_code_works_only_where_it_was_asked_for(asked):
    _browser, code = asked
    somebody_else = visitor()
    enter_code(somebody_else, code)
    assert not is_signed_in(somebody_else)
    ask_for_code(somebody_else, ADDRESS)
    enter_code(somebody_else, code)
    assert not is_signed_in(somebody_else)


@pytest.mark.parametrize(("minutes", "works"), [(9, True), (11, False)])
def test_a_code_lives_for_ten_minutes(asked, minutes, works):
    browser, code = asked
    with time_machine.travel(timezone.now() + timedelta(minutes=minutes)):
        enter_code(browser, code)
        assert is_signed_in(browser) is works


def test_after_five_wrong_codes_the_right_one_opens_nothing(asked):
    browser, code = asked
    for _attempt in range(4):
        assert enter_code(browser, wrong(code)).status_code == 200
    response = enter_code(browser, wrong(code))
    assert response.status_code == 302
    enter_code(browser, code)
    assert not is_signed_in(browser)


def test_four_mistakes_are_forgiven(asked):
    browser, code = asked
    for _attempt in range(4):
        enter_code(browser, wrong(code))
    enter_code(browser, code)
    assert is_signed_in(browser)


@pytest.mark.parametrize(
    "typed", ["", "１２", "abcdefgh", "\u202e12345678", "' OR 1=1 --", "0" * 5000]
)
def test_nonsense_is_refused_beside_the_field(asked, typed):
    browser, _code = asked
    response = enter_code(browser, typed)
    assert response.status_code == 200
    assert 'aria-invalid="true"' in text_of(response)


def test_a_new_code_ends_the_old_one(asked):
    browser, first = asked
    browser.post("/accounts/login/code/confirm/", {"action": "resend"})
    second = code_in(last_mail())
    assert second != first
    enter_code(browser, first)
    assert not is_signed_in(browser)
    enter_code(browser, second)
    assert is_signed_in(browser)


def test_codes_are_eight_digits_and_never_the_same(known):
    known(ADDRESS)
    browser = visitor()
    ask_for_code(browser, ADDRESS)
    browser.post("/accounts/login/code/confirm/", {"action": "resend"})
    codes = {code_in(message) for message in mail.outbox}
    assert len(codes) == 2
    assert all(len(code.replace("-", "")) == 8 for code in codes)


def test_the_address_on_the_code_page_is_escaped(db):
    browser = visitor()
    ask_for_code(browser, '"<b>x</b>"@example.jp')
    assert "<b>x" not in text_of(browser.get("/accounts/login/code/confirm/"))


def test_a_forgotten_password_is_replaced_after_a_code(known):
    known(ADDRESS, username="hanako")
    browser = visitor()
    browser.post("/accounts/password/reset/", {"email": "ｈａｎａｋｏ＠ｅｘａｍｐｌｅ．ｊｐ"})
    enter_code(browser, code_in(last_mail()), "/accounts/password/reset/confirm/")
    browser.post("/accounts/password/reset/complete/", {"password1": "three words in a row"})
    assert is_signed_in(browser)
    again = visitor()
    again.post("/accounts/login/", {"login": "hanako", "password": "three words in a row"})
    assert is_signed_in(again)


def test_nobody_chooses_a_new_password_without_the_code(known):
    known(ADDRESS, username="hanako")
    browser = visitor()
    browser.post("/accounts/password/reset/", {"email": ADDRESS})
    response = browser.post(
        "/accounts/password/reset/complete/", {"password1": "three words in a row"}
    )
    assert response["Location"] == "/accounts/password/reset/confirm/"
    browser.post("/accounts/login/", {"login": "hanako", "password": "three words in a row"})
    assert not is_signed_in(browser)
