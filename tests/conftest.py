"""Fixtures that every room's tests share. What they are made of stands in ``tests/support/``."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import Browser, BrowserContext, Page

from accounts.models import User
from tests.support import browser as chromium
from tests.support import database, people
from tests.support.programs import CHROMIUM, JAPANESE_FONT, need
from tests.support.redis import PrivateRedis
from tests.support.server import AppServer, environment_of_the_test

ROOT = Path(__file__).resolve().parent.parent

# How long an example takes says something of the machine, and nothing of the code: speed belongs to `make bench`.
hypothesis_settings.register_profile("untimed", deadline=None)
hypothesis_settings.load_profile("untimed")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves out what only PostgreSQL can show where there is another database, and there what one run has shown."""
    # What a page looks like and does in a browser no database changes.
    on_postgresql = settings.DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql"
    for item in items:
        if item.get_closest_marker("once") and item.get_closest_marker("postgresql"):
            raise pytest.UsageError(f"marked once and postgresql, so in no run: {item.nodeid}")
    markers = {"once", "browser"} if on_postgresql else {"postgresql"}
    elsewhere = [item for item in items if markers & {mark.name for mark in item.iter_markers()}]
    if elsewhere:
        config.hook.pytest_deselected(items=elsewhere)
        gone = set(elsewhere)
        items[:] = [item for item in items if item not in gone]


# --- the city's parts -------------------------------------------------------------------------------


@pytest.fixture(scope="session", autouse=True)
def _redis_of_this_process() -> Iterator[PrivateRedis]:
    """A Redis at the address that the settings say; one for each process of the run."""
    assert settings.REDIS_CONFIGURATION is not None, (
        "unset REDIS_URL: tests have a Redis of their own"
    )
    server = PrivateRedis(settings.REDIS_CONFIGURATION, settings.REDIS_URL)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def private_redis(_redis_of_this_process: PrivateRedis) -> Iterator[PrivateRedis]:
    """The Redis that the settings point to, empty; the test may kill it and start it again."""
    _redis_of_this_process.ensure_running()
    _redis_of_this_process.forget_everything()
    yield _redis_of_this_process
    _redis_of_this_process.ensure_running()
    _redis_of_this_process.forget_everything()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The migrated database; tests that commit leave it as the migrations did."""
    with django_db_blocker.unblock():
        database.keep_what_migrations_wrote()


@pytest.fixture(scope="session")
def _app_server_of_this_process(
    django_db_setup: None, django_db_blocker: Any, _redis_of_this_process: PrivateRedis
) -> Iterator[AppServer]:
    with django_db_blocker.unblock():
        environment = environment_of_the_test()
    server = AppServer(environment, folder=settings.DATA_DIR)
    yield server
    server.stop()


@pytest.fixture
def app_server(
    transactional_db: None, private_redis: PrivateRedis, _app_server_of_this_process: AppServer
) -> AppServer:
    """A real uvicorn on the test's database and Redis; ``app_server.url`` is its address.

    It is a process of its own: it sees what the test has committed, and neither patches nor changed settings.
    A test may kill it; the next one finds it running again.
    """
    _app_server_of_this_process.ensure_running()
    return _app_server_of_this_process


@pytest.fixture
def another_server(
    transactional_db: None, private_redis: PrivateRedis, tmp_path: Path
) -> Iterator[Callable[..., AppServer]]:
    """Starts further servers, with settings of their own: ``another_server(LOG_LEVEL="INFO")``."""
    servers: list[AppServer] = []

    def start(**settings_from_outside: str) -> AppServer:
        server = AppServer(environment_of_the_test() | settings_from_outside, folder=tmp_path)
        servers.append(server)
        server.start()
        return server

    yield start
    for server in servers:
        server.stop()


# --- people -----------------------------------------------------------------------------------------


@pytest.fixture
def person(db: None) -> Callable[..., User]:
    """Opens accounts: ``person()``, ``person("hanako", display_name="花子")``."""
    return people.new_person


@pytest.fixture
def signed_in(db: None) -> Callable[[User], Client]:
    """Signs somebody in: ``signed_in(person()).get("/me/")``."""
    return people.signed_in_client


# --- browsers ---------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A Chromium of this process; tests take :func:`page` or :func:`open_page`."""
    # What a page looks like without the letters of its language proves nothing.
    need(CHROMIUM, JAPANESE_FONT)
    with chromium.chromium() as browser:
        yield browser


@pytest.fixture
def complaints() -> chromium.Complaints:
    """Errors of the browser windows of this test; ``complaints.tolerate(r"status of 404")`` lets some pass."""
    return chromium.Complaints()


@pytest.fixture
def open_page(
    request: pytest.FixtureRequest,
    app_server: AppServer,
    browser: Browser,
    complaints: chromium.Complaints,
) -> Iterator[Callable[..., Page]]:
    """Opens browser windows: ``open_page(person, width=DESK, java_script_enabled=False)``.

    The person, if any, has signed in. Each window has cookies of its own, so several people can meet. The test
    fails if one of its windows complains: an error in the console or a script, a breach of the security policy.
    """
    contexts: list[BrowserContext] = []

    def open_one(person: User | None = None, **options: Any) -> Page:
        context = chromium.new_context(browser, app_server.url, **options)
        contexts.append(context)
        complaints.listen_to(context)
        if person is not None:
            cookie = people.signed_in_client(person).cookies[settings.SESSION_COOKIE_NAME]
            context.add_cookies(
                [{"name": cookie.key, "value": cookie.value, "url": app_server.url}]
            )
        return context.new_page()

    yield open_one
    for context in contexts:
        context.close()
    assert list(complaints) == []


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    """A phone of 360 px on which nobody has signed in."""
    return open_page()


@pytest.fixture
def javascript_off(open_page: Callable[..., Page]) -> Page:
    """A phone of 360 px that runs no scripts."""
    return open_page(java_script_enabled=False)


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """Asserts that axe-core finds nothing on a page: ``axe(page)``."""

    def assert_accessible(page: Page) -> None:
        faults = chromium.accessibility_faults(page)
        assert not faults, f"{page.url}\n" + "\n".join(faults)

    return assert_accessible
