"""Small stand-ins for the fixtures that all rooms share, for as long as those are not in this tree.

They bear the same names and do the same for the tests of this room. To be deleted together with the lines of
conftest.py that import them, once ``tests/conftest.py`` is there.
"""

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import count
from typing import Any

import pytest
import redis
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.core import mail
from django.core.cache import caches
from django.test import Client
from playwright.sync_api import Browser, Page, sync_playwright

from accounts.models import User
from accounts.services import open_account
from core import embedded

PASSWORD = "a long enough word"
_numbers = count(1)


@pytest.fixture(scope="session", autouse=True)
def _redis_of_this_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    folder = tmp_path_factory.mktemp("redis")
    configuration, url = embedded.write_redis_configuration(folder)
    server = subprocess.Popen([embedded.find_redis_server(), configuration])
    client = redis.Redis.from_url(
        url, retry=redis.retry.Retry(redis.backoff.ConstantBackoff(0.1), 50)
    )
    client.ping()
    settings.REDIS_URL = settings.CACHES["default"]["LOCATION"] = url
    with suppress(AttributeError):
        del caches["default"]
    yield
    server.terminate()
    server.wait(10)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    database: dict[str, Any] = settings.DATABASES["default"]
    if "sqlite" in database["ENGINE"]:
        database["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


def _new_person(username: str = "", **fields: Any) -> User:
    username = username or f"person{next(_numbers)}"
    given = {"actor": None, "display_name": f"{username} さん", "password": PASSWORD} | fields
    return open_account(username=username, **given)


@pytest.fixture
def person(db: None) -> Callable[..., User]:
    return _new_person


@pytest.fixture
def signed_in(db: None) -> Callable[[User], Client]:
    def client_of(person: User) -> Client:
        client = Client()
        client.force_login(person)
        return client

    return client_of


class _Server:
    def __init__(self, url: str) -> None:
        self.url = url

    def mails(self) -> list[Any]:
        return [message.message() for message in mail.outbox]


@pytest.fixture
def app_server(transactional_db: None, live_server: Any) -> _Server:
    return _Server(live_server.url)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


@pytest.fixture
def complaints() -> list[str]:
    return []


@pytest.fixture
def open_page(
    app_server: _Server, browser: Browser, complaints: list[str]
) -> Iterator[Callable[..., Page]]:
    contexts = []

    def open_one(person: User | None = None, *, width: int = 360, **options: Any) -> Page:
        context = browser.new_context(
            base_url=app_server.url,
            viewport={"width": width, "height": 740},
            locale=options.pop("locale", "ja-JP"),
            **options,
        )
        context.set_default_timeout(10_000)
        context.on(
            "console",
            lambda message: complaints.append(message.text) if message.type == "error" else None,
        )
        contexts.append(context)
        if person is not None:
            client = Client()
            client.force_login(person)
            cookie = client.cookies[settings.SESSION_COOKIE_NAME]
            context.add_cookies(
                [{"name": cookie.key, "value": cookie.value, "url": app_server.url}]
            )
        return context.new_page()

    yield open_one
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def axe() -> Callable[[Page], None]:
    def assert_accessible(page: Page) -> None:
        options = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
        found = Axe().run(page, options=options).response["violations"]
        assert not found, f"{page.url} {[(rule['id'], rule['nodes'][0]['html']) for rule in found]}"

    return assert_accessible
