"""LINE and Google: joining, coming back, connecting, disconnecting; against a local LINE over real HTTP."""

import subprocess
import sys
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.google.views import GoogleOAuth2Adapter
from allauth.socialaccount.providers.line.views import LineOAuth2Adapter
from django.conf import settings as django_settings
from django.core import mail

from accounts.models import User
from tests.accounts.google_double import CLIENT_ID, CLIENT_SECRET, CODE, google_double
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
from tests.accounts.line_double import CHANNEL_ID, CHANNEL_SECRET, line_double

# What is said to the other side no database changes.
pytestmark = [pytest.mark.once, pytest.mark.django_db]


@pytest.fixture
def line(settings, monkeypatch):
    """LINE, with our channel's keys in the settings."""
    settings.SOCIALACCOUNT_PROVIDERS = {
        "line": {
            "APP": {"client_id": CHANNEL_ID, "secret": CHANNEL_SECRET},
            "SCOPE": ["profile"],
            "OAUTH_PKCE_ENABLED": True,
        }
    }
    with line_double() as double:
        monkeypatch.setattr(
            LineOAuth2Adapter, "authorize_url", f"{double.url}/oauth2/v2.1/authorize"
        )
        monkeypatch.setattr(
            LineOAuth2Adapter, "access_token_url", f"{double.url}/oauth2/v2.1/token"
        )
        monkeypatch.setattr(LineOAuth2Adapter, "profile_url", f"{double.url}/v2/profile")
        yield double


def to_line(browser, process="login", after=""):
    """Presses the button and goes to LINE; returns the address to which LINE sends back."""
    response = browser.post(f"/accounts/line/login/?process={process}&next={after}")
    assert response.status_code == 302, text_of(response)
    answer = requests.get(response["Location"], allow_redirects=False, timeout=5)
    assert answer.status_code == 302, answer.text
    back = urlsplit(answer.headers["Location"])
    return f"{back.path}?{back.query}"


def by_line(browser, **how):
    """The whole way to LINE and back."""
    return browser.get(to_line(browser, **how))


def somebody_else(line, letter, name):
    line.holder = {"userId": "U" + letter * 32, "displayName": name}


def test_somebody_joins_by_line_with_one_press_and_without_an_address(line):
    browser = visitor()
    by_line(browser)
    assert is_signed_in(browser)
    hana = User.objects.get()
    assert (hana.display_name, hana.email) == ("花", "")
    assert line.holder["userId"] not in hana.username
    assert not hana.has_usable_password()
    assert mail.outbox == []


def test_several_people_join_by_line_though_none_has_an_address(line):
    for letter, name in (("a", "花"), ("b", "太郎"), ("c", "花")):
        somebody_else(line, letter, name)
        browser = visitor()
        by_line(browser)
        assert is_signed_in(browser)
    assert list(User.objects.values_list("display_name", "email").order_by("pk")) == [
        ("花", ""),
        ("太郎", ""),
        ("花", ""),
    ]


def test_whoever_comes_back_is_the_same_person(line):
    for _time in range(2):
        browser = visitor()
        by_line(browser)
        assert is_signed_in(browser)
    assert User.objects.count() == 1


def test_only_the_name_is_kept_of_what_line_tells(line):
    by_line(visitor())
    assert SocialAccount.objects.get().extra_data == {"name": "花"}


@pytest.mark.parametrize("name", ["金沢市役所 公式", "管理者", "\u200b", "ﾌｧｼﾘﾃｰﾀｰ", ""])
def test_a_name_that_cannot_stand_here_is_asked_for_again(line, name):
    somebody_else(line, "d", name)
    browser = visitor()
    response = by_line(browser)
    assert response["Location"] == "/accounts/3rdparty/signup/"
    assert "LINE has told us" in text_of(browser.get(response["Location"]))
    refused = browser.post("/accounts/3rdparty/signup/", {"display_name": "市職員"})
    assert errors_of(refused, "display_name")
    browser.post("/accounts/3rdparty/signup/", {"display_name": "うめ"})
    assert is_signed_in(browser)
    assert User.objects.get().display_name == "うめ"


