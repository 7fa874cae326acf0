"""Where one is signed in, and ending it elsewhere."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.models import User
from accounts.services import (
    close_account,
    forget_what_ended,
    reopen_account,
    sign_out_everywhere,
)
from core.errors import NotAllowed
from tests.accounts.hands import PASSWORD, is_signed_in, sign_in, text_of, visitor

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1"
DESK = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/130.0"


@pytest.fixture
def devices(person):
    """A phone and a computer of the same person."""
    person("ume")
    phone, desk = visitor(**{"user-agent": PHONE}), visitor(**{"user-agent": DESK})
    for device in (phone, desk):
        sign_in(device, "ume")
    return phone, desk


def test_the_list_names_devices_in_plain_words_and_marks_this_one(devices):
    phone, _desk = devices
    page = text_of(phone.get("/accounts/sessions/"))
    assert "iPhone" in page
    assert "Windows computer" in page
    assert "Mozilla" not in page
    assert page.index("iPhone") < page.index("This device") < page.index("Windows computer")


def test_one_device_signs_out_the_others(devices):
    phone, desk = devices
    phone.post("/accounts/sessions/")
    assert is_signed_in(phone)
    assert not is_signed_in(desk)
    assert "on this device only" in text_of(phone.get("/accounts/sessions/"))


def test_nobody_ends_the_sessions_of_others(devices, person):
    phone, desk = devices
    stranger = visitor()
    sign_in(stranger, person("stranger").username)
    stranger.post("/accounts/sessions/")
    assert is_signed_in(phone)
    assert is_signed_in(desk)
    assert "iPhone" not in text_of(stranger.get("/accounts/sessions/"))


def test_a_new_password_signs_out_every_other_device(devices):
    phone, desk = devices
    phone.post("/accounts/reauthenticate/", {"password": PASSWORD})
    phone.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": "three words in a row"},
    )
    assert is_signed_in(phone)
    assert not is_signed_in(desk)


def test_signing_in_gives_the_session_another_key(person):
    person("ume")
    browser = visitor()
    browser.get("/accounts/login/")
    browser.post("/accounts/login/code/", {"email": "nobody@example.jp"})
    before = browser.session.session_key
    browser.post("/accounts/logout/")
    sign_in(browser, "ume")
    assert before
    assert browser.session.session_key != before


def test_signing_out_ends_the_session_at_the_server(devices):
    phone, _desk = devices
    kept = phone.cookies["sessionid"].value
    phone.post("/accounts/logout/")
    thief = visitor()
    thief.cookies["sessionid"] = kept
    assert not is_signed_in(thief)


def test_signing_out_needs_a_press_not_a_link(devices):
    phone, _desk = devices
    assert "Stay signed in" in text_of(phone.get("/accounts/logout/"))
    assert is_signed_in(phone)


def test_an_administrator_signs_somebody_out_on_every_device(devices, person, signed_in):
    phone, desk = devices
    chief = signed_in(person(is_administrator=True))
    ume = User.objects.get(username="ume")
    chief.post("/admin/accounts/user/", {"action": "sign_out", "_selected_action": [ume.pk]})
    assert not is_signed_in(phone)
    assert not is_signed_in(desk)
    with pytest.raises(NotAllowed):
        sign_out_everywhere(actor=person(), person=ume)


def test_sessions_do_not_come_to_life_again_with_a_closed_account(devices, person):
    phone, _desk = devices
    chief, ume = person(is_administrator=True), User.objects.get(username="ume")
    close_account(actor=chief, person=ume)
    reopen_account(actor=chief, person=ume)
    assert not is_signed_in(phone)
    sign_in(phone, "ume")
    assert is_signed_in(phone)


@pytest.mark.parametrize(("days", "alive"), [(89, True), (91, False)])
def test_a_sign_in_ends_after_ninety_days_however_much_it_is_used(devices, days, alive):
    phone, _desk = devices
    start = timezone.now()
    for day in range(10, days + 1, 10):
        with time_machine.travel(start + timedelta(days=day)):
            session = phone.session
            session["used"] = day
            session.save()
    with time_machine.travel(start + timedelta(days=days)):
        assert is_signed_in(phone) is alive


def test_sessions_that_have_ended_are_removed(devices):
    phone, _desk = devices
    with time_machine.travel(timezone.now() + timedelta(days=91)):
        assert not is_signed_in(phone)
        forget_what_ended()
        assert Session.objects.count() == 0


@pytest.mark.parametrize("attribute", ["httponly", "samesite"])
def test_scripts_and_other_sites_do_not_get_the_session(devices, attribute):
    phone, _desk = devices
    assert phone.cookies["sessionid"][attribute]
