"""A real Chromium for tests: pages that complain when something is wrong, and eyes for accessibility."""

import asyncio
import functools
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FunctionType
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright._impl._sync_base import EventContextManager, EventInfo, SyncBase
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from tests.support.programs import CHROMIUM

ARGUMENTS = [
    # Chromium's sandbox refuses to run as root; only pages of ours are opened.
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = 360
DESK = 1280
HEIGHTS = {PHONE: 740, DESK: 900}

# Chromium reports most violations in the console by itself; this tells of every one, with its place.
TELL_VIOLATIONS = """
addEventListener("securitypolicyviolation", (event) => console.error(
  `CSP: ${event.violatedDirective} forbids ${event.blockedURI} at ${event.sourceFile}:${event.lineNumber}`
));
"""


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium without a window and with an empty profile, driven by Playwright."""
    with _playwright_loop_out_of_sight() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM.find(), args=ARGUMENTS, headless=True
        )
        try:
            yield browser
        finally:
            browser.close()


def new_context(
    browser: Browser, base_url: str, *, width: int = PHONE, **options: Any
) -> BrowserContext:
    """A browser window of its own, as somebody in Kanazawa has it; see ``Browser.new_context``."""
    context = browser.new_context(
        base_url=base_url,
        viewport={"width": width, "height": HEIGHTS.get(width, 800)},
        **{"locale": "ja-JP", "timezone_id": "Asia/Tokyo", "service_workers": "block"} | options,
    )
    context.set_default_timeout(10_000)
    context.add_init_script(TELL_VIOLATIONS)
    return context


class Complaints:
    """What went wrong in browser windows: errors in the console, in scripts, against the security policy."""

    def __init__(self) -> None:
        self._heard: list[str] = []
        # Chromium asks for it by itself when a page, such as Django's administration, names no icon.
        self._tolerated = [re.compile(r"/favicon\.ico\)$")]

    def listen_to(self, context: BrowserContext) -> None:
        """Collects from now on what goes wrong in this window and those that it opens."""
        context.on("console", self._console)
        context.on("weberror", lambda error: self._heard.append(f"script error: {error.error}"))

    def tolerate(self, pattern: str) -> None:
        """Lets complaints pass that contain the regular expression: the test means to provoke them."""
        self._tolerated.append(re.compile(pattern))

    def __iter__(self) -> Iterator[str]:
        return (heard for heard in self._heard if not any(p.search(heard) for p in self._tolerated))

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._heard.append(f"console: {message.text} ({message.location['url']})")


def accessibility_faults(page: Page) -> list[str]:
    """What axe-core finds on the page as it is now; a few lines for each fault, for a person to read."""
    options = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
    found = Axe().run(page, options=options).response["violations"]
    return [
        "\n".join(
            [
                f"{rule['id']} ({rule['impact']}): {rule['help']}",
                *(f"    {' '.join(map(str, node['target']))}: {node['html']}" for node in nodes),
                *(f"    {line}" for line in nodes[0]["failureSummary"].splitlines()),
            ]
        )
        for rule in found
        for nodes in [rule["nodes"]]
    ]


@contextmanager
def _playwright_loop_out_of_sight() -> Iterator[Any]:
    """Playwright with its event loop hidden between its calls.

    Its sync API leaves a running loop in the thread for as long as it lives. Django would then refuse the
    database to every later test of this process, asgiref its ``async_to_sync``, pytest-asyncio its runner; and
    switching Django's guard off would hide real faults. So each of Playwright's calls gets the loop, and
    whatever runs between two calls sees none.
    """
    manager = sync_playwright()
    playwright = manager.__enter__()
    loop = manager._loop
    asyncio._set_running_loop(None)

    @contextmanager
    def in_sight() -> Iterator[None]:
        before = asyncio._get_running_loop()
        if before not in (None, loop):
            raise RuntimeError("a browser test is no coroutine: write it with def")
        asyncio._set_running_loop(loop)
        try:
            yield
        finally:
            asyncio._set_running_loop(before)

    _wrap_every_call(in_sight)
    try:
        yield playwright
    finally:
        asyncio._set_running_loop(loop)
        try:
            manager.__exit__()
        finally:
            asyncio._set_running_loop(None)


def _wrap_every_call(in_sight: Callable[[], Any]) -> None:
    def wrapped(function: Callable[..., Any]) -> Callable[..., Any]:
        # A second Playwright in this process wraps the original again.
        original = getattr(function, "__wrapped__", function)

        @functools.wraps(original)
        def call(*args: Any, **kwargs: Any) -> Any:
            with in_sight():
                return original(*args, **kwargs)

        return call

    for api in [*_subclasses(SyncBase), EventInfo, EventContextManager]:
        for name, member in list(vars(api).items()):
            # Only what a test calls: Playwright finds its own frames in the stack to name what failed.
            if name.startswith("_") and name not in {"__enter__", "__exit__"}:
                continue
            if isinstance(member, FunctionType):
                setattr(api, name, wrapped(member))
            elif isinstance(member, property) and member.fget is not None:
                setattr(api, name, property(wrapped(member.fget), doc=member.__doc__))


def _subclasses(base: type[Any]) -> Iterator[type[Any]]:
    for child in base.__subclasses__():
        yield child
        yield from _subclasses(child)
