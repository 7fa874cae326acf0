"""Joining by letter: an officer prints it, a resident joins with it on a phone, with and without JavaScript."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from associations import services
from associations.models import Association, Household, Office
from associations.services import put_in_office
from core.times import tokyo_today
from tests.support.browser import DESK, Complaints

pytestmark = [pytest.mark.browser, pytest.mark.once]

A4_IN_POINTS = (595, 842)


@pytest.fixture
def chair(transactional_db: None, person: Callable[..., User]) -> User:
    """The chair of an association with a block of three households, none of which has begun."""
    association = services.found_association(
        actor=None, kind=Association.Kind.ASSOCIATION, name="石引2丁目町会"
    )
    block = services.add_block(actor=None, association=association, name="3班")
    for number in (1, 2, 3):
        services.register_household(actor=None, block=block, label=f"3班-{number}")
    chair = person(display_name="山田 正一")
    today = tokyo_today()
    put_in_office(
        node=association,
        kind=Office.Kind.CHAIR,
        person=chair,
        first_day=today,
        last_day=today + timedelta(days=100),
    )
    return chair


@pytest.fixture
def letters(chair: User, open_page: Callable[..., Page]) -> Page:
    """The page of letters, as the chair sees it at a desk."""
    desk = open_page(chair, width=DESK)
    desk.goto(f"/associations/{Association.objects.get(kind='association').pk}/desk/")
    desk.get_by_role("link", name="手紙を印刷する").click()
    desk.get_by_role("button", name="3班: 3通を表示する").click()
    expect(desk.locator(".letter")).to_have_count(3)
    return desk


def code_of(letter: Page, number: int) -> str:
    return letter.locator(".letter__letters").nth(number).inner_text()


def join(phone: Page, username: str, axe: Callable[[Page], None] | None = None) -> None:
    """The second and third screen."""
    expect(phone.get_by_role("heading", level=1)).to_have_text("世帯に登録する")
    expect(phone.locator("main")).to_contain_text("3班-1")
    phone.get_by_label("表示名").fill("石引 花子")
    phone.get_by_label("ユーザー名").fill(username)
    phone.get_by_label("パスワード", exact=False).first.fill("three words together")
    if axe:
        axe(phone)
    phone.get_by_role("button", name="次へ").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("もう少しです")
    phone.get_by_label("スマートフォンと紙の両方").check()
    if axe:
        axe(phone)
    phone.get_by_role("button", name="登録を終える").click()
    expect(phone.locator("main")).to_contain_text("登録できました")


def test_a_resident_joins_on_a_phone_with_the_code_in_the_letter(
    letters: Page, open_page: Callable[..., Page], axe: Callable[[Page], None]
) -> None:
    phone = open_page()
    phone.goto("/")
    phone.get_by_role("link", name="町会からの手紙をお持ちの方はこちら").click()
    axe(phone)
    wide = "".join(chr(ord(c) + 0xFEE0) if c.isalnum() else "　" for c in code_of(letters, 0))
    phone.get_by_label("手紙のコード").fill(wide)
    phone.get_by_role("button", name="次へ").click()
    join(phone, "hanako7", axe)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    household = Household.objects.get(label="3班-1")
    assert household.members.get().person.username == "hanako7"
    assert household.preference == "both"
    # The household has said that this is all.
    stranger = open_page()
    stranger.goto("/associations/join/")
    stranger.get_by_label("手紙のコード").fill(code_of(letters, 0))
    with stranger.expect_response("**/join/") as answer:
        stranger.get_by_role("button", name="次へ").click()
    assert answer.value.status == 422
    expect(stranger.get_by_role("alert")).to_be_visible()


@pytest.fixture(autouse=True)
def _refusals_are_meant(complaints: Complaints) -> None:
    complaints.tolerate("status of 422")


def test_a_resident_joins_without_javascript_by_the_square(
    letters: Page, javascript_off: Page
) -> None:
    # What the camera reads stands in the square; here as the address that was drawn.
    javascript_off.goto(f"/associations/join/?c={code_of(letters, 0)}")
    join(javascript_off, "hanako8")
    assert User.objects.filter(username="hanako8").exists()


def test_the_letters_print_one_to_a_sheet_of_a4(letters: Page, tmp_path: Path) -> None:
    pdf = tmp_path / "letters.pdf"
    letters.pdf(path=pdf, prefer_css_page_size=True, print_background=True)
    document = pypdfium2.PdfDocument(pdf)
    assert len(document) == 3
    for number, sheet in enumerate(document):
        width, height = sheet.get_size()
        assert (round(width), round(height)) == pytest.approx(A4_IN_POINTS, abs=1)
        text = sheet.get_textpage().get_text_bounded()
        for words in ("石引2丁目町会", f"3班-{number + 1}", code_of(letters, number)):
            assert words in text.replace("\r\n", "")
        # Nothing of the screen's own furniture is printed, and the square is black on white.
        assert "ログイン" not in text
        picture = sheet.render(scale=1).to_pil().convert("L")
        dark = sum(count for level, count in enumerate(picture.histogram()) if level < 60)
        assert dark > 2_000
    document.close()
