"""The browser's side: ``static/js/live.js`` in a real Chromium, followed by real faults."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Page, async_playwright

from tests.core.live.city.running import City

pytestmark = pytest.mark.browser

FOLLOW = """
async ([address, web]) => {
  const { follow } = await import("/static/js/live.js");
  window.seen = [];
  window.states = [];
  window.readers = [];
  window.follower = follow(
    address,
    (event, seq) => {
      window.seen.push([seq, event.text]);
      if (event.text === "the page stumbles") throw new Error("a fault of the page");
    },
    (readers) => window.readers.push(readers),
    (state, why) => window.states.push(why ? `${state}: ${why}` : state),
  );
}
"""
NO_SOCKET_GETS_THROUGH = """() => {
  window.RealWebSocket = window.WebSocket;
  window.WebSocket = class extends RealWebSocket {
    constructor(address) { super(new URL("/nowhere", address)); }
  };
}"""


@pytest.fixture
async def page(city: City) -> AsyncIterator[Page]:
    """A page of ours on the first web process."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("the browser Chromium is missing; it comes with: apt install chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        page = await browser.new_page()
        await page.goto(f"http://127.0.0.1:{city.ports[0]}/healthz")
        yield page
        await browser.close()


async def until(page: Page, condition: str, *, within: float = 15) -> None:
    async with asyncio.timeout(within):
        while not await page.evaluate(condition):
            await asyncio.sleep(0.05)


async def seen(page: Page) -> list[int]:
    numbers: list[int] = [seq for seq, _ in await page.evaluate("window.seen")]
    return numbers


async def test_a_page_sees_everything_once_and_in_order_though_its_server_is_killed(
    city: City, talk: str, page: Page
) -> None:
    city.do("say", key=talk, texts=["one", "two", "the page stumbles"])
    await page.evaluate(FOLLOW, [f"/live/talk/{talk}/?after=1"])
    await until(page, "window.seen.length === 2 && window.readers.at(-1) === 1")
    talking = asyncio.create_task(
        asyncio.to_thread(city.do, "chatter", key=talk, count=200, per_second=100)
    )
    await asyncio.sleep(0.5)
    city.web[0].kill()
    await asyncio.sleep(0.5)
    await asyncio.to_thread(city.web[0].start)
    await talking
    await until(page, "window.seen.length >= 202")
    assert await seen(page) == list(range(2, 204))
    assert (await page.evaluate("window.states"))[:3] == ["connecting", "live", "connecting"]
    # Where the outage was long enough for it to try polling, a socket is tried again soon.
    await until(page, "window.states.at(-1) === 'live'")


async def test_where_no_socket_gets_through_the_page_polls_and_returns_when_one_does(
    city: City, talk: str, page: Page
) -> None:
    city.do("say", key=talk, texts=[f"{number}" for number in range(120)])
    await page.evaluate(NO_SOCKET_GETS_THROUGH)
    await page.evaluate(FOLLOW, [f"/live/talk/{talk}/?after=0"])
    await until(page, "window.states.at(-1) === 'polling'")
    await until(page, "window.seen.length === 120")
    city.do("say", key=talk, texts=["a little late"])
    await until(page, "window.seen.length === 121")
    await page.evaluate("() => { window.WebSocket = RealWebSocket; }")
    await until(page, "window.states.at(-1) === 'live'")
    city.do("say", key=talk, texts=["at once"])
    await until(page, "window.seen.length === 122")
    assert await seen(page) == list(range(1, 123))
    assert await page.evaluate("window.states") == ["connecting", "offline", "polling", "live"]


@pytest.mark.parametrize(
    ("happens", "state"),
    [
        ("hide", "ended: withdrawn"),
        ("nothing", "ended: not-found"),
        ("much", "reload"),
    ],
)
async def test_the_page_hears_why_it_cannot_go_on(
    city: City, page: Page, happens: str, state: str
) -> None:
    key = "123456" if happens == "nothing" else city.do("new_talk")
    if happens == "much":
        city.do("say", key=key, texts=["word"] * 500)
    await page.evaluate(FOLLOW, [f"/live/talk/{key}/?after=0"])
    if happens == "hide":
        await until(page, "window.states.at(-1) === 'live'")
        city.do("hide", key=key)
    await until(page, f"window.states.at(-1) === '{state}'")
    await asyncio.sleep(1.5)
    assert (await page.evaluate("window.states"))[-1] == state


async def test_a_page_that_follows_by_an_element_keeps_its_number_there(
    city: City, talk: str, page: Page
) -> None:
    city.do("say", key=talk, texts=["one", "two"])
    element: Any = await page.evaluate_handle(
        """(key) => {
          const element = document.createElement("section");
          element.dataset.live = `/live/talk/${key}/`;
          element.dataset.liveAfter = "1";
          return element;
        }""",
        talk,
    )
    await page.evaluate(FOLLOW, [element])
    await until(page, "window.seen.length === 1")
    assert await element.evaluate("(element) => element.dataset.liveAfter") == "2"
    await page.evaluate("window.follower.close()")
    city.do("say", key=talk, texts=["nobody listens"])
    await asyncio.sleep(0.5)
    assert await seen(page) == [2]
