"""People on open pages of one discussion: what each does, the others see, and nobody is disturbed."""

import re
import time
import uuid
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from accounts.models import Role, User
from issues.models import Post, ReadPosition
from issues.services import issues as acts
from issues.services import talk

pytestmark = pytest.mark.browser

LONG = "長い話です。\n\n" * 12


@pytest.fixture
def say(issue, person):
    """Somebody elsewhere says something: ``say("はい")``."""

    def said(source="はい、そう思います。", actor=None, **more) -> Post:
        return talk.post(
            actor=actor or person(), thread=issue.thread, source=source, key=uuid.uuid4(), **more
        )

    return said


@pytest.fixture
def visit(open_page, issue):
    """Opens the issue in a window whose line stands: ``visit(person)``."""

    def opened(somebody=None, *, to: str = "", **options: Any) -> Page:
        page: Page = open_page(somebody, **options)
        page.goto(to or f"/issues/{issue.pk}/")
        is_live(page)
        return page

    return opened


def is_live(page: Page) -> None:
    expect(page.locator("#talk[data-line=live]")).to_be_attached()


def numbers(page: Page) -> list[str]:
    found: list[str] = page.locator(".posts > .post").evaluate_all("posts => posts.map(p => p.id)")
    return found


def post_by_form(page: Page, text: str) -> None:
    page.locator("form[data-say] [name=source]").fill(text)
    page.locator("form[data-say] button").click()
    expect(page.locator("form[data-say] [name=source]")).to_have_value("")


def bring_in(page: Page, number: int) -> None:
    """Takes the offer of new posts, if the page makes one, until the post is there."""
    post, offer = page.locator(f"#post-{number}"), page.locator("[data-offer]:visible")
    expect(post.or_(offer).first).to_be_attached()
    if offer.is_visible():
        offer.click()
    expect(post).to_be_attached()


def words_of(page: Page, number: int):
    return page.locator(f"#post-{number} [data-part=body]")


def test_three_people_talk_on_open_pages_and_one_of_them_is_offline_for_a_while(
    visit, issue, person, with_role, another_server, complaints
):
    # The third comes by a web process of its own, and both its line and that process will break.
    complaints.tolerate("WebSocket connection|ERR_INTERNET_DISCONNECTED|ERR_CONNECTION")
    other = another_server()
    hanako, taro = person(display_name="花子"), person(display_name="太郎")
    facilitator = with_role(Role.FACILITATOR)
    first, second = visit(hanako), visit(facilitator)
    third = visit(taro, to=f"{other.url}/issues/{issue.pk}/")
    expect(first.locator("[data-readers]")).to_have_text("読んでいる人 3", timeout=10_000)

    post_by_form(first, "地図があると、うれしいです。")
    for page in (first, second, third):
        bring_in(page, 1)
        expect(words_of(page, 1)).to_have_text("地図があると、うれしいです。")
    expect(first.locator("#post-1 a", has_text="直す")).to_be_visible()
    expect(second.locator("#post-1 a", has_text="直す")).to_have_count(0)
    expect(second.locator("#post-1 a", has_text="かくす")).to_have_count(0)
    expect(second.locator("#post-1").get_by_role("link", name="隠す")).to_be_visible()

    third.locator("#post-1 [data-reaction=agree]").click()
    expect(first.locator("#post-1 [data-reaction=agree]")).to_have_text("賛成 1")
    expect(third.locator("#post-1 [data-reaction=agree]")).to_have_attribute("aria-pressed", "true")
    expect(first.locator("#post-1 [data-reaction=agree]")).to_have_attribute(
        "aria-pressed", "false"
    )

    # A reply, by the ordinary page of replies.
    second.locator("#post-1").get_by_role("link", name="返信").click()
    second.locator("[name=source]").fill("どんな地図ですか。")
    second.locator("form.form .button--main").click()
    is_live(second)
    bring_in(first, 2)
    expect(first.locator("#post-2.post--reply")).to_contain_text("どんな地図ですか。")

    third.context.set_offline(True)
    other.kill()
    expect(third.locator("[data-when=offline]")).to_be_visible()
    post_by_form(first, "紙の地図です。")
    first.locator("#post-1").get_by_role("link", name="直す").click()
    first.locator("[name=source]").fill("紙の地図があると、うれしいです。")
    first.locator("form.form .button--main").click()
    is_live(first)
    second.locator("#post-3").get_by_role("link", name="隠す").click()
    second.locator("input[name=reason]").fill("ためし")
    second.locator("form.form .button--main").click()
    is_live(second)
    expect(words_of(first, 3)).to_be_empty()

    other.start()
    third.context.set_offline(False)
    expect(third.locator("[data-when=back]")).to_be_visible(timeout=30_000)
    expect(words_of(third, 1)).to_have_text("紙の地図があると、うれしいです。")
    bring_in(third, 3)
    expect(third.locator("#post-3")).to_contain_text("見えないようにしました")
    assert "紙の地図です" not in third.content()
    post_by_form(third, "もどりました。")
    for page in (first, second, third):
        bring_in(page, 4)
        expect(words_of(page, 4)).to_have_text("もどりました。")
        assert numbers(page) == ["post-1", "post-2", "post-3", "post-4"]


