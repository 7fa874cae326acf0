"""「通知の届け先」: what a person sees, adds, removes and tries; and what is kept of it."""

import io
import json
import zipfile
from concurrent.futures import ThreadPoolExecutor

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import connections
from django.utils import timezone

from accounts.services import erase_account, personal_data
from core.models import AuditEntry
from notifications.models import LineLink, LineLinkCode, MailTrouble, PushSubscription
from notifications.services import channels, line_links, mail_troubles
from tests.notifications.channels.line_double import user_id

pytestmark = pytest.mark.django_db

PAGE = "/notifications/addresses/"


def add(client, subscription, **headers):
    text = subscription if isinstance(subscription, str) else json.dumps(subscription)
    return client.post(f"{PAGE}browsers/add/", {"subscription": text}, **headers)


def words(client):
    return client.get(PAGE).content.decode()


# --- mail ---------------------------------------------------------------------------------------------


def test_who_has_no_address_needs_none(person, in_english):
    assert "You do not need one." in words(in_english(person()))


def test_an_address_that_is_not_proved_gets_nothing_and_the_page_says_so(person, in_english):
    hanako = person()
    EmailAddress.objects.create(user=hanako, email="hanako@example.jp", primary=True)
    assert "not confirmed yet" in words(in_english(hanako))
    assert channels.addresses.of("email", [hanako.pk]) == {}


@pytest.mark.parametrize(
    ("kind", "sentence"), [("bounced", "have come back"), ("complained", "reported as unwanted")]
)
def test_trouble_is_told_and_mended_by_one_press(with_mail, in_english, kind, sentence):
    hanako = with_mail()
    mail_troubles.note(address="Hanako@example.jp", kind=kind)
    browser = in_english(hanako)
    assert sentence in words(browser)
    assert channels.addresses.of("email", [hanako.pk]) == {}
    browser.post(f"{PAGE}mail/again/")
    assert sentence not in words(browser)
    assert channels.addresses.of("email", [hanako.pk]) == {hanako.pk: ["hanako@example.jp"]}


def test_trouble_with_an_old_address_does_not_stop_a_new_one(with_mail):
    hanako = with_mail("old@example.jp")
    mail_troubles.note(address="old@example.jp", kind="bounced")
    EmailAddress.objects.create(user=hanako, email="new@example.jp", verified=True)
    assert channels.addresses.of("email", [hanako.pk]) == {hanako.pk: ["new@example.jp"]}


def test_addresses_of_many_people_are_one_query(
    with_mail, with_line, push, line, django_assert_num_queries
):
    people = [with_mail(f"person{n}@example.jp").pk for n in range(5)]
    people += [with_line(user_id(n)).pk for n in range(5)]
    for channel in channels.OUTSIDE:
        with django_assert_num_queries(1):
            channels.addresses.of(channel, people)
    assert len(channels.addresses.of("email", people)) == 5
    assert len(channels.addresses.of("line", people)) == 5


def test_the_page_asks_as_little_for_ten_browsers_as_for_one(
    push, line, with_mail, in_english, django_assert_max_num_queries
):
    hanako = with_mail()
    browser = in_english(hanako)
    for number in range(10):
        add(browser, push.browser(str(number)).to_json())
    words(browser)
    with django_assert_max_num_queries(8):
        words(browser)


# --- browsers -----------------------------------------------------------------------------------------


def test_a_browser_is_added_shown_tried_and_removed(push, person, in_english):
    hanako = person()
    browser, phone = in_english(hanako), push.browser()
    add(browser, phone.to_json(), headers={"user-agent": "Mozilla/5.0 (iPhone)"})
    assert "<strong>iPhone</strong>" in words(browser)
    browser.post(f"{PAGE}try/web_push/")
    [request] = push.requests
    assert phone.opened(request.body)["title"].startswith("Test:")
    browser.post(f"{PAGE}browsers/{PushSubscription.objects.get().pk}/remove/")
    assert "<strong>iPhone</strong>" not in words(browser)
    assert not PushSubscription.objects.exists()


