"""In a real Chromium: nobody is asked before a press, a device is added, and its service worker shows the notice.

Chromium's own push service is out of reach here, so the browser's subscription is put in place of the one it would
have fetched, and what would have come from there is delivered to the worker through the DevTools protocol.
"""

import json
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings as city
from playwright.sync_api import Page

from core.vapid import new_pair
from notifications.models import LineLink, MailTrouble, PushSubscription
from notifications.services.channels.web_push import payload
from notifications.services.unsubscribing import url_for
from tests.notifications.channels.conftest import outgoing
from tests.notifications.channels.line_double import user_id
from tests.notifications.channels.push_service import PushService, push_service

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]

PAGE = "/notifications/addresses/"
# Counts how often the browser is asked, and answers like somebody who presses "allow".
ASKED = """
window.asked = 0;
Notification.requestPermission = async () => { window.asked += 1; return window.answer ?? "granted"; };
"""

# A message to a worker that is still starting is lost.
ACTIVE = """async () => {
  const { active } = await navigator.serviceWorker.ready;
  while (active.state !== "activated") await new Promise((done) => setTimeout(done, 20));
}"""


@pytest.fixture
def city_with_push(another_server: Callable[..., Any]) -> Any:
    """A server that has a key for push notices and an account at LINE, and the push service that it knows."""
    with push_service() as service:
        private, public = new_pair()
        server = another_server(
            VAPID_PRIVATE_KEY=private,
            VAPID_CONTACT="mailto:yoriai@example.lg.jp",
            WEB_PUSH_SERVICES=service.url,
            LINE_MESSAGING_TOKEN="token",
            LINE_MESSAGING_SECRET="secret",
            LINE_ACCOUNT_ID="@yoriai",
        )
        yield server.url, service, public


def with_subscription(service: PushService) -> tuple[str, Any]:
    """A script that lets the browser subscribe at ``service``, and the keys of that subscription."""
    browser = service.browser()
    told = json.dumps(browser.to_json())
    script = f"""
      PushManager.prototype.subscribe = async function (options) {{
        window.subscribedWith = options;
        const told = {told};
        return {{ endpoint: told.endpoint, toJSON: () => told }};
      }};
    """
    return script, browser


def test_a_device_is_added_by_a_press_and_gets_a_test(person, open_page, city_with_push):
    url, service, public = city_with_push
    script, browser = with_subscription(service)
    page: Page = open_page(person(), service_workers="allow")
    page.add_init_script(ASKED + script)
    page.goto(url + PAGE)
    page.wait_for_selector("form[data-push]:not([hidden])")
    assert page.evaluate("window.asked") == 0, "asked before anybody pressed"
    with page.expect_navigation():
        page.click("form[data-push] button")
    assert "届くようになりました" in page.inner_text("main")
    row = PushSubscription.objects.get()
    assert (row.endpoint, row.server_key) == (browser.endpoint, public)
    page.click("section[aria-labelledby=push] >> text=試しに送る")
    page.wait_for_selector("text=通知を送りました")
    [request] = service.requests
    assert browser.opened(request.body)["title"] == "お試し: お知らせはここに届きます"
    assert request.claims()["key"] == public


def test_whoever_says_no_is_told_how_to_change_their_mind(person, open_page, city_with_push):
    url, _service, _public = city_with_push
    page: Page = open_page(person(), service_workers="allow")
    page.add_init_script(ASKED + "window.answer = 'denied';")
    page.goto(url + PAGE)
    page.click("form[data-push] button")
    page.wait_for_selector("[data-push-denied]:not([hidden])")
    assert not PushSubscription.objects.exists()


def test_when_the_browser_reaches_no_push_service_the_page_says_so(
    person, open_page, city_with_push, complaints
):
    url, _service, _public = city_with_push
    page: Page = open_page(person(), service_workers="allow")
    complaints.tolerate("does not support the Push API in incognito mode")
    page.context.grant_permissions(["notifications"], origin=url)
    page.goto(url + PAGE)
    page.click("form[data-push] button")
    # This is Chromium's own refusal: a window without a profile has no push service.
    page.wait_for_selector("[data-push-failed]:not([hidden])")
    assert not PushSubscription.objects.exists()


def test_without_javascript_the_page_says_what_is_missing(person, open_page, city_with_push):
    url, _service, _public = city_with_push
    page: Page = open_page(person(), java_script_enabled=False)
    page.goto(url + PAGE)
    assert page.is_visible("[data-push-needs-script]")
    assert not page.is_visible("form[data-push]")