def test_who_types_keeps_focus_words_and_place_while_others_go_on(visit, say, person):
    hanako = person()
    old = [say(LONG) for _ in range(4)]
    page = visit(person())
    text = page.locator("form[data-say] [name=source]")
    text.click()
    text.press_sequentially("まだ書いて")
    expect(text).to_be_in_viewport()
    before = text.bounding_box()
    say("新しい話", actor=hanako)
    talk.edit(actor=old[0].author, post=old[0], source=LONG * 3)
    talk.react(actor=hanako, post=old[3], kind="thanks", wanted=True)
    offer = page.get_by_role("button", name="新着1件")
    expect(offer).to_be_visible()
    expect(page.locator("#post-4 [data-reaction=thanks]")).to_have_text("ありがとう 1")
    assert page.locator("#post-5").count() == 0
    assert page.evaluate("document.activeElement.name") == "source"
    after = text.bounding_box()
    assert abs(after["y"] - before["y"]) <= 1
    page.keyboard.type("います")
    expect(text).to_have_value("まだ書いています")
    offer.click()
    expect(words_of(page, 5)).to_be_in_viewport()
    expect(offer).to_be_hidden()
    assert page.evaluate("document.activeElement.id") == "post-5"
    expect(text).to_have_value("まだ書いています")


def test_who_reads_further_up_is_not_moved_and_whoever_has_read_all_sees_it_at_once(visit, say):
    posts = [say(LONG) for _ in range(6)]
    page = visit()
    reading = page.locator("#post-4")
    reading.scroll_into_view_if_needed()
    page.evaluate("document.querySelector('#post-4').scrollIntoView({behavior: 'instant'})")
    before = reading.bounding_box()
    talk.edit(actor=posts[1].author, post=posts[1], source=LONG * 2)
    say("七つ目")
    say("八つ目")
    expect(page.get_by_role("button", name="新着2件")).to_be_visible()
    expect(page.locator("#post-2")).to_contain_text("変更あり")
    assert abs(reading.bounding_box()["y"] - before["y"]) <= 1
    # On a phone the navigation stands at the bottom, and must not hide the offer.
    assert page.locator("[data-offer]").evaluate(
        """offer => {
          const { left, right, top, bottom } = offer.getBoundingClientRect();
          return document.elementFromPoint((left + right) / 2, (top + bottom) / 2) === offer;
        }"""
    )
    page.get_by_role("button", name="新着2件").click()
    page.evaluate(
        "document.querySelector('#post-8').scrollIntoView({block: 'end', behavior: 'instant'})"
    )
    say("九つ目")
    expect(words_of(page, 9)).to_have_text("九つ目")
    expect(page.locator("[data-offer]")).to_be_hidden()


def test_a_selection_in_a_post_is_kept_until_the_reader_lets_go(visit, say):
    post = say("選んだ言葉")
    page = visit()
    page.evaluate(
        "getSelection().selectAllChildren(document.querySelector('#post-1 [data-part=body]'))"
    )
    talk.edit(actor=post.author, post=post, source="直した言葉")
    say("次の話")
    expect(page.locator("#post-2, [data-offer]:visible")).to_have_count(1)
    assert page.evaluate("getSelection().toString().trim()") == "選んだ言葉"
    page.evaluate("getSelection().removeAllRanges()")
    expect(words_of(page, 1)).to_have_text("直した言葉")


def test_a_hidden_post_goes_from_all_pages_even_under_the_readers_hand(visit, say, with_role):
    post, facilitator = say("ひどい言葉 https://example.jp/"), with_role(Role.FACILITATOR)
    page, desk = visit(), visit(facilitator)
    page.locator("#post-1 [data-part=body] a").focus()
    talk.hide(actor=facilitator, post=post, reason="悪口")
    expect(page.locator("#post-1")).not_to_contain_text("ひどい言葉")
    assert page.evaluate("document.activeElement.id") == "post-1"
    expect(page.locator("#post-1 form")).to_have_count(0)
    desk.locator("#post-1").get_by_role("button", name="また見えるようにする").click()
    expect(words_of(page, 1)).to_contain_text("ひどい言葉")


def test_words_that_are_hidden_leave_the_posts_that_quote_or_answer_them(visit, say, with_role):
    post = say("ひどい言葉")
    say("同感です", quotes=post)
    say("それはどうでしょう", answers=post)
    page = visit()
    expect(page.locator("#post-2 blockquote")).to_have_text("ひどい言葉")
    talk.hide(actor=with_role(Role.FACILITATOR), post=post, reason="悪口")
    expect(page.locator("#talk")).not_to_contain_text("ひどい言葉")
    expect(page.locator("#post-3")).to_contain_text("それはどうでしょう")