def test_the_same_browser_twice_is_one(push, person, in_english):
    browser, phone = in_english(person()), push.browser()
    for _time in range(2):
        add(browser, phone.to_json())
    assert PushSubscription.objects.count() == 1


def test_a_browser_belongs_to_whoever_added_it_last(push, person, in_english):
    hanako, taro, phone = person(), person(), push.browser()
    for one in (hanako, taro):
        add(in_english(one), phone.to_json())
    assert PushSubscription.objects.get().person == taro


def test_nobody_removes_the_browser_of_another(push, person, in_english):
    hanako, taro = person(), person()
    add(in_english(hanako), push.browser().to_json())
    key = PushSubscription.objects.get().pk
    assert in_english(taro).post(f"{PAGE}browsers/{key}/remove/").status_code == 404
    assert PushSubscription.objects.exists()


def test_there_is_an_end_to_adding_browsers(push, person, in_english):
    browser = in_english(person())
    for number in range(11):
        answer = add(browser, push.browser(str(number)).to_json())
    assert answer.status_code == 409
    assert PushSubscription.objects.count() == 10


def spoiled(push):
    """Subscriptions that are none, each for another reason."""
    good = push.browser().to_json()
    keys = good["keys"]
    return [
        "",
        "null",
        "[]",
        "{",
        "[" * 100_000,
        "1e999",
        {},
        {**good, "endpoint": 5},
        {**good, "endpoint": None},
        {**good, "endpoint": "http://169.254.169.254/latest/"},
        {**good, "endpoint": push.url + "/" + "x" * 1000},
        {**good, "endpoint": push.url + "/\nHost: evil"},
        {**good, "keys": None},
        {**good, "keys": []},
        {**good, "keys": {**keys, "auth": "short"}},
        {**good, "keys": {**keys, "auth": 5}},
        {**good, "keys": {**keys, "auth": "あ" * 22}},
        {**good, "keys": {**keys, "p256dh": "x" * 87}},
        {**good, "keys": {**keys, "p256dh": keys["p256dh"][:-4] + "AAAA"}},
        {**good, "keys": {**keys, "p256dh": "A" * 10_000}},
    ]


def test_nonsense_instead_of_a_subscription_is_refused_with_a_sentence(push, person, in_english):
    browser = in_english(person())
    for nonsense in spoiled(push):
        answer = add(browser, nonsense)
        assert answer.status_code == 400, nonsense
    assert "reload the page" in answer.content.decode()
    assert not PushSubscription.objects.exists()


def test_a_browser_that_moved_is_followed(push, person, in_english):
    hanako = person()
    browser, old, new = in_english(hanako), push.browser("old"), push.browser("new")
    add(browser, old.to_json())
    told = {"old": old.endpoint, "subscription": new.to_json()}
    answer = browser.post(f"{PAGE}browsers/renew/", told, content_type="application/json")
    assert answer.status_code == 204
    assert PushSubscription.objects.get().endpoint == new.endpoint


def test_nobody_moves_the_browser_of_another(push, person, in_english):
    old, new = push.browser("old"), push.browser("new")
    add(in_english(person()), old.to_json())
    told = {"old": old.endpoint, "subscription": new.to_json()}
    answer = in_english(person()).post(
        f"{PAGE}browsers/renew/", told, content_type="application/json"
    )
    assert answer.status_code == 404
    assert PushSubscription.objects.get().endpoint == old.endpoint


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"{}", "application/json"),
        (b"\xff", "application/json"),
        (b"[]", "application/json"),
        (b'{"old": 1}', "application/json"),
        (b'{"old": "x"}', "text/plain"),
    ],
)
def test_nonsense_about_a_move_is_refused(push, person, in_english, body, kind):
    answer = in_english(person()).post(f"{PAGE}browsers/renew/", body, content_type=kind)
    assert answer.status_code == 400


def test_after_a_new_key_the_page_asks_for_the_browser_again(push, person, in_english, settings):
    browser = in_english(person())
    add(browser, push.browser().to_json())
    settings.VAPID_PUBLIC_KEY = "B" * 87
    assert "add it again on that device" in words(browser)


