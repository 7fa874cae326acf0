"""Writing an issue in a real browser: help beside the form, a line that breaks, a map, photos."""

import uuid

import pytest
from playwright.sync_api import expect

from associations.models import Association
from associations.services import cover_town, found_association
from issues.models import Issue, IssueDraft, Support
from issues.services import drafts
from issues.services import issues as acts
from tests.core.test_photos import picture, saved
from tests.support.browser import DESK

pytestmark = pytest.mark.browser


@pytest.fixture
def taro(person):
    return person("taro")


@pytest.fixture
def near(db):
    """The association of postal code 920-0935."""
    kinds = Association.Kind
    city = found_association(actor=None, kind=kinds.CITY, name="金沢市町会連合会")
    near = found_association(actor=None, kind=kinds.ASSOCIATION, name="石引2丁目町会", parent=city)
    cover_town(actor=None, association=near, name="石引", postal_code="9200935")
    return near


@pytest.fixture
def open_form(app_server, open_page, taro, category):
    def opened(path="/issues/new/", **options):
        page = open_page(taro, **options)
        page.goto(path)
        return page

    return opened


def fill(page, **words):
    for name, text in words.items():
        # As fingers do it: the scripts listen to input.
        page.locator(f"[name={name}]").fill(text)


def fill_the_rest(page, category):
    fill(page, question="どの道ですか。", text="朝の通学に間に合いません。")
    page.locator("[name=category]").select_option(str(category.pk))


def test_while_a_title_is_typed_a_similar_issue_appears_and_takes_a_me_too(
    issue, open_form, taro, axe
):
    page = open_form()
    fill(page, title="古紙の回収")
    box = page.locator("[data-similar-list]")
    expect(box.get_by_role("link", name=issue.title)).to_be_visible()
    expect(page.locator("[name=title]")).to_be_focused()
    axe(page)
    button = box.get_by_role("button", name="わたしも")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(button).to_be_focused()
    assert Support.objects.get().person == taro
    box.get_by_role("button", name="フォローする").click()
    expect(box.get_by_role("button", name="フォロー中")).to_be_visible()
    # Nothing of the form went away meanwhile.
    expect(page.locator("[name=title]")).to_have_value("古紙の回収")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")
    assert not Support.objects.exists()


@pytest.mark.parametrize("size", ["standard", "largest"])
def test_the_box_stands_below_the_title_on_a_phone_and_beside_it_on_a_desk(
    issue, open_form, open_page, taro, app_server, size
):
    places = {}
    for width in (360, DESK):
        page = open_form(width=width)
        page.context.add_cookies([{"name": "text_size", "value": size, "url": app_server.url}])
        page.goto("/issues/new/?title=古紙の回収")
        places[width] = [page.locator(s).bounding_box() for s in ("[name=title]", ".beside")]
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    title, box = places[360]
    assert box["y"] > title["y"] + title["height"]
    title, box = places[DESK]
    if size == "standard":
        assert box["x"] > title["x"] + title["width"]


def test_what_is_typed_is_kept_and_a_broken_line_loses_nothing(
    open_form, taro, category, complaints
):
    complaints.tolerate("ERR_INTERNET_DISCONNECTED")
    page = open_form()
    fill(page, title="歩道の雪")
    expect(page.locator("[data-draft-says]")).to_contain_text("下書きに保存しました")
    assert IssueDraft.objects.get().typed["title"] == "歩道の雪"
    page.context.set_offline(True)
    fill(page, text="線が切れたあとに書いた文。")
    expect(page.locator("[data-draft-warns]")).to_contain_text("この端末に残して")
    assert IssueDraft.objects.get().typed["text"] == ""
    page.context.set_offline(False)
    expect(page.locator("[data-draft-warns]")).to_be_empty()
    assert IssueDraft.objects.get().typed["text"] == "線が切れたあとに書いた文。"
    assert page.evaluate("localStorage.length") == 0


def test_what_waited_on_the_device_is_opened_on_the_next_visit_and_can_be_raised(
    open_form, taro, category, complaints
):
    complaints.tolerate("ERR_INTERNET_DISCONNECTED")
    page = open_form()
    page.context.set_offline(True)
    fill(page, title="歩道の雪", text="切れたまま書いた。")
    expect(page.locator("[data-draft-warns]")).to_contain_text("この端末に残して")
    # The phone was put away, the page is gone, the line is back.
    page.close()
    assert not IssueDraft.objects.exists()
    page = open_again(page)
    page.goto("/issues/new/")
    expect(page.locator("[name=text]")).to_have_value("切れたまま書いた。")
    assert "draft=" in page.url
    fill_the_rest(page, category)
    page.get_by_role("button", name="課題を出す").click()
    page.wait_for_url("**/issues/*/")
    assert Issue.objects.get().title == "歩道の雪"
    assert not IssueDraft.objects.exists()
    page.goto("/issues/new/")
    expect(page.locator("[name=title]")).to_have_value("")
    page.wait_for_timeout(500)
    assert page.evaluate("localStorage.length") == 0
    assert not IssueDraft.objects.exists()


