"""The pages in a real browser: passkeys, a narrow phone, large letters, no JavaScript, and nothing for axe to find."""

import io
import re
import zipfile

import pytest
from allauth.account.models import EmailAddress
from playwright.sync_api import Page, expect

from accounts.models import Role, User
from accounts.services import grant_role
from tests.accounts.hands import PASSWORD, code_in

pytestmark = pytest.mark.browser

SIGN_IN = "/accounts/login/"


@pytest.fixture
def at(app_server):
    """Addresses at the name of this machine: passkeys need a name, an address in digits will not do."""
    return lambda path: app_server.url.replace("127.0.0.1", "localhost") + path


def give_device(page: Page) -> None:
    """Plugs a virtual phone into the browser that knows its owner's finger."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )


def sign_in_on(page: Page, at, username: str) -> None:
    page.goto(at(SIGN_IN))
    page.fill("[name=login]", username)
    page.fill("[name=password]", PASSWORD)
    page.click("form.form button[type=submit]")
    page.wait_for_url(lambda url: SIGN_IN not in url)


def add_passkey(page: Page, at) -> None:
    page.goto(at("/accounts/2fa/webauthn/add/"))
    page.fill("[name=password]", PASSWORD)
    page.click("main form.form button[type=submit]")
    page.wait_for_url("**/webauthn/add/**")
    page.fill("[name=name]", "わたしの電話")
    page.click("form[data-passkey] button[type=submit]")
    page.wait_for_url("**/recovery-codes/**")


@pytest.fixture
def phone(open_page, person, at):
    """A phone on which somebody has added a passkey."""
    person("ume")
    page = open_page(locale="en")
    give_device(page)
    sign_in_on(page, at, "ume")
    add_passkey(page, at)
    return page


def signed_in_as(page: Page, at) -> str:
    page.goto(at("/me/"))
    return page.locator("main").inner_text()


def test_a_passkey_signs_in_with_one_press_and_no_name(phone, at):
    phone.context.clear_cookies()
    phone.goto(at(SIGN_IN))
    phone.get_by_role("button", name="Use a passkey").click()
    phone.wait_for_url(at("/"))
    assert "ume" in signed_in_as(phone, at)


def test_a_passkey_is_the_second_step_after_a_password(phone, at):
    phone.context.clear_cookies()
    sign_in_on(phone, at, "ume")
    expect(phone).to_have_url(at("/accounts/2fa/authenticate/"))
    phone.get_by_role("button", name="Use a passkey").click()
    phone.wait_for_url(at("/"))
    assert "ume" in signed_in_as(phone, at)


def test_a_passkey_confirms_who_one_is(phone, at):
    phone.context.clear_cookies()
    phone.goto(at(SIGN_IN))
    phone.get_by_role("button", name="Use a passkey").click()
    phone.wait_for_url(at("/"))
    phone.goto(at("/me/leave/confirm/"))
    phone.get_by_role("link", name="Use a passkey").click()
    phone.get_by_role("button", name="Use a passkey").click()
    phone.wait_for_url(at("/me/leave/confirm/"))


def test_passkeys_are_listed_renamed_and_removed(phone, at):
    phone.goto(at("/accounts/2fa/webauthn/"))
    expect(phone.locator("main")).to_contain_text("わたしの電話")
    phone.get_by_role("link", name="Rename").click()
    phone.fill("[name=name]", "ふるい電話")
    phone.get_by_role("button", name="Save").click()
    expect(phone.locator("main")).to_contain_text("ふるい電話")
    phone.get_by_role("link", name="Remove").click()
    phone.get_by_role("button", name="Remove").click()
    expect(phone.locator("main")).to_contain_text("You have no passkey")


def test_a_removed_passkey_opens_nothing(phone, at):
    phone.goto(at("/accounts/2fa/webauthn/"))
    phone.get_by_role("link", name="Remove").click()
    phone.get_by_role("button", name="Remove").click()
    phone.context.clear_cookies()
    phone.goto(at(SIGN_IN))
    phone.get_by_role("button", name="Use a passkey").click()
    expect(phone.locator("main")).to_contain_text("This is not right")
    phone.goto(at("/me/"))
    assert SIGN_IN in phone.url


def test_a_device_without_a_passkey_says_what_to_do(open_page, at):
    page = open_page(locale="en")
    give_device(page)
    page.goto(at(SIGN_IN))
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("choose another way")


def test_the_recovery_codes_can_be_printed_without_menus(phone):
    phone.emulate_media(media="print")
    expect(phone.locator(".codes")).to_be_visible()
    for hidden in (".header", ".footer", "[data-print]"):
        expect(phone.locator(hidden).first).to_be_hidden()


def test_a_password_can_be_looked_at_while_typing(open_page):
    page = open_page(locale="en")
    page.goto(SIGN_IN)
    page.fill("[name=password]", "secret words")
    page.get_by_label("Show the password").check()
    expect(page.locator("[name=password]")).to_have_attribute("type", "text")
    page.get_by_label("Show the password").uncheck()
    expect(page.locator("[name=password]")).to_have_attribute("type", "password")


@pytest.mark.parametrize("java_script_enabled", [True, False])
def test_somebody_joins_and_signs_in_again_with_or_without_javascript(
    open_page, app_server, java_script_enabled
):
    page = open_page(java_script_enabled=java_script_enabled)
    page.goto("/accounts/signup/")
    page.fill("[name=display_name]", "石引 花子")
    expect(page.locator("[name=username]")).to_be_hidden()
    page.fill("[name=email]", "ｈａｎａｋｏ＠ｅｘａｍｐｌｅ．ｊｐ")
    page.click("form.join button[type=submit]")
    page.fill("[name=code]", code_in(app_server.mails()[-1]))
    page.click("form.form button[type=submit]")
    page.goto("/me/")
    expect(page.locator("main")).to_contain_text("石引 花子")
    page.click("main form[action='/accounts/logout/'] button")
    page.goto(SIGN_IN)
    page.fill("[name=login]", "hanako@example.jp")
    page.click("form.form button[type=submit]")
    page.fill("[name=code]", code_in(app_server.mails()[-1]))
    page.click("form.form button[type=submit]")
    page.goto("/me/")
    expect(page.locator("main")).to_contain_text("石引 花子")


def test_somebody_joins_without_an_address_without_javascript(open_page):
    page = open_page(java_script_enabled=False)
    page.goto("/accounts/signup/")
    page.fill("[name=display_name]", "うめ")
    page.check("[name=way][value=password]")
    expect(page.locator("[name=email]")).to_be_hidden()
    page.fill("[name=username]", "ume")
    page.fill("[name=password1]", PASSWORD)
    page.click("form.join button[type=submit]")
    page.goto("/me/")
    expect(page.locator("main")).to_contain_text("うめ")


def test_passkeys_are_not_offered_where_they_cannot_work(open_page):
    page = open_page(java_script_enabled=False)
    page.goto(SIGN_IN)
    expect(page.locator("form[data-passkey]")).to_be_hidden()


def test_the_archive_comes_through_the_real_server(open_page, person, at):
    person("ume")
    page = open_page(locale="en")
    sign_in_on(page, at, "ume")
    page.goto(at("/me/data/download/"))
    page.fill("[name=password]", PASSWORD)
    page.click("main form.form button[type=submit]")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    path = download.value.path()
    assert re.fullmatch(r"yoriai-\d{8}\.zip", download.value.suggested_filename)
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
        assert archive.testzip() is None
        assert "account.json" in archive.namelist()


ENTRANCE = [
    SIGN_IN,
    "/accounts/signup/",
    "/accounts/login/code/",
    "/accounts/password/reset/",
    "/accounts/3rdparty/login/cancelled/",
    "/accounts/inactive/",
]
OWN = [
    "/me/",
    "/me/name/",
    "/me/user-name/",
    "/me/display/",
    "/me/student/",
    "/me/data/",
    "/me/leave/",
    "/me/leave/confirm/",
    "/me/second-step/",
    "/me/confirm/",
    "/accounts/email/",
    "/accounts/password/change/",
    "/accounts/sessions/",
    "/accounts/2fa/",
    "/accounts/2fa/webauthn/",
    "/accounts/3rdparty/",
    "/accounts/logout/",
]
# Letters of standard size on a phone are looked at by the walk over every page.
LOOKS = [(360, "largest"), (1280, "standard")]


def no_wider_than_the_screen(page: Page) -> bool:
    script = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    return bool(page.evaluate(script))


@pytest.mark.once
@pytest.mark.parametrize(("width", "size"), LOOKS)
def test_pages_for_guests_are_accessible_and_fit(open_page, axe, app_server, width, size):
    page = open_page(width=width)
    page.context.add_cookies([{"name": "text_size", "value": size, "url": app_server.url}])
    for path in ENTRANCE:
        assert page.goto(path).status == 200
        axe(page)
        assert no_wider_than_the_screen(page), path
    page.goto(SIGN_IN)
    page.click("form.form button[type=submit]")
    axe(page)
    expect(page.locator(".error-summary")).to_be_focused()


@pytest.mark.once
@pytest.mark.parametrize(("width", "size"), LOOKS)
def test_ones_own_pages_are_accessible_and_fit(open_page, person, axe, width, size):
    one = person("ume", email="ume@example.jp")
    EmailAddress.objects.create(user=one, email="ume@example.jp", verified=True, primary=True)
    grant_role(actor=None, person=one, role=Role.FACILITATOR)
    User.objects.filter(pk=one.pk).update(text_size=size)
    page = open_page(one, width=width)
    for path in OWN:
        assert page.goto(path).status == 200
        axe(page)
        assert no_wider_than_the_screen(page), path


@pytest.mark.once
@pytest.mark.parametrize("width", [360, 1280])
def test_pages_on_the_way_are_accessible_and_fit(open_page, app_server, person, at, axe, width):
    person("ume")
    page = open_page(locale="en", width=width)
    give_device(page)
    page.goto(at("/accounts/login/code/"))
    page.fill("[name=email]", "nobody@example.jp")
    page.click("form.form button[type=submit]")
    axe(page)
    page.click("text=Start again")
    sign_in_on(page, at, "ume")
    add_passkey(page, at)
    axe(page)
    for path in (
        "/accounts/2fa/",
        "/accounts/2fa/webauthn/",
        "/accounts/2fa/webauthn/add/",
        "/accounts/2fa/totp/activate/",
        "/accounts/2fa/recovery-codes/generate/",
        "/me/data/download/",
    ):
        assert page.goto(at(path)).status == 200
        axe(page)
        assert no_wider_than_the_screen(page), path
    page.context.clear_cookies()
    sign_in_on(page, at, "ume")
    axe(page)
    assert no_wider_than_the_screen(page)


def test_the_whole_way_in_can_be_gone_by_keyboard(open_page, person):
    person("ume")
    page = open_page(locale="en")
    page.goto(SIGN_IN)
    page.locator("[name=login]").focus()
    page.keyboard.type("ume")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: SIGN_IN not in url)
    page.goto("/me/")
    expect(page.locator("main")).to_contain_text("ume")