class Worker:
    """The page's service worker, to which the DevTools protocol delivers messages."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url
        self.delivered: list[str] = []
        page.context.grant_permissions(["notifications"], origin=url)
        self.devtools = page.context.new_cdp_session(page)
        registrations: list[str] = []
        self.devtools.on(
            "ServiceWorker.workerRegistrationUpdated",
            lambda told: registrations.extend(
                one["registrationId"] for one in told["registrations"]
            ),
        )
        self.devtools.send("ServiceWorker.enable")
        page.goto(url + "/")
        page.evaluate("navigator.serviceWorker.register('/sw.js', {scope: '/'})")
        page.evaluate(ACTIVE)
        while not registrations:
            page.wait_for_timeout(50)
        self.id = registrations[-1]

    def deliver(self, data: str) -> None:
        """The push service brings a message."""
        self.delivered.append(data)
        self._bring(data)

    def _bring(self, data: str) -> None:
        self.devtools.send(
            "ServiceWorker.deliverPushMessage",
            {"origin": self.url, "registrationId": self.id, "data": data},
        )

    def shown(self, count: int) -> list[dict[str, Any]]:
        """What stands on the screen, when there are ``count`` of them."""
        script = """async () => (await (await navigator.serviceWorker.ready).getNotifications())
          .map(({title, body, tag, lang, data, requireInteraction}) =>
            ({title, body, tag, lang, url: data.url, requireInteraction}))"""
        for _again in range(6):
            for _look in range(40):
                found: list[dict[str, Any]] = self.page.evaluate(script)
                if len(found) == count:
                    return found
                self.page.wait_for_timeout(50)
            # A new profile without a screen now and then forgets its first notices; then they are brought again.
            for data in self.delivered:
                self._bring(data)
        raise AssertionError(found)


@pytest.fixture
def worker(open_page, app_server) -> Worker:
    return Worker(open_page(service_workers="allow"), app_server.url)


def test_the_worker_shows_what_was_sent(worker):
    message = outgoing({}, urgent=True)
    worker.deliver(payload(message).decode())
    [shown] = worker.shown(1)
    assert shown == {
        "title": message.subject,
        "body": message.text,
        "tag": str(message.key),
        "lang": "ja",
        "url": message.url,
        "requireInteraction": True,
    }


def test_the_same_delivery_twice_is_one_notice(worker):
    first, second = outgoing({}), outgoing({})
    for message in (first, first, second):
        worker.deliver(payload(message).decode())
    assert {one["tag"] for one in worker.shown(2)} == {str(first.key), str(second.key)}


@pytest.mark.parametrize("data", ["", "nonsense", "null", '{"title": 5}'])
def test_what_cannot_be_read_is_shown_too_or_the_browser_takes_the_permission_away(worker, data):
    worker.deliver(data)
    [shown] = worker.shown(1)
    assert shown["title"] == city.SITE_NAME


@pytest.mark.parametrize(
    ("url", "leads_to"),
    [
        ("/issues/1/", "{origin}/issues/1/"),
        ("https://evil.example/", "{origin}"),
        ("", "{origin}/"),
    ],
)
def test_a_press_on_a_notice_never_leads_elsewhere(worker, url, leads_to):
    worker.deliver(payload(outgoing({}, url=url)).decode())
    worker.shown(1)
    [inside] = worker.page.context.service_workers
    opened = inside.evaluate(
        """async () => {
          const opened = [];
          self.clients.openWindow = async (url) => { opened.push(url); };
          self.clients.matchAll = async () => [];
          const [notification] = await self.registration.getNotifications();
          self.dispatchEvent(new NotificationEvent("notificationclick", {notification}));
          await new Promise((done) => setTimeout(done, 200));
          return opened;
        }"""
    )
    assert opened == [leads_to.format(origin=worker.url)]


def test_the_pages_are_sound_in_every_state(person, open_page, city_with_push, axe):
    url, service, public = city_with_push
    well, ill = person(), person()
    for one, address in ((well, "well@example.jp"), (ill, "ill@example.jp")):
        EmailAddress.objects.create(user=one, email=address, verified=True, primary=True)
    LineLink.objects.create(person=well, line_user_id=user_id(1))
    LineLink.objects.create(person=ill, line_user_id=user_id(2), is_friend=False)
    MailTrouble.objects.create(person=ill, address="ill@example.jp", kind="bounced")
    for number, key in enumerate((public, "an older key")):
        PushSubscription.objects.create(
            person=well,
            endpoint=f"{service.url}/{number}",
            endpoint_digest=str(number),
            p256dh="",
            auth="",
            server_key=key,
            device="iPhone",
        )
    for one in (well, ill, person()):
        page = open_page(one)
        page.goto(url + PAGE)
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.click("text=LINEで受け取る")
    page.wait_for_selector("text=番号を入れてLINEを開く")
    axe(page)
    page.goto(url + url_for(recipient_id=well.pk, category="talk").removeprefix(city.SITE_URL))
    axe(page)
    page.click("text=メールを止める")
    page.wait_for_selector("text=止めました")
    axe(page)