def open_again(page):
    page.context.set_offline(False)
    return page.context.new_page()


def test_a_device_that_somebody_else_uses_shows_nothing_of_the_first(
    open_form, taro, person, complaints, signed_in, app_server, category
):
    complaints.tolerate("ERR_INTERNET_DISCONNECTED")
    page = open_form()
    page.context.set_offline(True)
    fill(page, title="太郎の書きかけ")
    expect(page.locator("[data-draft-warns]")).to_contain_text("この端末に残して")
    page.context.set_offline(False)
    page.goto("about:blank")
    IssueDraft.objects.all().delete()
    cookie = signed_in(person()).cookies["sessionid"]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": app_server.url}])
    page.goto("/issues/new/")
    page.wait_for_timeout(500)
    expect(page.locator("[name=title]")).to_have_value("")
    assert (
        not IssueDraft.objects.filter(typed__title="太郎の書きかけ").exclude(author=taro).exists()
    )


def test_seven_digits_offer_the_association_and_the_map_takes_a_pin(open_form, category, near, axe):
    page = open_form()
    fill(page, title="歩道の雪", postal_code="９２０－０９３５")
    expect(page.locator("[data-places-found]")).to_contain_text("石引")
    expect(page.locator("[name=place]")).to_have_value(str(near.pk))
    page.get_by_role("button", name="真ん中にピンを置く").click()
    expect(page.locator("[data-pin-says]")).to_have_text("ピンを置きました。")
    page.get_by_role("button", name="ピンを消す").click()
    expect(page.locator("[name=latitude]")).to_have_value("")
    page.locator(".map").click(position={"x": 200, "y": 160})
    expect(page.locator(".map-pin")).to_have_count(1)
    axe(page)
    fill_the_rest(page, category)
    page.get_by_role("button", name="課題を出す").click()
    page.wait_for_url("**/issues/*/")
    issue = Issue.objects.get()
    assert issue.place == near
    assert 36 < (issue.latitude or 0) < 37


def test_each_chosen_photo_gets_a_field_for_its_words(open_form, category, axe):
    page = open_form()
    fill(page, title="歩道の雪")
    fill_the_rest(page, category)
    page.locator("[name=photos]").set_input_files(
        [
            {
                "name": f"{name}.png",
                "mimeType": "image/png",
                "buffer": saved(picture(), "PNG").getvalue(),
            }
            for name in ("a", "b")
        ]
    )
    for number, words in ((1, "青い角"), (2, "赤い面")):
        page.get_by_label(f"写真 {number} に写っているもの").fill(words)
    axe(page)
    page.get_by_role("button", name="課題を出す").click()
    page.wait_for_url("**/issues/*/")
    assert [photo.words for photo in Issue.objects.get().photos.all()] == ["青い角", "赤い面"]


def test_without_javascript_a_draft_is_kept_a_place_found_and_the_issue_raised(
    issue, open_form, category, near
):
    page = open_form(java_script_enabled=False)
    fill(page, title="古紙の回収の日", postal_code="920-0935")
    page.get_by_role("button", name="似た課題をさがす").click()
    expect(page.get_by_role("link", name=issue.title)).to_be_visible()
    page.get_by_role("button", name="郵便番号からさがす").click()
    page.locator("[name=place]").select_option(label="石引2丁目町会")
    page.get_by_role("button", name="下書きに保存").click()
    expect(page.locator("[name=title]")).to_have_value("古紙の回収の日")
    expect(page.locator("[name=place]")).to_have_value(str(near.pk))
    fill_the_rest(page, category)
    page.get_by_role("button", name="課題を出す").click()
    page.wait_for_url("**/issues/*/")
    assert Issue.objects.latest("pk").place == near


@pytest.mark.parametrize("width", [360, DESK])
def test_editing_and_its_conflict_and_the_versions_are_accessible(
    app_server, open_page, taro, words, axe, width, complaints
):
    complaints.tolerate("status of 409")
    issue = acts.raise_issue(actor=taro, words=words(), key=uuid.uuid4())
    drafts.save_draft(actor=taro, key=uuid.uuid4(), typed={"title": "書きかけ"})
    page = open_page(taro, width=width)
    page.goto(f"/issues/{issue.pk}/edit/")
    axe(page)
    acts.edit_issue(actor=taro, issue=issue, words=words(text="別の画面の文。"), seen_version=1)
    fill(page, title="わたしの題")
    with page.expect_response("**/edit/") as answer:
        page.get_by_role("button", name="保存する").click()
    assert answer.value.status == 409
    complaint = page.get_by_role("alert")
    expect(complaint).to_be_focused()
    expect(page.locator("[name=title]")).to_have_value("わたしの題")
    axe(page)
    page.get_by_role("button", name="保存する").click()
    page.wait_for_url(f"**/issues/{issue.pk}/")
    for path in (f"/issues/{issue.pk}/versions/", "/issues/drafts/", "/issues/new/"):
        page.goto(path)
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
