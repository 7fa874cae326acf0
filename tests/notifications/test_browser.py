"""Inbox and choices in a real browser, on a phone, with and without JavaScript."""

import pytest
from playwright.sync_api import expect

from issues.services import parts
from notifications.models import Wish
from tests.support.browser import DESK, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def told(hanako, issue, say, person):
    """Hanako has two replies and an offer of help in her inbox."""
    mine = say(hanako)
    for _ in range(2):
        say(person(), answers=mine)
    parts.offer_skill(actor=person(), issue=issue, words="写真が撮れます")
    return hanako


@pytest.mark.parametrize("java_script_enabled", [True, False])
def test_a_person_reads_their_inbox_line_by_line(told, open_page, axe, java_script_enabled):
    page = open_page(told, width=PHONE, java_script_enabled=java_script_enabled)
    page.goto("/")
    bell = page.locator(".header a[href='/notifications/']")
    expect(bell).to_contain_text("2")
    bell.click()
    expect(page.locator(".told__item--unread")).to_have_count(2)
    if java_script_enabled:
        axe(page)
    page.get_by_role("link", name="返信が2件").click()
    assert "#p3" in page.url
    page.goto("/notifications/")
    # The page of the issue has shown all that was told of it.
    expect(page.locator(".told__item--unread")).to_have_count(0)
    expect(page.locator(".tool__count")).to_have_count(0)


def test_a_person_mutes_a_thing_and_hears_of_it_again(told, open_page, axe):
    page = open_page(told, width=PHONE)
    page.goto("/notifications/")
    page.locator(".told__more > summary").first.click()
    axe(page)
    page.get_by_role("button", name="これについて知らせない").first.click()
    expect(page.get_by_role("status")).to_contain_text("止めました")
    page.goto("/notifications/choices/")
    expect(page.locator("section", has_text="お知らせを止めているもの")).to_contain_text(
        "古紙の回収場所"
    )
    page.get_by_role("button", name="これについてまた知らせる").click()
    expect(page.locator("section", has_text="お知らせを止めているもの")).to_contain_text(
        "ありません"
    )


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_person_chooses_how_they_are_told(told, open_page, axe, width):
    page = open_page(told, width=width)
    page.goto("/notifications/choices/")
    axe(page)
    group = page.get_by_role("group", name="あなたへの返信・呼びかけ")
    group.get_by_label("LINE").uncheck()
    page.get_by_label("1日分をまとめて").check()
    page.get_by_role("button", name="保存する").click()
    expect(page.get_by_role("status")).to_contain_text("このようにお知らせします")
    expect(group.get_by_label("LINE")).not_to_be_checked()
    expect(page.get_by_label("1日分をまとめて")).to_be_checked()
    assert Wish.objects.get().channel == "line"


def test_the_reasons_are_told_in_plain_words(told, open_page, axe):
    page = open_page(told, width=PHONE)
    page.goto("/notifications/")
    page.locator(".told__more > summary").first.click()
    page.get_by_role("link", name="なぜ届いた？").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("なぜ届いた？")
    axe(page)
    page.goto("/notifications/why/")
    expect(page.locator("main")).to_contain_text("このサイトだけで届きます")
    axe(page)
