"""PostgreSQL and Redis for a test, prepared as the containers of docker-compose.yml prepare them."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from core.embedded import find_redis_server
from tests.deploy import commands, files
from tests.support import postgres, wire
from tests.support.processes import running
from tests.support.programs import POSTGRESQL

PASSWORD = "a1" * 16


@dataclass(frozen=True)
class Postgresql:
    """A private cluster, prepared as the container prepares it; the superuser comes in by the socket only."""

    port: int
    environment: dict[str, str]

    @property
    def url(self) -> str:
        """How the application reaches its database."""
        return f"postgresql://yoriai:{PASSWORD}@127.0.0.1:{self.port}/yoriai"

    @property
    def over_the_network(self) -> dict[str, str]:
        """The environment of programs that come as the application does: with a password."""
        return self.environment | {"PGHOST": "127.0.0.1", "PGPASSWORD": PASSWORD}

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
    service = files.resolved_compose(files.filled_in_example())["services"]["database"]
    options = dict(commands.pairs(service["command"]))
    options |= {"listen_addresses": "127.0.0.1", "port": str(wire.free_port())}
    told = service["environment"]["POSTGRES_INITDB_ARGS"].split()
    with postgres.server(told, **options) as folder:
        environment = {
            "PATH": f"{POSTGRESQL.find()}:{os.environ['PATH']}",
            "PGHOST": str(folder),
            "PGPORT": options["port"],
            "LC_ALL": "C.UTF-8",
        }
        prepared = subprocess.run(
            [files.ROOT / "deploy/postgres/10-city.sh"],
            env=environment | {"POSTGRES_USER": "postgres", "APP_PASSWORD": PASSWORD},
            capture_output=True,
            text=True,
        )
        assert prepared.returncode == 0, prepared.stderr
        yield Postgresql(int(options["port"]), environment)


@contextmanager
def redis_server(folder: Path) -> Iterator[str]:
    """Redis with the very script of docker-compose.yml; yields its URL."""
    folder.mkdir()
    server = wire.Local(wire.free_port())
    script = files.resolved_compose(files.filled_in_example())["services"]["redis"]["command"][-1]
    script = script.replace("/tmp", str(folder)).replace(
        "exec redis-server", f"exec {find_redis_server()}"
    )
    script = script.rstrip() + f" --port {server.port} --bind {server.host}"
    environment = {"PATH": os.environ["PATH"], "REDIS_PASSWORD": PASSWORD}
    with running(
        ["sh", "-c", script], environment=environment, folder=folder, log=folder / "log"
    ) as process:
        process.wait_until(lambda: wire.answers(server))
        yield f"redis://:{PASSWORD}@{server.host}:{server.port}/0"
