"""The demo city and its visitors: one for each process of the run, looked at and never changed."""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import APIRequestContext, APIResponse, Browser, Page

from accounts.demo import PASSWORD
from tests.support import browser as chromium
from tests.support.demo_city import DemoCity
from tests.support.redis import PrivateRedis
from tests.support.server import environment_of_the_test

GUEST = "guest"


@pytest.fixture(scope="session")
def demo_city(_redis_of_this_process: PrivateRedis) -> Iterator[DemoCity]:
    """The city with all demo content, on a server of its own."""
    city = DemoCity(environment_of_the_test(), folder=settings.DATA_DIR / "demo")
    yield city
    city.server.stop()


@pytest.fixture(scope="session")
def signed_in(demo_city: DemoCity, browser: Browser) -> Callable[[str], Any]:
    """What a window of this role starts with; ``None`` for a guest. Signs in once."""
    return cache(
        lambda role: None if role == GUEST else sign_in(browser, demo_city.server.url, role)
    )


@pytest.fixture(scope="session")
def knock(
    demo_city: DemoCity, browser: Browser, signed_in: Callable[[str], Any]
) -> Callable[[str, str], APIResponse]:
    """Asks for a page as a role does, without a window: ``knock("kaicho", "/issues/")``; follows no redirect."""
    doors: dict[str, APIRequestContext] = {}

    def ask(role: str, path: str) -> APIResponse:
        if role not in doors:
            doors[role] = browser.new_context(
                base_url=demo_city.server.url, storage_state=signed_in(role), locale="ja-JP"
            ).request
        return doors[role].get(path, max_redirects=0)

    return ask


@pytest.fixture
def visit(
    demo_city: DemoCity,
    browser: Browser,
    complaints: chromium.Complaints,
    signed_in: Callable[[str], Any],
) -> Iterator[Callable[..., Page]]:
    """Opens a window of the demo city: ``visit("kaicho")``, or ``visit("guest")``; signs in where needed."""
    contexts = []

    def open_window(role: str, **options: Any) -> Page:
        context = chromium.new_context(
            browser, demo_city.server.url, storage_state=signed_in(role), **options
        )
        contexts.append(context)
        complaints.listen_to(context)
        return context.new_page()

    yield open_window
    for context in contexts:
        context.close()


def sign_in(browser: Browser, url: str, username: str) -> Any:
    """Signs a demo person in by the real form; returns what a later window starts with."""
    context = chromium.new_context(browser, url)
    page = context.new_page()
    page.goto("/accounts/login/")
    form = page.locator("form:has(input[name=password])")
    form.locator("input[name=login]").fill(username)
    form.locator("input[name=password]").fill(PASSWORD)
    form.locator("button[type=submit], button:not([type])").first.click()
    page.wait_for_url(lambda address: "/accounts/login/" not in address)
    state = context.storage_state()
    context.close()
    return state
