"""Mails that came back: what a provider tells through Anymail's webhook, and who is believed."""

import base64
import json

import pytest
from django.test import Client

from notifications.models import MailTrouble

# What is said to the other side no database changes.
pytestmark = [pytest.mark.once, pytest.mark.django_db]

WEBHOOK = "/notifications/webhooks/mail/"
SECRET = "postmark:a-long-secret"


@pytest.fixture(autouse=True)
def _provider(settings):
    settings.MAIL_PROVIDER = "postmark"
    settings.MAIL_WEBHOOK_SECRET = SECRET
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET}


def tell(told, secret=SECRET):
    """Postmark calls our webhook."""
    body = told if isinstance(told, bytes) else json.dumps(told).encode()
    headers = {"Authorization": "Basic " + base64.b64encode(secret.encode()).decode()}
    return Client().post(WEBHOOK, body, content_type="application/json", headers=headers)


def bounce(address="hanako@example.jp", kind="HardBounce", code=1):
    return {
        "RecordType": "Bounce",
        "ID": 901542550,
        "Type": kind,
        "TypeCode": code,
        "MessageID": "2706ee8a-737c-4285-b032-ccd317af53ed",
        "Details": "smtp;550 5.1.1 The email account that you tried to reach does not exist.",
        "Email": address,
        "BouncedAt": "2026-11-21T12:00:00.0000000Z",
    }


def complaint(address="hanako@example.jp"):
    return {**bounce(address, "SpamComplaint", 512), "RecordType": "SpamComplaint"}


@pytest.mark.parametrize(("told", "kind"), [(bounce(), "bounced"), (complaint(), "complained")])
def test_an_address_from_which_mails_come_back_gets_no_more(with_mail, told, kind):
    hanako = with_mail()
    assert tell(told).status_code == 200
    trouble = MailTrouble.objects.get()
    assert (trouble.person, trouble.kind) == (hanako, kind)


def test_what_is_told_twice_is_noted_once(with_mail):
    with_mail()
    for _time in range(2):
        tell(bounce())
    assert MailTrouble.objects.count() == 1


def test_a_full_mailbox_passes(with_mail):
    with_mail()
    tell(bounce(kind="SoftBounce", code=4096))
    assert not MailTrouble.objects.exists()


def test_addresses_of_nobody_are_not_kept():
    assert tell(bounce("stranger@example.jp")).status_code == 200
    assert not MailTrouble.objects.exists()


@pytest.mark.parametrize("secret", ["", "postmark:wrong", "x"])
def test_whoever_does_not_know_the_secret_is_not_believed(with_mail, secret):
    with_mail()
    assert tell(bounce(), secret).status_code == 400
    assert not MailTrouble.objects.exists()


@pytest.mark.parametrize("told", [b"", b"null", b"[]", b"{", b"\xff", {"RecordType": "?"}])
def test_nonsense_with_the_secret_is_no_fault_of_ours(told):
    assert tell(told).status_code < 500


def test_a_body_of_ten_megabytes_is_refused():
    assert tell(b"x" * 10_000_000).status_code == 413


@pytest.mark.parametrize("missing", ["MAIL_PROVIDER", "MAIL_WEBHOOK_SECRET"])
def test_without_provider_or_secret_there_is_no_such_door(settings, missing):
    setattr(settings, missing, "")
    assert tell(bounce()).status_code == 404
