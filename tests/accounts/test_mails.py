"""Mails: plain text, in our words, saying what to do and who sent them."""

import re
from pathlib import Path

import allauth
import pytest
from allauth.account.adapter import get_adapter
from allauth.core import context
from django.conf import settings as django_settings
from django.core import mail
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.test import RequestFactory
from django.utils import timezone, translation

from tests.accounts.hands import (
    PASSWORD,
    ask_for_code,
    code_in,
    enter_code,
    join_by_email,
    last_mail,
    sign_in,
    visitor,
)

TEMPLATES = django_settings.BASE_DIR / "templates"
PREFIXES = sorted(
    str(path.relative_to(TEMPLATES)).removesuffix("_subject.txt")
    for path in TEMPLATES.rglob("email/*_subject.txt")
)
CONTEXT = {
    "code": "1234-5678",
    "signup_url": "http://localhost:8000/accounts/signup/",
    "from_email": "old@example.jp",
    "to_email": "new@example.jp",
    "deleted_email": "old@example.jp",
    "timestamp": timezone.now(),
    "user_agent": "Mozilla/5.0 (iPhone)",
    "ip": "192.0.2.1",
}


def every_mail_of_allauth():
    """The prefixes of all mails that the library can send with our settings."""
    library = Path(allauth.__file__).parent / "templates"
    for app in ("account", "mfa", "socialaccount"):
        for path in library.glob(f"{app}/email/*_subject.txt"):
            yield str(path.relative_to(library)).removesuffix("_subject.txt")


@pytest.mark.parametrize("language", ["ja", "ja-easy", "en"])
@pytest.mark.parametrize("prefix", PREFIXES)
def test_every_mail_says_who_sent_it_and_can_be_read_as_plain_text(db, settings, prefix, language):
    settings.SITE_URL = "https://yoriai.example.lg.jp"
    with context.request_context(RequestFactory().get("/")), translation.override(language):
        get_adapter().send_mail(prefix, "hanako@example.jp", CONTEXT)
    message = last_mail()
    body = str(message.body)
    name = "Yoriai" if language == "en" else "よりあい"
    assert message.subject.startswith(f"[{name}] ")
    assert len(message.subject) < 80
    assert message.from_email.startswith(("=?utf-8", "Yoriai"))
    assert not getattr(message, "alternatives", None)
    assert "https://yoriai.example.lg.jp" in body
    assert name in body.split("--\n")[-1]
    assert not re.search(r"&\w+;|{{|{%|testserver|\n{4}", body)


def test_the_library_sends_no_mail_in_words_of_its_own():
    links = {"account/email/password_reset_key"}  # replaced by codes
    assert set(every_mail_of_allauth()) - set(PREFIXES) <= links


@pytest.mark.parametrize("act", ["sign in", "join", "forgotten password"])
def test_a_mail_with_a_code_says_what_to_do_and_what_never_to_do(known, act):
    known("hanako@example.jp")
    browser = visitor()
    if act == "sign in":
        ask_for_code(browser, "hanako@example.jp")
    elif act == "join":
        join_by_email(browser, "new@example.jp")
    else:
        browser.post("/accounts/password/reset/", {"email": "hanako@example.jp"})
    message = last_mail()
    assert code_in(message)
    assert "Please enter this code" in message.body
    assert "ten minutes" in message.body
    assert "Never tell it to anybody" in message.body
    assert "Did you not ask for it?" in message.body
    assert "http://" not in message.body.split("--\n")[0]


def test_the_code_does_not_stand_in_the_subject(known):
    known("hanako@example.jp")
    ask_for_code(visitor(), "hanako@example.jp")
    assert not re.search(r"\d{4}", str(last_mail().subject))


def test_a_changed_password_and_address_are_told_with_device_and_way_out(known):
    known("hanako@example.jp", username="hanako")
    browser = visitor(**{"user-agent": "Mozilla/5.0 (iPhone; x)"})
    sign_in(browser, "hanako")
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    browser.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": "three words in a row"},
    )
    message = last_mail()
    assert message.to == ["hanako@example.jp"]
    assert "iPhone" in message.body
    assert "/accounts/password/reset/" in message.body
    browser.post("/accounts/email/", {"email": "other@example.jp", "action_add": "1"})
    enter_code(browser, code_in(last_mail()), "/accounts/confirm-email/")
    told = {
        address for message in mail.outbox for address in message.to if "changed" in message.subject
    }
    assert told == {"hanako@example.jp"}


def test_nothing_that_a_visitor_sends_appears_in_a_mail_as_a_link(db):
    browser = visitor(**{"user-agent": "http://evil.example/", "host": "testserver"})
    ask_for_code(browser, "nobody@example.jp")
    assert "evil" not in last_mail().body


@pytest.mark.parametrize("prefix", PREFIXES)
def test_every_mail_has_a_text(prefix):
    try:
        get_template(f"{prefix}_message.txt")
    except TemplateDoesNotExist:
        pytest.fail(f"{prefix} has a subject only")