def test_the_stage_moves_on_every_open_page_in_its_own_language(visit, issue, person, say):
    say()
    foreigner = person()
    User.objects.filter(pk=foreigner.pk).update(language="en")
    japanese, english = visit(), visit(foreigner)
    acts.change_stage(actor=issue.author, issue=issue, stage="prototype", reason="地図ができた")
    expect(japanese.locator(".steps [aria-current]")).to_contain_text("企画と試作")
    expect(english.locator(".steps [aria-current]")).to_contain_text("Plan and prototype")
    expect(japanese.locator("[data-part=way]")).to_contain_text("地図ができた")
    acts.change_stage(actor=issue.author, issue=issue, stage="running", reason="配られた")
    expect(japanese.locator(".way--stage")).to_contain_text(["地図ができた", "配られた"])
    expect(english.locator(".steps [aria-current]")).to_contain_text("In operation")
    say("また")
    bring_in(english, 2)
    expect(english.locator("#post-2")).to_contain_text(re.compile(r"[A-Z][a-z]{2}, \d+ [A-Z]"))


def test_what_cannot_be_sent_is_kept_and_sent_once(visit, issue, person, complaints, app_server):
    complaints.tolerate("ERR_INTERNET_DISCONNECTED|WebSocket connection")
    page = visit(person())
    page.context.set_offline(True)
    text = page.locator("form[data-say] [name=source]")
    text.fill("トンネルの中から")
    page.locator("form[data-say] button").click()
    expect(page.locator("[data-when=unsent]")).to_be_visible()
    expect(text).to_have_value("トンネルの中から")
    page.context.set_offline(False)
    page.reload()
    expect(text).to_have_value("トンネルの中から")
    page.locator("form[data-say] button").dblclick()
    expect(words_of(page, 1)).to_have_text("トンネルの中から")
    expect(text).to_have_value("")
    page.reload()
    expect(text).to_have_value("")
    assert Post.objects.count() == 1


def test_who_is_no_longer_signed_in_keeps_what_was_written(visit, person):
    page = visit(person())
    Session.objects.all().delete()
    text = page.locator("form[data-say] [name=source]")
    text.fill("まだ送れない")
    page.locator("form[data-say] button").click()
    expect(page.locator("[data-when=signed-out] a")).to_be_visible()
    expect(text).to_have_value("まだ送れない")
    assert Post.objects.count() == 0


def test_a_page_that_has_slept_too_long_offers_the_present_and_waits(
    visit, issue, say, person, another_server, complaints
):
    complaints.tolerate("WebSocket connection|ERR_CONNECTION")
    server = another_server(LIVE_LIMITS='{"most_replayed": 3}')
    page = visit(person(), to=f"{server.url}/issues/{issue.pk}/")
    text = page.locator("form[data-say] [name=source]")
    text.press_sequentially("書きかけ")
    server.kill()
    for _ in range(5):
        say()
    server.start()
    expect(page.locator("[data-when=reload] a")).to_be_visible(timeout=30_000)
    time.sleep(1)
    expect(text).to_be_focused()
    expect(text).to_have_value("書きかけ")
    page.locator("[data-when=reload] a").click()
    expect(page.locator("#post-5")).to_be_attached()
    expect(text).to_have_value("書きかけ")


def test_where_a_middle_piece_is_read_new_posts_are_a_way_to_them(visit, say, issue):
    for _ in range(60):
        say()
    page = visit(to=f"/issues/{issue.pk}/?before=20")
    say("六十一番目")
    page.get_by_role("button", name="新着1件").click()
    page.wait_for_url("**#post-61")
    expect(words_of(page, 61)).to_have_text("六十一番目")


def test_what_was_read_on_an_open_page_is_not_new_next_time(visit, say, person, issue):
    reader = person()
    say()
    page = visit(reader)
    say("二つ目")
    bring_in(page, 2)
    # Read is what was in view for a moment.
    page.wait_for_timeout(1_200)
    page.goto("/healthz")
    position = ReadPosition.objects.filter(person=reader)
    deadline = time.monotonic() + 5
    while position.get().number < 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    say("三つ目")
    page.goto(f"/issues/{issue.pk}/")
    expect(page.locator(".unread-line + .post")).to_have_attribute("id", "post-3")


@pytest.mark.parametrize("width", [360, 1280])
def test_the_talk_with_an_offer_and_without_a_line_is_accessible(
    visit, say, person, axe, width, another_server, issue, complaints
):
    complaints.tolerate("WebSocket connection|ERR_CONNECTION")
    server = another_server()
    for _ in range(3):
        say(LONG)
    page = visit(person(), to=f"{server.url}/issues/{issue.pk}/", width=width)
    say("新しい話")
    expect(page.get_by_role("button", name="新着1件")).to_be_visible()
    server.kill()
    expect(page.locator("[data-when=offline]")).to_be_visible(timeout=15_000)
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_without_scripts_the_talk_shows_nothing_of_the_line(javascript_off, issue, say):
    say()
    javascript_off.goto(f"/issues/{issue.pk}/")
    expect(javascript_off.locator(".talk-live :is(p, button):visible")).to_have_count(0)
    expect(javascript_off.locator("[data-readers]")).to_be_hidden()