def test_a_name_of_two_hundred_characters_is_cut_not_refused(line):
    somebody_else(line, "e", "長" * 200)
    browser = visitor()
    by_line(browser)
    assert is_signed_in(browser)
    assert User.objects.get().display_name == "長" * 50


def test_saying_no_at_line_is_answered_with_a_friendly_page(line):
    line.declines = True
    browser = visitor()
    response = by_line(browser)
    page = browser.get(response["Location"])
    assert "You stopped signing in" in text_of(page)
    assert User.objects.count() == 0


def test_a_code_of_line_works_once_and_only_for_whoever_asked(line):
    browser = visitor()
    back = to_line(browser)
    thief = visitor()
    assert thief.get(back).status_code == 401
    browser.get(back)
    assert is_signed_in(browser)
    browser.post("/accounts/logout/")
    assert browser.get(back).status_code == 401
    assert not is_signed_in(browser)
    assert not is_signed_in(thief)


@pytest.mark.parametrize("fault", ["wrong code", "wrong secret", "profile down", "line silent"])
def test_whatever_fails_at_line_says_what_to_do_and_opens_nothing(
    line, settings, monkeypatch, fault
):
    browser = visitor()
    if fault == "wrong secret":
        settings.SOCIALACCOUNT_PROVIDERS["line"]["APP"]["secret"] = "x"
    back = to_line(browser)
    if fault == "wrong code":
        state = parse_qs(urlsplit(back).query)["state"][0]
        back = f"/accounts/line/login/callback/?code=made-up&state={state}"
    elif fault == "profile down":
        line.profile_is_down = True
    elif fault == "line silent":
        monkeypatch.setattr(LineOAuth2Adapter, "access_token_url", "http://127.0.0.1:9/token")
    response = browser.get(back)
    assert response.status_code == 401
    assert "Please try again, or choose another way" in text_of(response)
    assert not is_signed_in(browser)
    assert User.objects.count() == 0


def test_somebody_with_an_account_connects_line_and_signs_in_by_it(line, person):
    person("ume")
    browser = visitor()
    sign_in(browser, "ume")
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    by_line(browser, process="connect")
    assert SocialAccount.objects.get().user.username == "ume"
    phone = visitor()
    by_line(phone)
    assert "ume" in text_of(phone.get("/me/"))
    assert User.objects.count() == 1


def test_the_line_of_another_cannot_be_connected(line, person):
    by_line(visitor())
    owner = SocialAccount.objects.get().user
    person("ume")
    browser = visitor()
    sign_in(browser, "ume")
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    by_line(browser, process="connect")
    assert SocialAccount.objects.get().user == owner
    assert "another account already" in text_of(browser.get("/accounts/3rdparty/"))


def test_nobody_locks_themselves_out_by_disconnecting(line):
    browser = visitor()
    by_line(browser)
    account = SocialAccount.objects.get()
    response = browser.post("/accounts/3rdparty/", {"account": account.pk})
    assert "could not sign in any more" in errors_of(response, "__all__")
    assert SocialAccount.objects.exists()
    browser.post("/accounts/email/", {"email": "hana@example.jp", "action_add": "1"})
    enter_code(browser, code_in(last_mail()), "/accounts/confirm-email/")
    browser.post("/accounts/3rdparty/", {"account": account.pk})
    assert not SocialAccount.objects.exists()
    again = visitor()
    ask_for_code(again, "hana@example.jp")
    enter_code(again, code_in(last_mail()))
    assert is_signed_in(again)


def test_nobody_disconnects_the_line_of_another(line, person, signed_in):
    by_line(visitor())
    account = SocialAccount.objects.get()
    signed_in(person()).post("/accounts/3rdparty/", {"account": account.pk})
    assert SocialAccount.objects.filter(pk=account.pk).exists()


def test_somebody_who_has_only_line_confirms_leaving_by_signing_in_again(line):
    browser = visitor()
    by_line(browser)
    session = browser.session
    session["account_authentication_methods"] = []
    session.save()
    where = browser.get("/me/leave/confirm/")["Location"]
    assert "Continue with LINE" in text_of(browser.get(where))
    response = by_line(browser, after="/me/leave/confirm/")
    assert response["Location"] == "/me/leave/confirm/"
    browser.post("/me/leave/confirm/")
    assert User.objects.get().erased_at is not None
    assert not SocialAccount.objects.exists()


