"""Real servers for a test, started as docker-compose.yml starts them, in folders and on ports of their own."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import redis

from core.embedded import find_redis_server, free_port
from tests.deploy import files

PASSWORD = "a1" * 16


@contextmanager
def running(
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str],
    cwd: Path,
    log: Path,
    user: str | None = None,
) -> Iterator[subprocess.Popen[bytes]]:
    """A process that ends with the block, its children too; what it says is in ``log``."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            command,
            env=env,
            cwd=cwd,
            stdout=output,
            stderr=output,
            start_new_session=True,
            user=user,
        )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def wait_until(happened: Callable[[], bool], *, within: float, log: Path) -> None:
    """Raises AssertionError with the end of ``log`` if it has not happened after ``within`` seconds."""
    deadline = time.monotonic() + within
    while not happened():
        assert time.monotonic() < deadline, log.read_text()[-3000:]
        time.sleep(0.1)


def answers(port: int) -> bool:
    """Does anybody listen on this port of the loopback interface?"""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


# --- PostgreSQL --------------------------------------------------------------------------------------


def postgresql_programs() -> Path | None:
    """The folder with ``initdb`` and its companions, the newest if there are several."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3])
    )
    return found[-1].parent if found else None


@dataclass(frozen=True)
class Postgresql:
    """A private cluster, prepared as the container prepares it; the superuser comes in by the socket only."""

    port: int
    environment: dict[str, str]

    @property
    def url(self) -> str:
        """How the application reaches its database."""
        return f"postgresql://yoriai:{PASSWORD}@127.0.0.1:{self.port}/yoriai"

    def sql(self, statement: str, database: str = "yoriai") -> str:
        """Asks as the superuser; columns are separated by ``|``."""
        done = subprocess.run(
            ["psql", "--username=postgres", f"--dbname={database}", "-XAtc", statement],
            env=self.environment,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()


@contextmanager
def postgresql() -> Iterator[Postgresql]:
    """A cluster with the options of docker-compose.yml, in which our own script has made role and database."""
    # Not in pytest's folders: those are closed to others, and root's server runs as somebody else.
    with tempfile.TemporaryDirectory(prefix="yoriai-postgresql-") as folder:
        yield from _postgresql(Path(folder))


def _postgresql(folder: Path) -> Iterator[Postgresql]:
    programs = postgresql_programs()
    assert programs is not None
    service = files.resolved_compose(files.filled_in_example())["services"]["database"]
    user = "postgres" if os.geteuid() == 0 else None
    folder.chmod(0o755)
    data, log = folder / "data", folder / "log"
    data.mkdir()
    if user:
        shutil.chown(data, user)
        shutil.chown(folder, user)
    port = free_port()
    environment = {
        "PATH": f"{programs}:{os.environ['PATH']}",
        "PGHOST": str(folder),
        "PGPORT": str(port),
        "LC_ALL": "C.UTF-8",
    }
    made = subprocess.run(
        [
            "initdb",
            "--username=postgres",
            "--auth-local=trust",
            "--auth-host=scram-sha-256",
            "--no-sync",
            *service["environment"]["POSTGRES_INITDB_ARGS"].split(),
            f"--pgdata={data}",
        ],
        env=environment,
        cwd=folder,
        user=user,
        capture_output=True,
        text=True,
    )
    assert made.returncode == 0, made.stderr
    own = ["-D", str(data), "-p", str(port), "-k", str(folder), "-c", "listen_addresses=127.0.0.1"]
    quick = ["-c", "fsync=off"]
    with running(
        [programs / "postgres", *service["command"][1:], *own, *quick],
        env=environment,
        cwd=folder,
        log=log,
        user=user,
    ) as process:
        cluster = Postgresql(port, environment)
        wait_until(
            lambda: (
                subprocess.run(["pg_isready", "-q"], env=environment, cwd=folder).returncode == 0
            ),
            within=30,
            log=log,
        )
        assert process.poll() is None
        prepared = subprocess.run(
            [files.ROOT / "deploy/postgres/10-city.sh"],
            env=environment | {"POSTGRES_USER": "postgres", "APP_PASSWORD": PASSWORD},
            capture_output=True,
            text=True,
        )
        assert prepared.returncode == 0, prepared.stderr
        yield cluster
        # A fast stop: connections that a test left open do not hold it up.
        process.send_signal(signal.SIGINT)
        process.wait(30)


# --- Redis -------------------------------------------------------------------------------------------


@contextmanager
def redis_server(folder: Path) -> Iterator[str]:
    """Redis with the very script of docker-compose.yml; yields its URL."""
    folder.mkdir()
    port = free_port()
    script = files.resolved_compose(files.filled_in_example())["services"]["redis"]["command"][-1]
    script = script.replace("/tmp", str(folder)).replace(
        "exec redis-server", f"exec {find_redis_server()}"
    )
    script = script.rstrip() + f" --port {port} --bind 127.0.0.1"
    log = folder / "log"
    with running(
        ["sh", "-c", script],
        env={"PATH": os.environ["PATH"], "REDIS_PASSWORD": PASSWORD},
        cwd=folder,
        log=log,
    ):
        wait_until(lambda: answers(port), within=10, log=log)
        yield f"redis://:{PASSWORD}@127.0.0.1:{port}/0"


def redis_client(url: str) -> redis.Redis:
    """A client for the server at ``url``."""
    client: redis.Redis = redis.Redis.from_url(url)
    return client


# --- the application ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Image:
    """The content of the image, put together as the Dockerfile does it, and the environment of its processes."""

    folder: Path
    environment: dict[str, str]

    def run(self, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Runs a command as the image would and waits for its end, a minute at most."""
        return subprocess.run(
            command,
            env=self.environment | environment,
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=60,
        )


def build_image(folder: Path) -> Image:
    """Copies what .dockerignore lets in, then does what the RUN line of the first stage does."""
    for path in files.build_context():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(files.ROOT / path, folder / path)
        # As if the operator's umask were strict.
        (folder / path).chmod((folder / path).stat().st_mode & 0o700)
    # Git keeps no empty folders, and a young project has no drawings yet.
    for name in ("static", "locale"):
        (folder / name).mkdir(exist_ok=True)
    environment = {
        name: value.replace("/app", str(folder))
        for name, value in files.image_environment().items()
    }
    environment["PATH"] = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    image = Image(folder, environment)
    steps = next(
        rest for word, rest in files.instructions()[0] if word == "RUN" and "collectstatic" in rest
    )
    done = image.run("sh", "-c", steps.replace("/app", str(folder)))
    assert done.returncode == 0, done.stderr
    return image


def ask(
    port: int,
    path: str,
    *,
    method: str = "GET",
    source: str = "127.0.0.1",
    headers: Mapping[str, str] | None = None,
    body: str | None = None,
) -> tuple[HTTPResponse, bytes]:
    """One request from the address ``source`` of this machine; follows nothing."""
    connection = HTTPConnection("127.0.0.1", port, timeout=20, source_address=(source, 0))
    try:
        connection.request(method, path, body=body, headers=dict(headers or {}))
        response = connection.getresponse()
        return response, response.read()
    finally:
        connection.close()
