"""Servers of a measure's own: PostgreSQL, Redis, a web server. Each stops in every case, and none is anybody else's."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
import psycopg
import redis
from honcho.environ import parse_procfile

from core.embedded import (
    find_redis_server,
    free_port,
    write_redis_configuration,
)

ROOT = Path(__file__).resolve().parents[2]
LOOPBACK = "127.0.0.1"
STARTS_WITHIN_SECONDS = 120.0
STOPS_WITHIN_SECONDS = 10.0


class DidNotStart(Exception):
    """A server ended or stayed silent; the message holds the last that it wrote."""


@dataclass(frozen=True)
class Server:
    """A process that listens on ``port`` of the loopback interface."""

    pid: int
    port: int

    def cpu_seconds(self) -> float:
        """CPU time (user and system) of the process and its children so far."""
        process = psutil.Process(self.pid)
        times = [one.cpu_times() for one in (process, *process.children(recursive=True))]
        return float(sum(time.user + time.system for time in times))


def cores() -> tuple[int | None, int | None]:
    """A core for the server and another for the load generator; none where the machine has but one."""
    if not hasattr(os, "sched_getaffinity"):
        return None, None
    mine = sorted(os.sched_getaffinity(0))
    return (mine[0], mine[-1]) if len(mine) > 1 else (None, None)


def our_environment() -> dict[str, str]:
    """The environment in which a child process finds this Python, our packages first, and our tests."""
    inherited = os.environ.get("PYTHONPATH")
    paths = [str(ROOT / "platform"), str(ROOT), *([inherited] if inherited else [])]
    return os.environ | {
        "PYTHON": sys.executable,
        "PYTHONPATH": os.pathsep.join(paths),
        "PYTHONUNBUFFERED": "1",
    }


@contextmanager
def running(
    command: Sequence[str],
    *,
    port: int,
    answers: Callable[[], bool],
    folder: Path,
    environment: Mapping[str, str] | None = None,
    core: int | None = None,
    user: str | None = None,
    stop_with: int = signal.SIGTERM,
) -> Iterator[Server]:
    """Runs a server until the block ends.

    Args:
        command: what to run; its output goes to a file in ``folder``.
        answers: asked until it says yes.
        environment: the whole environment; ours if left out.
        core: the CPU to stay on.
        user: the account to run as, for servers that refuse root.
        stop_with: the signal that ends it; SIGKILL follows after ten seconds.

    Raises:
        DidNotStart: it ended by itself or did not answer within two minutes.
    """
    output = folder / f"{Path(command[0]).name}-{port}.log"
    with output.open("wb") as log:
        process = subprocess.Popen(
            command, stdout=log, stderr=log, env=environment, cwd=ROOT if user is None else folder,
            user=user, group=user, extra_groups=[] if user else None,
        )  # fmt: skip
    try:
        if core is not None:
            os.sched_setaffinity(process.pid, {core})
        began = time.monotonic()
        while not answers():
            ended = process.poll() is not None
            if ended or time.monotonic() - began > STARTS_WITHIN_SECONDS:
                state = (
                    "ended at once" if ended else f"is silent after {STARTS_WITHIN_SECONDS:.0f} s"
                )
                printed = output.read_text(errors="replace")[-2000:]
                raise DidNotStart(f"{' '.join(command)} {state}: {printed}")
            time.sleep(0.05)
        yield Server(pid=process.pid, port=port)
    finally:
        process.send_signal(stop_with)
        try:
            process.wait(STOPS_WITHIN_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def listens(port: int) -> bool:
    """Does somebody take connections on this port of the loopback interface?"""
    try:
        socket.create_connection((LOOPBACK, port), timeout=1).close()
    except OSError:
        return False
    return True


@contextmanager
def private_postgresql(settings: Mapping[str, str] | None = None) -> Iterator[str]:
    """A PostgreSQL cluster of this run only, with fsync on.

    Args:
        settings: more ``postgresql.conf`` settings, for example ``{"shared_buffers": "512MB"}``.

    Yields:
        The URL of an empty database.

    Raises:
        DidNotStart: PostgreSQL is not on this machine or did not start.
    """
    binaries = _postgresql_binaries()
    user = "postgres" if os.geteuid() == 0 else None
    with TemporaryDirectory(prefix="yoriai-bench-") as name:
        folder, port = Path(name), free_port()
        if user:
            shutil.chown(folder, user, user)
        data = folder / "data"
        subprocess.run(
            [binaries / "initdb", "-D", data, "-U", "yoriai", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"],
            check=True, capture_output=True, cwd=folder, user=user, group=user, extra_groups=[] if user else None,
        )  # fmt: skip
        command = [str(binaries / "postgres"), "-D", str(data), "-p", str(port), "-h", LOOPBACK, "-k", str(folder)]  # fmt: skip
        for key, value in (settings or {}).items():
            command += ["-c", f"{key}={value}"]
        url = f"postgresql://yoriai@{LOOPBACK}:{port}/postgres"
        # SIGINT is PostgreSQL's fast shutdown: it ends open connections instead of waiting for them.
        with running(
            command, port=port, answers=lambda: _answers_sql(url), folder=folder, user=user, stop_with=signal.SIGINT
        ):  # fmt: skip
            yield url


def _postgresql_binaries() -> Path:
    found = shutil.which("initdb")
    candidates = [Path(found).resolve().parent] if found else []
    candidates += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for folder in candidates:
        if (folder / "postgres").exists():
            return folder
    raise DidNotStart("PostgreSQL is not installed: neither initdb on PATH nor /usr/lib/postgresql")


def _answers_sql(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


@contextmanager
def private_redis() -> Iterator[str]:
    """A Redis of this run only; yields its URL."""
    with TemporaryDirectory(prefix="yoriai-bench-") as name:
        configuration, url = write_redis_configuration(Path(name))
        client = redis.Redis.from_url(url, socket_timeout=2)

        def answers() -> bool:
            try:
                return bool(client.ping())
            except redis.ConnectionError:
                return False

        port = int(client.get_connection_kwargs()["port"])
        command = [str(find_redis_server()), str(configuration)]
        try:
            with running(command, port=port, answers=answers, folder=Path(name)):
                yield url
        finally:
            client.close()


@contextmanager
def web_server(
    application: str,
    *,
    folder: Path,
    environment: Mapping[str, str],
    core: int | None = None,
    gunicorn: Sequence[str] = (),
) -> Iterator[Server]:
    """A web server, started as the Procfile starts it.

    Args:
        application: what to serve, as ``module:name``; ``config.asgi:application`` is the real one.
        folder: where its log goes.
        environment: the whole environment, for example :func:`our_environment` with more.
        core: the CPU to stay on.
        gunicorn: arguments for gunicorn, which then serves ``application`` as WSGI instead of the Procfile's server.
    """
    port = free_port()
    # Ours last: make has a PORT of its own in the environment.
    everything = {**environment, "HOST": LOOPBACK, "PORT": str(port)}
    if not gunicorn:
        line = parse_procfile((ROOT / "Procfile").read_text()).processes["web"]
        command = ["/bin/sh", "-c", line.replace("config.asgi:application", application)]
    else:
        bind = ["--bind", f"{LOOPBACK}:{port}", "--log-level", "warning"]
        command = [sys.executable, "-m", "gunicorn", *bind, *gunicorn, application]
    with running(
        command, port=port, answers=lambda: listens(port), folder=folder, environment=everything, core=core
    ) as server:  # fmt: skip
        yield server
