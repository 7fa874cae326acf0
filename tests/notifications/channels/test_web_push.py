"""By Web Push: what arrives at a push service and can be opened by one browser only."""

import json
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from cryptography.exceptions import InvalidTag
from django.conf import settings as city
from hypothesis import given
from hypothesis import strategies as st

from notifications.models import PushSubscription
from notifications.services import channels
from notifications.services.channels import Result
from notifications.services.channels.web_push import LARGEST_PAYLOAD, payload, seconds_until
from notifications.services.push_hosts import is_push_service
from notifications.services.push_subscriptions import subscribe
from tests.notifications.channels.conftest import outgoing

# What is said to the other side no database changes.
pytestmark = [pytest.mark.once, pytest.mark.django_db]


@pytest.fixture
def hanako(person):
    return person("hanako")


def address_of(hanako, browser):
    """Subscribes as a browser does it, and returns what the outbox is given."""
    subscribe(actor=hanako, subscription=browser.to_json(), user_agent="Mozilla/5.0 (iPhone)")
    return channels.addresses.of("web_push", [hanako.pk])[hanako.pk][-1]


def send(*messages):
    return list(channels.adapter("web_push").send(messages))


def test_a_notice_arrives_and_only_its_browser_can_open_it(push, hanako):
    browser = push.browser()
    message = outgoing(address_of(hanako, browser), urgent=True)
    assert send(message) == [Result("sent")]
    [request] = push.requests
    assert browser.opened(request.body) == {
        "title": "用水路の清掃について",
        "body": "こんにちは。\n\n12月5日(土) 10:00 に集まります。",
        "url": "http://localhost:8000/issues/1/",
        "tag": str(message.key),
        "lang": "ja",
        "urgent": True,
    }
    assert "清掃".encode() not in request.body
    with pytest.raises(InvalidTag):
        push.browser("another").opened(request.body)


def test_the_push_service_learns_who_sends_for_how_long_and_how_urgent(push, hanako):
    send(
        outgoing(address_of(hanako, push.browser()), urgent=True),
        outgoing(address_of(hanako, push.browser())),
    )
    first, second = push.requests
    assert first.headers["urgency"] == "high"
    assert second.headers["urgency"] == "normal"
    assert int(first.headers["ttl"]) == 24 * 3600
    assert first.headers["content-encoding"] == "aes128gcm"
    claims = first.claims()
    assert claims["aud"] == push.url
    assert claims["sub"] == "mailto:yoriai@example.lg.jp"
    assert claims["key"] == city.VAPID_PUBLIC_KEY
    # RFC 8292 section 2: no more than 24 hours.
    assert time.time() < claims["exp"] <= time.time() + 24 * 3600


def test_the_same_delivery_has_the_same_topic_and_the_same_tag(push, hanako):
    browser = push.browser()
    message = outgoing(address_of(hanako, browser))
    send(message)
    send(message)
    first, second = push.requests
    assert first.headers["topic"] == second.headers["topic"]
    assert len(first.headers["topic"]) <= 32
    assert browser.opened(first.body)["tag"] == browser.opened(second.body)["tag"]
    # And yet nobody on the way can tell that they are the same (RFC 8188: a new salt each time).
    assert first.body != second.body


def test_a_batch_goes_over_one_connection(push, hanako):
    address = address_of(hanako, push.browser())
    assert send(*(outgoing(address) for _n in range(20))) == [Result("sent")] * 20
    assert push.connections == 1