def test_the_button_is_a_press_and_no_link(line):
    response = visitor().get("/accounts/line/login/")
    assert response.status_code == 200
    assert line.requests == []


def test_buttons_appear_only_for_services_that_have_keys(line):
    page = text_of(visitor().get("/accounts/login/"))
    assert "Continue with LINE" in page
    assert "Google" not in page


def test_without_keys_there_are_neither_buttons_nor_pages(settings):
    settings.SOCIALACCOUNT_PROVIDERS = {}
    browser = visitor()
    assert "Continue with" not in text_of(browser.get("/accounts/login/"))
    for path in (
        "/accounts/line/login/",
        "/accounts/google/login/",
        "/accounts/line/login/callback/",
    ):
        assert browser.get(path).status_code == 404
        assert browser.post(path).status_code == 404


@pytest.mark.parametrize(
    ("environment", "providers", "origins"),
    [
        ({}, "[]", "[]"),
        (
            {"LINE_CHANNEL_ID": "1", "LINE_CHANNEL_SECRET": "s"},
            "['line']",
            "['https://access.line.me']",
        ),
        (
            {"GOOGLE_CLIENT_ID": "1", "GOOGLE_CLIENT_SECRET": "s"},
            "['google']",
            "['https://accounts.google.com']",
        ),
    ],
)
def test_keys_in_the_environment_open_the_service_and_the_way_to_it(
    environment, providers, origins
):
    """Browsers apply form-action to where a form's answer redirects, so the policy must name the service."""
    script = (
        "from config.settings import base as b;"
        "print(sorted(b.SOCIALACCOUNT_PROVIDERS), b.CONTENT_SECURITY_POLICY['DIRECTIVES']['form-action'][1:])"
    )
    asked = subprocess.run(
        [sys.executable, "-c", script],
        cwd=django_settings.BASE_DIR,
        env={"PYTHONPATH": "platform", "PATH": "/usr/bin:/bin", **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    assert asked.stdout.strip() == f"{providers} {origins}"


# --- Google: what differs is an address -------------------------------------------------------------


@pytest.fixture
def google(settings, monkeypatch):
    """Comes by Google as whoever the claims say: ``google(browser, email=...)``."""
    settings.SOCIALACCOUNT_PROVIDERS = {
        "google": {"APP": {"client_id": CLIENT_ID, "secret": CLIENT_SECRET}}
    }
    with google_double() as double:
        monkeypatch.setattr(GoogleOAuth2Adapter, "access_token_url", f"{double.url}/token")

        def come(browser, **claims):
            double.claims = {"sub": "1", "name": "Hanako", "email_verified": True} | claims
            response = browser.post("/accounts/google/login/")
            state = parse_qs(urlsplit(response["Location"]).query)["state"][0]
            return browser.get(f"/accounts/google/login/callback/?code={CODE}&state={state}")

        yield come


def test_somebody_joins_by_google_with_a_confirmed_address(google):
    browser = visitor()
    google(browser, email="hanako@example.jp")
    assert is_signed_in(browser)
    assert EmailAddress.objects.get().verified


def test_an_address_that_google_has_not_confirmed_must_be_confirmed_here(google):
    browser = visitor()
    google(browser, email="hanako@example.jp", email_verified=False)
    assert not is_signed_in(browser)
    enter_code(browser, code_in(last_mail()), "/accounts/confirm-email/")
    assert is_signed_in(browser)


@pytest.mark.parametrize("verified", [True, False])
@pytest.mark.parametrize("name", ["Hanako", "管理者"])
def test_a_google_account_with_the_address_of_another_opens_nothing(google, known, verified, name):
    owner = known("hanako@example.jp", username="hanako")
    browser = visitor()
    response = google(browser, email="hanako@example.jp", email_verified=verified, name=name)
    if response.headers.get("Location", "").endswith("/3rdparty/signup/"):
        browser.post(
            "/accounts/3rdparty/signup/",
            {"display_name": "はなこ", "email": "hanako@example.jp"},
        )
    assert not is_signed_in(browser)
    assert list(User.objects.all()) == [owner]
    assert not SocialAccount.objects.exists()
    assert "There is an account with it already" in last_mail().body
