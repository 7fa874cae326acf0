"""The talk as a real browser shows it: what was in view is read, names are offered, and all of it works without scripts."""

import uuid

import pytest
from playwright.sync_api import expect

from issues.models import Category, Post, ReadPosition
from issues.services import issues as acts
from issues.services import talk
from tests.support.browser import PHONE

pytestmark = pytest.mark.browser


@pytest.fixture
def conversation(transactional_db, person):
    """An issue with thirty posts by somebody called 山田 正一."""
    author = person("yamada", display_name="山田 正一")
    category = Category.objects.create(slug="winter", name="雪")
    words = acts.Words(title="坂の雪", text="困っています。", question="どこ？", category=category)
    issue = acts.raise_issue(actor=author, words=words, key=uuid.uuid4())
    for number in range(1, 31):
        say(author, issue, f"その{number}番")
    return issue


def say(author, issue, source):
    return talk.post(actor=author, thread=issue.thread, source=source, key=uuid.uuid4())


def read_up_to(person):
    return ReadPosition.objects.filter(person=person).values_list("number", flat=True).first() or 0


def test_what_was_in_view_is_read_and_who_comes_back_lands_at_the_line(
    conversation, open_page, person
):
    reader = person()
    page = open_page(reader, width=PHONE)
    page.goto(f"/issues/{conversation.pk}/")
    page.goto(f"/issues/{conversation.pk}/")
    position = read_up_to(reader)
    for _ in range(3):
        say(person(), conversation, "あとから")
    page.goto(f"/issues/{conversation.pk}/")
    line = page.locator("#new")
    expect(line).to_contain_text("ここから新着 3件")
    expect(line).to_be_in_viewport()
    page.locator("#post-33").scroll_into_view_if_needed()
    page.wait_for_timeout(1500)
    page.goto("/healthz")
    page.wait_for_timeout(500)
    assert position == 30
    assert read_up_to(reader) == 33


def test_a_name_is_offered_and_chosen_with_the_keyboard(conversation, open_page, person, axe):
    page = open_page(person(), width=PHONE)
    page.goto(f"/issues/{conversation.pk}/")
    text = page.locator("textarea[name=source]")
    text.press_sequentially("はい、@山")
    offered = page.get_by_role("button", name="山田 正一", exact=True)
    expect(offered).to_be_visible()
    axe(page)
    text.press("ArrowDown")
    expect(offered).to_be_focused()
    offered.press("Enter")
    expect(text).to_be_focused()
    expect(text).to_have_value("はい、@山田 正一 ")
    text.press_sequentially("@zzz")
    expect(offered).to_be_hidden()


def test_without_scripts_one_reads_quotes_and_calls_by_name(conversation, open_page, person):
    page = open_page(person(), width=PHONE, java_script_enabled=False)
    page.goto(f"/issues/{conversation.pk}/")
    page.locator("#post-30").get_by_role("link", name="引用する").click()
    page.locator("textarea[name=source]").fill("@山田正一さん、どの坂ですか。")
    page.get_by_role("button", name="投稿する").click()
    said = page.locator("#post-31")
    expect(said).to_be_in_viewport()
    expect(said.locator("blockquote")).to_have_text("その30番")
    expect(said.locator("mark")).to_have_text("@山田正一")
    said.get_by_role("link", name="削除する").click()
    page.get_by_role("button", name="削除する").click()
    expect(page.locator("#post-31")).to_contain_text("投稿した人が削除しました")
    assert Post.objects.get(number=31).state == Post.State.WITHDRAWN
