"""The talk's city as processes: a Redis, two web processes, and the desk where people act."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from honcho.environ import parse_procfile

from core.embedded import find_redis_server, free_port, write_redis_configuration

ROOT = Path(__file__).resolve().parents[4]


class Process:
    """A program that can be killed and started again as it was."""

    def __init__(
        self, command: list[str], *, log: Path, env: dict[str, str], ready: Callable[[], bool]
    ) -> None:
        self.command, self.log, self.env, self.ready = command, log, env, ready
        self.popen: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Returns when it answers."""
        with self.log.open("ab") as output:
            self.popen = subprocess.Popen(
                self.command, cwd=ROOT, env=self.env, stdout=output, stderr=subprocess.STDOUT
            )
        deadline = time.monotonic() + 30
        while not self.ready():
            assert self.popen.poll() is None, self.log.read_text()
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.03)

    def kill(self, how: signal.Signals = signal.SIGKILL) -> None:
        """Ends it without a word, as a power cut would."""
        if self.popen is not None:
            self.popen.send_signal(how)
            self.popen.wait(20)
            self.popen = None


class City:
    """Starts with its database; ``web`` are web processes that share nothing but database and Redis."""

    def __init__(
        self,
        folder: Path,
        *,
        settings_module: str = "tests.core.live.city.settings",
        web_processes: int = 2,
    ) -> None:
        configuration, self.redis_url = write_redis_configuration(folder)
        self.database = self._new_database(folder)
        self.env = os.environ | {
            "DJANGO_SETTINGS_MODULE": settings_module,
            "PYTHONPATH": f"{ROOT / 'platform'}{os.pathsep}{ROOT}",
            "DATA_DIR": str(folder),
            "TALK_DATABASE": self.database,
            "REDIS_URL": self.redis_url,
            "PYTHON": sys.executable,
            "HOST": "127.0.0.1",
        }
        redis_port = int(self.redis_url.rsplit(":", 1)[1].split("/")[0])
        self.redis = Process(
            [str(find_redis_server()), str(configuration)],
            log=folder / "redis-output.log",
            env=self.env,
            ready=lambda: listens(redis_port),
        )
        self.ports = [free_port() for _ in range(web_processes)]
        # The first never looks into the database unasked, so that what it misses otherwise stays missing.
        sweeps = [{"TALK_SWEEP": "1000"}, {}]
        self.web = [
            self._web_process(port, folder, more)
            for port, more in zip(self.ports, sweeps, strict=False)
        ]
        self.desk = subprocess.Popen(
            [sys.executable, "-m", "tests.core.live.city.desk"],
            cwd=ROOT, env=self.env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        try:
            self.redis.start()
            self.do("prepare")
            for process in self.web:
                process.start()
        except BaseException:
            self.stop()
            raise

    def do(self, order: str, **arguments: Any) -> Any:
        """Has something done at the desk; see the functions there."""
        assert self.desk.stdin is not None
        assert self.desk.stdout is not None
        self.desk.stdin.write(json.dumps([order, arguments]) + "\n")
        self.desk.stdin.flush()
        answer = json.loads(self.desk.stdout.readline())
        assert "error" not in answer, answer["error"]
        return answer["answer"]

    def start_what_is_down(self) -> None:
        """A test may kill what it likes."""
        for process in (self.redis, *self.web):
            if process.popen is None or process.popen.poll() is not None:
                process.start()

    def complaints(self) -> str:
        """What the web processes have written since :meth:`forget_complaints`."""
        return "".join(
            process.log.read_text()[start:]
            for process, start in zip(self.web, self.forgotten, strict=True)
        )

    def forget_complaints(self) -> None:
        """What was written until now is no fault, or that of an earlier test."""
        self.forgotten = [len(process.log.read_text()) for process in self.web]

    def stop(self) -> None:
        self.desk.stdin.close()  # type: ignore[union-attr]
        self.desk.wait(20)
        for process in (*self.web, self.redis):
            process.kill()
        if is_postgresql():
            self._on_the_server(f'DROP DATABASE IF EXISTS "{self.database}" WITH (FORCE)')

    def _web_process(self, port: int, folder: Path, more: dict[str, str]) -> Process:
        # As the Procfile says, so that its options are what is tested.
        line = parse_procfile((ROOT / "Procfile").read_text()).processes["web"]
        line = line.replace("config.asgi:application", "tests.core.live.city.asgi:application")
        return Process(
            ["/bin/sh", "-c", line],
            log=folder / f"web-{port}.log",
            env=self.env | {"PORT": str(port)} | more,
            ready=lambda: listens(port),
        )

    def _new_database(self, folder: Path) -> str:
        if not is_postgresql():
            return str(folder / "talk.sqlite3")
        name = f"talk_{os.getpid()}_{free_port()}"
        self._on_the_server(f'CREATE DATABASE "{name}"')
        return name

    def _on_the_server(self, statement: str) -> None:
        server = settings.DATABASES["default"]
        with contextlib.closing(
            psycopg.connect(
                host=str(server["HOST"]),
                port=str(server["PORT"] or 5432),
                user=str(server["USER"]),
                password=str(server["PASSWORD"]),
                dbname="postgres",
                autocommit=True,
            )
        ) as connection:
            connection.execute(statement)


def is_postgresql() -> bool:
    """Is this run of the suite the one on PostgreSQL?"""
    return settings.DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql"


def listens(port: int) -> bool:
    """Does somebody take connections there?"""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0