def test_without_a_key_the_page_does_not_offer_push_notices(person, in_english):
    page = words(in_english(person()))
    assert "On this phone or computer" not in page


# --- 試しに送る ---------------------------------------------------------------------------------------


def tried(client, channel):
    return client.post(f"{PAGE}try/{channel}/", follow=True).content.decode()


def test_a_test_by_mail_arrives_and_the_page_says_so(with_mail, in_english):
    page = tried(in_english(with_mail()), "email")
    assert "The mail is on its way." in page
    [sent] = mail.outbox
    assert sent.to == ["hanako@example.jp"]
    assert "Test:" in str(sent.subject)
    assert AuditEntry.objects.filter(act="notifications.trial_sent").count() == 1


def test_a_test_by_line_arrives_and_the_page_says_so(line, with_line, in_english):
    assert "Please look in LINE." in tried(in_english(with_line(user_id(1))), "line")
    assert line.received[user_id(1)][0].startswith("Test:")


@pytest.mark.parametrize(
    ("mode", "sentence"),
    [
        ("busy", "try again in a few minutes"),
        ("cut", "may have arrived or not"),
        ("refuse", "Please tell the city: smtp_554"),
        ("nobody", "Nobody is there any more"),
    ],
)
def test_what_went_wrong_is_said_plainly(smtp, with_mail, in_english, mode, sentence):
    smtp.mode = mode
    assert sentence in tried(in_english(with_mail()), "email")


def test_a_used_up_quota_is_said_plainly(line, with_line, in_english):
    line.quota, line.used = 10, 10
    assert "used up its messages by LINE" in tried(in_english(with_line(user_id(1))), "line")


def test_tests_are_not_sent_without_end(with_mail, in_english):
    browser = in_english(with_mail())
    for _time in range(5):
        tried(browser, "email")
    assert browser.post(f"{PAGE}try/email/").status_code == 429
    assert len(mail.outbox) == 5


@pytest.mark.parametrize(("channel", "status"), [("email", 409), ("in_app", 404), ("fax", 404)])
def test_there_is_nothing_to_try_without_an_address(person, in_english, channel, status):
    assert in_english(person()).post(f"{PAGE}try/{channel}/").status_code == status


# --- what is kept ---------------------------------------------------------------------------------------


@pytest.fixture
def everywhere(push, line, with_mail, in_english):
    """Somebody who can be reached in every way."""
    hanako = with_mail()
    add(in_english(hanako), push.browser().to_json())
    LineLink.objects.create(person=hanako, line_user_id=user_id(1))
    mail_troubles.note(address="hanako@example.jp", kind="bounced")
    line_links.issue_code(actor=hanako)
    return hanako


def test_the_archive_of_my_data_has_every_address(everywhere, push):
    packed = zipfile.ZipFile(io.BytesIO(b"".join(personal_data.archive(everywhere))))
    told = json.loads(packed.read("notification-addresses.json"))
    assert told["line"]["line_user_id"] == user_id(1)
    assert told["browsers"][0]["endpoint"].startswith(push.url)
    assert told["mail_troubles"][0]["kind"] == "bounced"


def test_whoever_leaves_is_reached_nowhere_any_more(everywhere):
    erase_account(actor=everywhere, person=everywhere)
    for model in (LineLink, LineLinkCode, MailTrouble, PushSubscription):
        assert not model.objects.exists()
    for channel in channels.OUTSIDE:
        assert channels.addresses.of(channel, [everywhere.pk]) == {}


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_of_two_who_send_the_same_code_at_once_one_is_linked(line, person):
    code = line_links.issue_code(actor=person()).replace("-", "")

    def redeem(number):
        try:
            line_links.redeem(line_user_id=user_id(number), digits=code, at=timezone.now())
        except line_links.NoSuchCode:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(8) as pool:
        linked = list(pool.map(redeem, range(8)))
    assert sum(linked) == 1
    assert LineLink.objects.count() == 1
