"""The browser fixtures themselves: a page that complains fails its test, and nothing of Playwright leaks."""

import asyncio

import pytest
from asgiref.sync import async_to_sync
from django.core.exceptions import SynchronousOnlyOperation
from playwright.sync_api import expect

from accounts.models import User

pytestmark = pytest.mark.browser


def test_a_person_who_has_signed_in_is_known_to_the_server(open_page, person):
    page = open_page(person("hanako"))
    assert page.goto("/me/").status == 200
    assert page.url.endswith("/me/")


def test_two_windows_have_cookies_of_their_own(open_page, person):
    signed_in, guest = open_page(person()), open_page()
    signed_in.goto("/me/")
    guest.goto("/me/")
    assert "/accounts/login/" in guest.url
    assert "/accounts/login/" not in signed_in.url


@pytest.mark.parametrize(
    ("fault", "script"),
    [
        ("console", "console.error('a fault')"),
        ("script error", "setTimeout(() => { throw new Error('a fault') }, 0)"),
        (
            "CSP",
            "const s = document.createElement('script'); s.textContent = '1'; document.body.append(s)",
        ),
        ("status of 404", "fetch('/no-such-page')"),
    ],
)
def test_what_goes_wrong_in_a_page_is_noticed(page, complaints, fault, script):
    page.goto("/")
    assert list(complaints) == []
    page.evaluate(script)
    page.wait_for_timeout(300)
    assert any(fault in complaint for complaint in complaints)
    complaints.tolerate(".")


def test_axe_names_the_fault_and_the_place(page, axe):
    page.set_content(
        "<html lang=ja><title>t</title><main><h1>h</h1><img id=here src=data:,></main>"
    )
    with pytest.raises(AssertionError, match=r"(?s)image-alt.*#here"):
        axe(page)
    page.set_content("<html lang=ja><title>t</title><main><h1>h</h1></main>")
    axe(page)


def test_without_javascript_no_script_runs(javascript_off):
    javascript_off.goto(
        "data:text/html,<p>plain</p><script>document.body.textContent='ran'</script>"
    )
    expect(javascript_off.locator("body")).to_have_text("plain")


def test_a_browser_test_uses_the_database_and_async_code_as_any_other(page, person):
    with page.expect_response("**/") as answer:
        page.goto("/")
        person()
    assert answer.value.status == 200
    with pytest.raises(RuntimeError):
        asyncio.get_running_loop()
    assert User.objects.count() == 1

    async def seven() -> int:
        return 7

    assert async_to_sync(seven)() == 7


@pytest.mark.django_db
async def test_django_still_refuses_the_database_to_coroutines(browser):
    with pytest.raises(SynchronousOnlyOperation):
        User.objects.count()
