"""No process of a city starts with settings that would be unsafe in public, and each says what to set."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from subprocess import CompletedProcess
from types import SimpleNamespace
from typing import Any

import pytest

from core import checks
from tests.deploy.city import COMMANDS, PLAIN_UVICORN, environment_of_web
from tests.deploy.image import Image
from tests.support.wire import free_port

pytestmark = [pytest.mark.once, pytest.mark.xdist_group("deploy")]

# Each with the words that tell the operator what to set.
UNSAFE: dict[str, tuple[dict[str, str | None], list[str]]] = {
    "as it comes": (
        {"SECRET_KEY": None, "DEBUG": "true", "ALLOWED_HOSTS": None, "DATABASE_URL": None, "SITE_URL": None,
         "EMAIL_USE_SSL": "true"},
        ["Set SECRET_KEY to 50", "Set DEBUG=false", "Set ALLOWED_HOSTS to the names",
         "Set DATABASE_URL=postgresql://", "Set SITE_URL to the public address", "Set EMAIL_USE_TLS=true for port 587"],
    ),
    "half done": (
        {"SECRET_KEY": "", "ALLOWED_HOSTS": "*", "DATABASE_URL": "sqlite:////tmp/half-done.sqlite3",
         "SITE_URL": "https://another.example.jp"},
        ["Set SECRET_KEY to 50", "Set ALLOWED_HOSTS to the names", "or SQLITE_IN_PRODUCTION=true",
         "contains the host of SITE_URL"],
    ),
}  # fmt: skip
SEVERAL = "several workers"
# Uvicorn kills and replaces workers that take longer to start; five seconds are too few on a busy machine.
WHILE_BUSY = "--timeout-worker-healthcheck=10"

Endings = dict[tuple[str, str], Future[CompletedProcess[str]]]


@pytest.fixture(scope="module")
def endings(image: Image) -> Iterator[Endings]:
    """How each process ends with unsafe settings; all are started here, because much of it is waiting."""
    ways: dict[tuple[str, str], tuple[list[str], dict[str, str | None]]] = {
        # First, because it takes longest: it waits once in vain for the answer of a worker that has just ended.
        (SEVERAL, "secret"): (
            [*PLAIN_UVICORN, "--workers=2", f"--port={free_port()}", WHILE_BUSY],
            {"SECRET_KEY": "change-me"},
        )
    }
    for how, (unsafe, _) in UNSAFE.items():
        ways |= {(process, how): (command, unsafe) for process, command in COMMANDS.items()}
    with ThreadPoolExecutor(max_workers=3) as pool:
        yield {
            way: pool.submit(image.run, *command, **environment_of_web(image, unsafe))
            for way, (command, unsafe) in ways.items()
        }


@pytest.mark.parametrize("process", COMMANDS)
@pytest.mark.parametrize("how", UNSAFE)
def test_no_process_starts_with_unsafe_settings_and_each_says_what_to_set(
    endings: Endings, process: str, how: str
):
    ended = endings[process, how].result()
    assert ended.returncode == 1, ended.stderr
    for sentence in UNSAFE[how][1]:
        assert sentence in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_web_server_of_several_workers_ends_instead_of_starting_them_anew_for_ever(
    endings: Endings,
):
    assert "Set SECRET_KEY to 50" in endings[SEVERAL, "secret"].result().stderr


SAFE = {
    "REFUSE_UNSAFE_SETTINGS": True,
    "SECRET_KEY": "k" * 50,
    "DEBUG": False,
    "DATABASES": {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": "yoriai"}},
    "SQLITE_IN_PRODUCTION": False,
    "ALLOWED_HOSTS": ["yoriai.example.jp"],
    "SITE_URL": "https://yoriai.example.jp",
    "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
    "EMAIL_HOST": "smtp.example.jp",
    "EMAIL_USE_TLS": True,
    "EMAIL_USE_SSL": False,
    "DEFAULT_FROM_EMAIL": "よりあい <yoriai@example.jp>",
    "REDIS_URL": "redis://:password@redis:6379/0",
}


def _sqlite(name: str) -> dict[str, Any]:
    return {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": name}}


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({}, []),
        ({"REFUSE_UNSAFE_SETTINGS": False, "SECRET_KEY": "change-me", "DEBUG": True}, []),
        ({"SECRET_KEY": "change-me"}, ["yoriai.E001"]),
        ({"SECRET_KEY": "k" * 49}, ["yoriai.E001"]),
        ({"DEBUG": True}, ["yoriai.E002"]),
        ({"DATABASES": _sqlite("/data/yoriai.sqlite3")}, ["yoriai.E003"]),
        ({"DATABASES": _sqlite("/data/yoriai.sqlite3"), "SQLITE_IN_PRODUCTION": True}, []),
        ({"DATABASES": _sqlite(":memory:"), "SQLITE_IN_PRODUCTION": True}, ["yoriai.E005"]),
        ({"ALLOWED_HOSTS": ["*", "yoriai.example.jp"]}, ["yoriai.E004"]),
        ({"ALLOWED_HOSTS": [".example.jp"]}, []),
        ({"ALLOWED_HOSTS": ["Yoriai.Example.jp"]}, []),
        ({"SITE_URL": "http://yoriai.example.jp"}, ["yoriai.E006"]),
        ({"SITE_URL": "https://localhost"}, ["yoriai.E006"]),
        ({"SITE_URL": "https://other.example.jp"}, ["yoriai.E007"]),
        ({"EMAIL_USE_SSL": True}, ["yoriai.E008"]),
        ({"EMAIL_HOST": "localhost"}, ["yoriai.W001"]),
        (
            {"EMAIL_HOST": "localhost", "EMAIL_BACKEND": "anymail.backends.postmark.EmailBackend"},
            [],
        ),
        ({"DEFAULT_FROM_EMAIL": "よりあい <yoriai@localhost>"}, ["yoriai.W002"]),
        ({"REDIS_URL": "redis://redis:6379/0"}, ["yoriai.W003"]),
    ],
)
def test_each_rule_finds_its_own_fault_and_nothing_else(monkeypatch, changed, found):
    monkeypatch.setattr(checks, "settings", SimpleNamespace(**SAFE | changed))
    assert [message.id for message in checks.production_settings()] == found


@pytest.mark.parametrize(("changed", "stops"), [("SECRET_KEY", True), ("EMAIL_HOST", False)])
def test_a_fault_stops_the_process_and_a_warning_does_not(monkeypatch, changed, stops):
    monkeypatch.setattr(checks, "settings", SimpleNamespace(**SAFE | {changed: "localhost"}))
    if stops:
        with pytest.raises(SystemExit) as ended:
            checks.exit_if_unsafe()
        assert ended.value.code == 1
    else:
        checks.exit_if_unsafe()
