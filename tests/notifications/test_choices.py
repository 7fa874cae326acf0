"""How people choose, and what they are told of the reasons."""

import re

import pytest

from accounts.models import Role
from accounts.services import grant_role
from notifications.models import Delivery, Mute, Notification, Rhythm, Wish
from notifications.services import outbox
from tests.notifications.test_inbox import text_of

CHOICES = "/notifications/choices/"
USUAL = {
    "frequency": "at_once",
    "has_quiet_hours": "on",
    "quiet_from": "21:00",
    "quiet_until": "07:00",
    "category_talk": ["line", "email", "web_push"],
    "category_progress": ["line", "email", "web_push"],
    "category_help": ["line", "email", "web_push"],
    "category_saved": ["email"],
}


def ticked(page):
    found = re.findall(r"<input[^>]*type=\"checkbox\"[^>]*>", page.content.decode())
    names = [re.search(r'name="category_(\w+)"', one) for one in found if " checked" in one]
    return {match[1] for match in names if match}


def test_the_defaults_are_ticked_and_the_night_is_quiet(person, signed_in):
    page = signed_in(person()).get(CHOICES)
    assert ticked(page) == {"talk", "progress", "help", "saved"}
    assert 'name="has_quiet_hours" ' in page.content.decode()


def test_keeping_the_defaults_writes_no_wish(person, signed_in):
    taro = person()
    assert signed_in(taro).post(CHOICES, USUAL).status_code == 302
    assert not Wish.objects.exists()
    assert Rhythm.objects.get().has_quiet_hours


def test_what_differs_from_the_defaults_is_kept(person, signed_in):
    taro = person()
    browser = signed_in(taro)
    for _ in range(2):
        browser.post(
            CHOICES,
            USUAL | {"category_talk": ["email"], "frequency": "weekly", "quiet_from": "22:00"},
        )
    wishes = set(Wish.objects.values_list("category", "channel", "is_on"))
    assert wishes == {("talk", "line", False), ("talk", "web_push", False)}
    rhythm = Rhythm.objects.get()
    assert (rhythm.frequency, rhythm.quiet_from.hour) == ("weekly", 22)


@pytest.mark.parametrize(
    "nonsense",
    [{"frequency": "hourly"}, {"quiet_from": "25:00"}, {"category_talk": ["pigeon"]}],
)
def test_nonsense_is_refused_and_nothing_changes(person, signed_in, nonsense):
    answer = signed_in(person()).post(CHOICES, USUAL | nonsense)
    assert answer.status_code == 422
    assert not Rhythm.objects.exists()


def test_what_is_muted_stands_below_and_can_be_heard_again(hanako, issue, person, signed_in):
    mute = Mute.objects.create(person=hanako, within_type="issues.issue", within_id=issue.pk)
    browser = signed_in(hanako)
    assert "古紙の回収場所" in text_of(browser.get(CHOICES))
    address = f"{CHOICES}mutes/{mute.pk}/end/"
    assert signed_in(person()).post(address).status_code == 404
    browser.post(address)
    assert not Mute.objects.exists()


@pytest.fixture
def mailed(hanako, say, person, noon, sinks):
    """Hanako was sent a mail about a reply."""
    sinks.reach(hanako.pk, "email")
    say(person(), answers=say(hanako))
    outbox.dispatch()
    return sinks.sent[0][1]


def path_of(url):
    return "/" + url.split("/", 3)[3]


def test_one_click_in_the_mail_ends_the_mails_of_this_category_until_they_are_chosen_again(
    hanako, mailed, sinks, say, person, signed_in
):
    # RFC 8058: the mail program posts, without cookies and without having loaded a page.
    from django.test import Client

    answer = Client(enforce_csrf_checks=True).post(
        path_of(mailed.unsubscribe_url), {"List-Unsubscribe": "One-Click"}
    )
    assert answer.status_code == 200
    say(person(), answers=say(hanako))
    outbox.dispatch()
    assert len(sinks.sent) == 1
    assert signed_in(hanako).post(CHOICES, USUAL).status_code == 302
    say(person(), answers=say(hanako))
    outbox.dispatch()
    assert len(sinks.sent) == 2


def test_the_page_why_says_what_became_of_it(hanako, mailed, signed_in):
    pk = Notification.objects.get().pk
    page = text_of(signed_in(hanako).get(f"/notifications/{pk}/why/"))
    assert "メール 送りました" in page


def test_nobody_asks_why_for_another(hanako, mailed, signed_in, person):
    pk = Notification.objects.get().pk
    assert signed_in(person()).get(f"/notifications/{pk}/why/").status_code == 404


def test_the_forecast_says_the_first_rule_that_applies(person, signed_in, noon):
    page = text_of(signed_in(person()).get("/notifications/why/"))
    assert "選んだ方法は、まだ設定されていません" in page


def test_only_staff_see_what_could_not_be_delivered_and_try_again(
    hanako, mailed, sinks, signed_in, person
):
    Delivery.objects.update(state="dead", reason="smtp_550")
    lost = Delivery.objects.get()
    staff = person()
    grant_role(actor=None, person=staff, role=Role.CITY_STAFF)
    address = "/notifications/undelivered/"
    for somebody, status in ((hanako, 404), (staff, 200)):
        assert signed_in(somebody).get(address).status_code == status
    assert signed_in(hanako).post(f"{address}{lost.pk}/again/").status_code == 404
    page = text_of(signed_in(staff).get(address))
    assert "smtp_550" in page
    assert hanako.display_name not in page
    assert signed_in(staff).post(f"{address}{lost.pk}/again/").status_code == 302
    outbox.dispatch()
    assert len(sinks.sent) == 2


@pytest.mark.parametrize("after", ["x", "-1", "9" * 30, "１"])
def test_a_cursor_of_that_list_that_is_none_of_ours_is_refused(person, signed_in, after):
    staff = person()
    grant_role(actor=None, person=staff, role=Role.CITY_STAFF)
    answer = signed_in(staff).get("/notifications/undelivered/", {"after": after})
    assert answer.status_code == 400
