"""Second factors: an authenticator app, recovery codes, and the door for people with powers."""

import subprocess
import sys
import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings as django_settings
from django.core import mail
from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver

from accounts import rules
from accounts.middleware import SecondFactorMiddleware
from accounts.models import Role, User
from accounts.services import grant_role
from tests.accounts.hands import (
    PASSWORD,
    ask_for_code,
    code_in,
    enter_code,
    errors_of,
    is_signed_in,
    last_mail,
    sign_in,
    text_of,
    visitor,
)

ACTIVATE = "/accounts/2fa/totp/activate/"
SECOND_STEP = "/accounts/2fa/authenticate/"
DOOR = "/me/second-step/"


def app_code(secret, steps=0):
    """What an authenticator app shows now, or ``steps`` half minutes later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def confirm(browser):
    """Says who one is once more."""
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})


def set_up_app(browser):
    """Sets an app up and returns its secret."""
    confirm(browser)
    secret = browser.get(ACTIVATE).context["form"].secret
    browser.post(ACTIVATE, {"code": app_code(secret)})
    return secret


@pytest.fixture
def protected(known):
    """Somebody with an app; their browser, and the secret of the app."""
    known("ume@example.jp", username="ume")
    browser = visitor()
    sign_in(browser, "ume")
    return browser, set_up_app(browser)


@pytest.mark.parametrize("way", ["password", "code"])
def test_every_way_in_leads_through_the_second_step(protected, way):
    _browser, secret = protected
    browser = visitor()
    if way == "password":
        sign_in(browser, "ume")
    else:
        ask_for_code(browser, "ume@example.jp")
        enter_code(browser, code_in(last_mail()))
    assert not is_signed_in(browser)
    # The code that set the app up is used; apps show the next one half a minute later.
    enter_code(browser, "０" * 6, SECOND_STEP)
    assert not is_signed_in(browser)
    with time_machine.travel(time.time() + 30):
        enter_code(browser, app_code(secret), SECOND_STEP)
        assert is_signed_in(browser)


def test_a_code_of_the_app_works_once(protected):
    _browser, secret = protected
    with time_machine.travel(time.time() + 60):
        code = app_code(secret)
        first, second = visitor(), visitor()
        for browser in (first, second):
            sign_in(browser, "ume")
            enter_code(browser, code, SECOND_STEP)
        assert is_signed_in(first)
        assert not is_signed_in(second)


def test_a_code_of_a_minute_ago_is_too_old(protected):
    _browser, secret = protected
    browser = visitor()
    sign_in(browser, "ume")
    enter_code(browser, app_code(secret, -2), SECOND_STEP)
    assert not is_signed_in(browser)


def test_guessing_the_second_step_is_stopped(protected):
    _browser, secret = protected
    with time_machine.travel(time.time() + 60, tick=False):
        browser = visitor()
        sign_in(browser, "ume")
        for _attempt in range(6):
            response = enter_code(browser, "000000", SECOND_STEP)
        assert "wait five minutes" in errors_of(response, "code")
        enter_code(browser, app_code(secret), SECOND_STEP)
        assert not is_signed_in(browser)


def test_a_recovery_code_lets_in_once(protected):
    browser, _secret = protected
    confirm(browser)
    page = browser.get("/accounts/2fa/recovery-codes/")
    code = page.context["unused_codes"][0]
    assert f"{code[:4]} {code[4:]}" in text_of(page)
    for works in (True, False):
        lost_phone = visitor()
        sign_in(lost_phone, "ume")
        enter_code(lost_phone, f"{code[:4]} {code[4:]}", SECOND_STEP)
        assert is_signed_in(lost_phone) is works


def test_recovery_codes_are_shown_only_after_confirming_again(protected):
    browser, _secret = protected
    other = visitor()
    other.cookies = browser.cookies
    session = other.session
    session["account_authentication_methods"] = []
    session.save()
    page = other.get("/accounts/2fa/recovery-codes/")
    assert page.status_code == 302 or "****" in text_of(page)


def test_secrets_stand_encrypted_in_the_database(protected):
    _browser, secret = protected
    stored = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in stored
    app = Authenticator.objects.get(type=Authenticator.Type.TOTP)
    assert app.wrap().validate_code("000000") is False


def test_a_new_secret_key_with_the_old_one_as_fallback_still_opens_them(protected, settings):
    _browser, secret = protected
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-" + "y" * 50
    with time_machine.travel(time.time() + 60):
        app = Authenticator.objects.get(type=Authenticator.Type.TOTP)
        assert app.wrap().validate_code(app_code(secret))


def test_setting_up_an_app_asks_who_one_is(person):
    person("ume")
    browser = visitor()
    sign_in(browser, "ume")
    assert browser.get(ACTIVATE)["Location"].startswith("/accounts/reauthenticate/")


@pytest.mark.django_db(transaction=True)
def test_somebody_hears_by_mail_that_an_app_was_set_up(protected):

    subjects = [message.subject for message in mail.outbox]
    assert "[Yoriai] An authenticator app was set up" in subjects


# --- the door for people with powers ----------------------------------------------------------------


def every_address():
    """One address for every page of the house."""

    def walk(patterns, prefix=""):
        for pattern in patterns:
            route = prefix + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns, route)
            elif isinstance(pattern, URLPattern):
                yield route

    for route in walk(get_resolver().url_patterns):
        if "(?P" in route or "\\" in route:
            continue
        parts = [
            "1" if part.startswith("<int") else "x" if part.startswith("<") else part
            for part in route.replace("^", "").replace("$", "").split("/")
        ]
        yield "/" + "/".join(parts)


OFFICIALS = [Role.CITY_STAFF, Role.FACILITATOR, Role.ADMINISTRATOR]
OTHERS = [None, Role.COORDINATOR, Role.STUDENT]


def holder_of(person, role):
    one = person()
    if role:
        grant_role(actor=None, person=one, role=role)
    return one


@pytest.fixture
def strict(settings):
    settings.MFA_REQUIRED = True


@pytest.mark.parametrize("role", OFFICIALS)
def test_an_official_without_second_factor_finds_every_page_closed_but_the_door(
    strict, person, signed_in, role
):
    browser = signed_in(holder_of(person, role))
    open_pages = set()
    for address in every_address():
        for method in (browser.get, browser.post):
            if address == "/accounts/logout/":
                continue
            response = method(address)
            if response.status_code == 302 and response["Location"] == DOOR:
                continue
            open_pages.add(response.resolver_match.view_name)
    assert open_pages <= SecondFactorMiddleware.OPEN | {None}
    assert "core:home" not in open_pages


@pytest.mark.parametrize("role", OTHERS)
def test_others_are_let_through(strict, person, signed_in, role):
    browser = signed_in(holder_of(person, role))
    for address in ("/", "/me/", "/accounts/email/"):
        assert browser.get(address).status_code == 200


@pytest.mark.parametrize("role", OFFICIALS)
def test_nobody_is_compelled_where_the_house_does_not_ask_for_it(person, signed_in, role):
    assert signed_in(holder_of(person, role)).get("/me/").status_code == 200


def test_a_superuser_of_the_command_line_must_have_one_too(strict, signed_in, db):
    chief = User.objects.create_superuser("chief", password=PASSWORD)
    assert signed_in(chief).get("/admin/")["Location"] == DOOR


@pytest.mark.parametrize("role", OFFICIALS)
def test_the_door_leads_through_the_set_up_to_all_pages(strict, person, role):
    one = holder_of(person, role)
    browser = visitor()
    sign_in(browser, one.username)
    assert browser.get("/")["Location"] == DOOR
    assert browser.get(DOOR).status_code == 200
    set_up_app(browser)
    assert browser.get("/accounts/2fa/recovery-codes/").status_code == 200
    assert browser.get("/").status_code == 200
    assert not rules.lacks_second_factor(User.objects.get(pk=one.pk))


def test_recovery_codes_alone_are_no_second_factor(strict, person, signed_in):
    one = holder_of(person, Role.FACILITATOR)
    Authenticator.objects.create(user=one, type="recovery_codes", data={})
    assert rules.lacks_second_factor(one)
    assert signed_in(one).get("/")["Location"] == DOOR


def test_whoever_takes_the_factor_away_stands_at_the_door_again(strict, person):
    one = holder_of(person, Role.FACILITATOR)
    browser = visitor()
    sign_in(browser, one.username)
    set_up_app(browser)
    browser.post("/accounts/2fa/totp/deactivate/")
    assert browser.get("/")["Location"] == DOOR


def test_a_role_granted_to_somebody_who_is_signed_in_counts_at_once(strict, person, signed_in):
    one = person()
    browser = signed_in(one)
    assert browser.get("/me/").status_code == 200
    grant_role(actor=None, person=one, role=Role.CITY_STAFF)
    assert browser.get("/me/")["Location"] == DOOR


def test_an_official_at_the_door_can_sign_out(strict, person, signed_in):
    browser = signed_in(holder_of(person, Role.FACILITATOR))
    browser.post("/accounts/logout/")
    assert browser.get("/").status_code == 200


def test_a_page_part_asked_for_by_htmx_sends_the_whole_page_to_the_door(strict, person, signed_in):
    browser = signed_in(holder_of(person, Role.FACILITATOR))
    response = browser.get("/", headers={"HX-Request": "true"})
    assert response.headers["HX-Redirect"] == DOOR


@pytest.mark.parametrize("role", [*OFFICIALS, *OTHERS])
def test_officials_sign_in_every_working_day(person, role):
    browser = visitor()
    sign_in(browser, holder_of(person, role).username)
    hours = browser.session.get_expiry_age() / 3600
    assert round(hours) == (12 if role in OFFICIALS else 90 * 24)


def test_production_asks_for_it():

    asked = subprocess.run(
        [
            sys.executable,
            "-c",
            "from config.settings import production as p; print(p.MFA_REQUIRED, sorted(p.MFA_REQUIRED_ROLES))",
        ],
        cwd=django_settings.BASE_DIR,
        env={"PYTHONPATH": "platform", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert asked.stdout.strip() == "True ['administrator', 'city_staff', 'facilitator']"