@given(text=st.text(max_size=3000), subject=st.text(min_size=1, max_size=2000))
def test_a_notice_is_never_larger_than_push_services_take(text, subject):
    message = outgoing({}, text=text, subject=subject)
    packed = payload(message)
    assert len(packed) <= LARGEST_PAYLOAD
    told = json.loads(packed)
    assert told["tag"] == str(message.key)
    assert told["url"] == message.url
    assert text.startswith(told["body"].removesuffix("…"))


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten(push, hanako, status):
    browser = push.browser()
    address = address_of(hanako, browser)
    push.answer(browser, status)
    assert send(outgoing(address)) == [Result("dead", "gone", drop_address=True)]
    assert not PushSubscription.objects.exists()
    assert channels.addresses.of("web_push", [hanako.pk]) == {}


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (429, Result("retry", "http_429", 120)),
        (503, Result("retry", "http_503", 120)),
        (500, Result("retry", "http_500", 120)),
        (413, Result("dead", "http_413")),
        (400, Result("dead", "http_400")),
        # Our key, and not the browser, is refused: nobody is forgotten for that.
        (403, Result("retry", "http_403", 120)),
        ("cut", Result("retry", "cut_off")),
    ],
)
def test_what_becomes_of_a_notice_when_the_push_service_fails(push, hanako, answer, expected):
    browser = push.browser()
    address = address_of(hanako, browser)
    push.answer(browser, answer)
    push.retry_after = "120"
    assert send(outgoing(address)) == [expected]
    assert PushSubscription.objects.exists()


def test_a_push_service_that_does_not_answer_is_not_waited_for(push, hanako, monkeypatch):
    monkeypatch.setattr("notifications.services.channels.web_push.SECONDS_TO_ANSWER", 0.3)
    browser = push.browser()
    address = address_of(hanako, browser)
    push.answer(browser, "slow")
    assert send(outgoing(address)) == [Result("retry", "cut_off")]


def test_one_dead_browser_spoils_nothing_for_the_others(push, hanako):
    gone, alive = push.browser("gone"), push.browser("alive")
    push.answer(gone, 410)
    messages = [outgoing(address_of(hanako, gone)), outgoing(address_of(hanako, alive))]
    results = send(*messages)
    assert [result.state for result in results] == ["dead", "sent"]
    assert channels.combined(results) == Result("sent")


def test_nobody_is_led_on_to_another_address(push, hanako):
    browser = push.browser()
    address = address_of(hanako, browser)
    push.answer(browser, "elsewhere")
    assert send(outgoing(address)) == [Result("dead", "redirected")]
    assert [request.path for request in push.requests] == ["/push/one"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [("30", 30), ("9999999", 24 * 3600), ("", None), ("soon", None), ("-5", None), (None, None)],
)
def test_how_long_to_wait_is_read_whatever_it_says(value, expected):
    assert seconds_until(value) == expected


def test_how_long_to_wait_may_be_a_date():
    at = datetime.now(UTC) + timedelta(minutes=5)
    waited = seconds_until(format_datetime(at, usegmt=True))
    assert waited is not None
    assert 295 <= waited <= 300


# --- to whom we send at all ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://fcm.googleapis.com/fcm/send/abc",
        "https://updates.push.services.mozilla.com/wpush/v2/abc",
        "https://web.push.apple.com/abc",
        "https://wns2-par02p.notify.windows.com/w/?token=abc",
    ],
)
def test_the_push_services_of_the_usual_browsers_are_known(endpoint):
    assert is_push_service(endpoint)


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://fcm.googleapis.com/fcm/send/abc",
        "https://fcm.googleapis.com:8443/abc",
        "https://fcm.googleapis.com@10.0.0.1/abc",
        "https://user@fcm.googleapis.com/abc",
        "https://fcm.googleapis.com.evil.example/abc",
        "https://evilpush.apple.com.example/abc",
        "https://push.apple.com.evil.example/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://169.254.169.254/latest/meta-data/",
        "https://database:5432/",
        "https://localhost/",
        "file:///etc/passwd",
        "//fcm.googleapis.com/abc",
        "https://fcm.googleapis.com:99999/",
        "https://[broken",
        "",
    ],
)
def test_nothing_inside_our_network_can_be_named_as_a_push_service(endpoint):
    assert not is_push_service(endpoint)


def test_what_is_no_longer_a_known_push_service_gets_nothing(push, hanako, settings):
    address = address_of(hanako, push.browser())
    settings.WEB_PUSH_SERVICES = ["fcm.googleapis.com"]
    assert send(outgoing(address)) == [Result("dead", "host_not_allowed")]
    assert push.requests == []


def test_a_browser_that_subscribed_with_an_older_key_is_no_address(push, hanako, settings):
    address_of(hanako, push.browser())
    settings.VAPID_PUBLIC_KEY = "another"
    assert channels.addresses.of("web_push", [hanako.pk]) == {}
