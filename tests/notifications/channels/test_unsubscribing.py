"""One click in a mail: no sign-in, no surprise, nothing but this one switch (RFC 8058)."""

import re

import pytest
from django.conf import settings as city
from django.core import signing
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.models import AuditEntry
from notifications.models import MailRefusal
from notifications.services import channels
from notifications.services.unsubscribing import url_for
from tests.notifications.channels.conftest import outgoing

# What is said to the other side no database changes.
pytestmark = [pytest.mark.once, pytest.mark.django_db]


@pytest.fixture
def hanako(with_mail):
    return with_mail()


def path_for(person, category="talk"):
    url = url_for(recipient_id=person.pk, category=category)
    assert url.startswith(f"{city.SITE_URL}/")
    return url.removeprefix(city.SITE_URL)


def gets(person, category):
    return person.pk in channels.addresses.of("email", [person.pk], category=category)


def test_a_mail_program_stops_the_mails_with_the_address_in_the_header_alone(smtp, hanako):
    url = url_for(recipient_id=hanako.pk, category="talk")
    channels.adapter("email").send([outgoing("hanako@example.jp", unsubscribe_url=url)])
    header = re.sub(r"\s", "", smtp.mails[0]["List-Unsubscribe"])
    path = header.strip("<>").removeprefix("https://yoriai.example.lg.jp")
    # As RFC 8058 section 3.2 has it: no cookies, no referrer, this body.
    answer = Client(enforce_csrf_checks=True).post(
        path, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code == 200
    assert not gets(hanako, "talk")


def test_looking_at_the_address_changes_nothing(hanako):
    """Mail programs and virus scanners open every link."""
    answer = Client(headers={"accept-language": "en"}).get(path_for(hanako))
    assert "Stop these mails" in answer.content.decode()
    assert gets(hanako, "talk")


def test_only_mails_of_this_category_stop(hanako):
    Client().post(path_for(hanako, "talk"))
    assert gets(hanako, "circulars")
    assert gets(hanako, "")  # what is transactional


def test_pressing_twice_is_pressing_once(hanako):
    for _time in range(2):
        Client().post(path_for(hanako))
    assert MailRefusal.objects.count() == 1
    assert AuditEntry.objects.filter(act="notifications.mails_stopped").count() == 1


def test_a_mistake_can_be_taken_back_at_once(hanako):
    path = path_for(hanako)
    Client().post(path)
    Client().post(path, {"again": "1"})
    assert gets(hanako, "talk")


def test_the_page_names_nobody(hanako):
    """The mail may have been passed on."""
    for answer in (Client().get(path_for(hanako)), Client().post(path_for(hanako))):
        page = answer.content.decode()
        assert hanako.display_name not in page
        assert hanako.email not in page


def test_it_signs_nobody_in(hanako):
    browser = Client()
    browser.post(path_for(hanako))
    assert browser.get("/me/").status_code == 302


@given(junk=st.text(st.characters(codec="utf-8", exclude_characters="/?#\\"), min_size=1))
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nobody_stops_mails_of_another_with_a_made_up_address(client, junk):
    answer = client.post(f"/notifications/unsubscribe/{junk}/")
    assert 400 <= answer.status_code < 500
    assert not MailRefusal.objects.exists()


def test_a_token_for_another_purpose_opens_nothing(hanako, client):
    token = signing.Signer(salt="something else", sep=".").sign_object([hanako.pk, "talk"])
    assert client.post(f"/notifications/unsubscribe/{token}/").status_code == 404


def test_after_somebody_left_the_address_leads_nowhere(hanako, client):
    path = path_for(hanako)
    type(hanako).objects.filter(pk=hanako.pk).update(is_active=False)
    assert client.post(path).status_code == 404
