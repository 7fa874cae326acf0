"""Each way of signing in, as people do it."""

import pytest

from accounts.models import User
from accounts.services import close_account
from core.models import AuditEntry
from tests.accounts.hands import (
    PASSWORD,
    ask_for_code,
    code_in,
    enter_code,
    errors_of,
    is_signed_in,
    last_mail,
    sign_in,
    visitor,
)


@pytest.mark.parametrize(
    "typed",
    [
        "hanako",
        "HANAKO",
        " hanako ",
        "ｈａｎａｋｏ",
        "hanako@example.jp",
        "Hanako@Example.JP",
        "ｈａｎａｋｏ＠ｅｘａｍｐｌｅ．ｊｐ",
        "hanako@example。jp",
        "hanako @ example.jp",
    ],
)
def test_somebody_signs_in_with_a_password_however_they_type_their_name(known, typed):
    known(username="hanako")
    browser = visitor()
    sign_in(browser, typed)
    assert is_signed_in(browser)


def test_somebody_without_an_address_signs_in_with_user_name_and_password(person):
    person("ume")
    browser = visitor()
    sign_in(browser, "ume")
    assert is_signed_in(browser)


@pytest.mark.parametrize(
    "password", ["四つの ことばを ならべる", "p" * 200, "  leading space", "ＡＢＣ full width"]
)
def test_a_password_is_taken_exactly_as_it_was_typed(person, password):
    person("ume", password=password)
    for typed in (password.strip() + "x", password[:-1], password.upper() + "."):
        stranger = visitor()
        sign_in(stranger, "ume", typed)
        assert not is_signed_in(stranger)
    browser = visitor()
    sign_in(browser, "ume", password)
    assert is_signed_in(browser)


def test_a_wrong_password_lets_nobody_in_and_keeps_what_was_typed(person):
    person("ume")
    browser = visitor()
    response = sign_in(browser, "ume", "something else")
    assert "is not right" in errors_of(response, "__all__")
    assert b'value="ume"' in response.content
    assert b"something else" not in response.content
    assert not is_signed_in(browser)


def test_somebody_signs_in_by_a_code_without_any_password(known):
    known("hanako@example.jp", password=None)
    browser = visitor()
    ask_for_code(browser, "hanako@example.jp")
    enter_code(browser, code_in(last_mail()))
    assert is_signed_in(browser)


def test_an_address_alone_on_the_sign_in_page_sends_a_code(known):
    known("hanako@example.jp", password=None)
    browser = visitor()
    response = sign_in(browser, "ｈａｎａｋｏ＠ｅｘａｍｐｌｅ．ｊｐ", "")
    assert response["Location"] == "/accounts/login/code/confirm/"
    enter_code(browser, code_in(last_mail()))
    assert is_signed_in(browser)


def test_a_user_name_alone_asks_for_the_password(person):
    person("ume")
    response = sign_in(visitor(), "ume", "")
    assert "password" in errors_of(response, "password")


def test_people_come_to_the_page_that_they_wanted(person):
    person("ume")
    browser = visitor()
    wanted = browser.get("/me/display/")["Location"]
    response = browser.post(wanted, {"login": "ume", "password": PASSWORD, "next": "/me/display/"})
    assert response["Location"] == "/me/display/"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example/", "/\\evil.example"]
)
def test_nobody_is_sent_to_another_site_after_signing_in(person, elsewhere):
    person("ume")
    response = sign_in(visitor(), "ume", to=elsewhere)
    assert response["Location"] == "/"


def test_a_closed_account_lets_nobody_in(person, known):
    administrator = person(is_administrator=True)
    closed = known("hanako@example.jp", username="hanako")
    close_account(actor=administrator, person=closed)
    browser = visitor()
    sign_in(browser, "hanako")
    assert not is_signed_in(browser)
    ask_for_code(browser, "hanako@example.jp")
    assert "No account has this address" in last_mail().body


def test_a_closed_account_is_out_at_once(person, signed_in):
    administrator, hanako = person(is_administrator=True), person("hanako")
    browser = signed_in(hanako)
    assert is_signed_in(browser)
    close_account(actor=administrator, person=hanako)
    assert not is_signed_in(browser)


def test_the_forms_name_of_the_login_field_is_login(client, db):
    assert b'name="login"' in client.get("/accounts/login/").content


def test_sign_ins_stand_in_the_audit_log_with_their_way(person):
    ume = person("ume")
    sign_in(visitor(), "ume")
    entry = AuditEntry.objects.get(act="accounts.signed_in")
    assert entry.actor == ume
    assert entry.detail == {"ways": ["password"]}


def test_the_administration_has_no_sign_in_page_of_its_own(person):
    person("chief", is_administrator=True)
    browser = visitor()
    assert browser.get("/admin/login/?next=/admin/")["Location"].startswith("/accounts/login/")
    response = browser.post("/admin/login/", {"username": "chief", "password": PASSWORD})
    assert response.status_code == 302
    assert not is_signed_in(browser)


def test_names_differing_in_case_only_are_one_person(person):
    person("ume")
    browser = visitor()
    sign_in(browser, "UME")
    assert User.objects.get(pk=browser.session["_auth_user_id"]).username == "ume"
