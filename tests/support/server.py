"""A real uvicorn serving ``config.asgi`` to browsers, WebSockets and everything else that speaks over a wire."""

import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection

from config.settings.base import sqlite_url
from core.embedded import python_environment
from tests.support.processes import Started
from tests.support.wire import free_port


def environment_of_the_test() -> dict[str, str]:
    """The environment in which a process of the city works on this test's database, Redis and files."""
    return python_environment() | {
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "DATABASE_URL": test_database_url(),
        "DATA_DIR": str(settings.DATA_DIR),
        "REDIS_URL": settings.REDIS_URL,
    }


def test_database_url() -> str:
    """The URL of the database that the fixtures have made."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return sqlite_url(Path(name))
    database = connection.settings_dict
    user = ":".join(quote(str(database[key]), safe="") for key in ("USER", "PASSWORD"))
    host = str(database["HOST"])
    if host.startswith("/"):
        return f"postgresql://{user}@/{quote(f'{host}/{name}', safe='')}"
    port = f":{database['PORT']}" if database["PORT"] else ""
    return f"postgresql://{user}@{host}{port}/{quote(name, safe='')}"


class AppServer:
    """The web process of the city on a free port.

    Args:
        environment: see :func:`environment_of_the_test`.
        folder: where its log is written.
    """

    def __init__(self, environment: Mapping[str, str], *, folder: Path) -> None:
        self.host, self.port = "127.0.0.1", free_port()
        self.url = f"http://{self.host}:{self.port}"
        self._environment = {**environment, "SITE_URL": self.url}
        self._folder = folder
        self._process: Started | None = None

    def start(self) -> None:
        """Returns when it answers."""
        self._process = Started(
            [
                sys.executable,
                *("-m", "uvicorn", "config.asgi:application"),
                *("--host", self.host, "--port", str(self.port)),
                *("--ws", "websockets-sansio", "--ws-per-message-deflate", "false"),
                *("--ws-max-size", "16384"),
                *("--timeout-graceful-shutdown", "1", "--no-access-log", "--log-level", "warning"),
            ],
            log=self._folder / "app-server.log",
            environment=self._environment,
        )
        self._process.wait_until(self._answers)

    def stop(self) -> None:
        """Ends it politely, if it runs."""
        if self._process is not None:
            self._process.stop()
            self._process = None

    def kill(self) -> None:
        """Ends it at once, as a crash would."""
        if self._process is not None:
            self._process.kill()
            self._process = None

    def ensure_running(self) -> None:
        """Starts it if a test has left it dead."""
        if self._process is None or not self._process.is_running:
            self.start()

    @property
    def log(self) -> str:
        """What it has written to its log so far."""
        return self._process.printed if self._process is not None else ""

    def mails(self) -> list[EmailMessage]:
        """The mails that were sent, oldest first."""
        folder = Path(self._environment["DATA_DIR"]) / "mail"
        texts = [
            text.strip()
            for file in sorted(folder.glob("*.log"))
            for text in file.read_bytes().split(b"\n" + b"-" * 79 + b"\n")
        ]
        return [message_from_bytes(text, policy=policy.default) for text in texts if text]

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=5):
                return True
        except (urllib.error.URLError, OSError):
            return False
