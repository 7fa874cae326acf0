"""A page through the whole middleware, against a bare view and against other ways to serve the same page.

The goals are set on CPU time: requests per second say the same on a machine that nobody else uses, and little on others.
"""

import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg

from tests.bench.environment import version_of
from tests.bench.load import Order, run_load
from tests.bench.measure import Contestant, Figure, Goal, Measure, Sample
from tests.bench.servers import (
    LOOPBACK,
    ROOT,
    Server,
    cores,
    our_environment,
    private_postgresql,
    private_redis,
    web_server,
)

SECONDS, QUICK_SECONDS = 1.0, 0.4

YORIAI = "Yoriai"
BARE = "bare view"
BARE_ONE_HOP = "bare view behind our handler"
STOCK = "the same behind Django's own handler"
WSGI = "the same by WSGI: gunicorn, 8 threads"

FIGURES = (
    Figure("rate", "requests/s"),
    Figure("cpu", "CPU ms/request"),
    Figure("p95", "p95 ms"),
    Figure("client", "load generator's share of its core", compared=False),
)

OPEN_SESSION = """
from django.test import Client
from accounts.models import User
client = Client()
client.force_login(User.objects.get(username="jumin"))
print(client.cookies["sessionid"].value)
"""


@dataclass(frozen=True)
class City:
    """A city that serves one page in several ways at once, each from a process of its own."""

    servers: Mapping[str, Server]
    path: str
    headers: Mapping[str, str]
    client_core: int | None
    seconds: float
    database: str

    def ask(self, contestant: str, connections: int) -> Sample:
        """Loads one of the servers and says what came of it."""
        server = self.servers[contestant]
        cpu_before = server.cpu_seconds()
        answered = run_load(
            Order(
                host=LOOPBACK,
                port=server.port,
                path=self.path,
                connections=connections,
                seconds=self.seconds,
                headers=self.headers,
                core=self.client_core,
            )
        )
        cpu = server.cpu_seconds() - cpu_before
        return {
            "rate": answered.rate,
            "cpu": cpu / answered.requests_in_all * 1000,
            "p95": answered.p95_ms,
            "client": answered.client_share,
        }


def opened(path: str, *, signed_in: bool = False) -> Callable[[bool], AbstractContextManager[City]]:
    """A city with the demo's people on PostgreSQL and Redis, all servers on one core, the load on another."""

    @contextmanager
    def city(quick: bool) -> Iterator[City]:
        with ExitStack() as stack:
            folder = Path(stack.enter_context(TemporaryDirectory(prefix="yoriai-bench-")))
            environment = our_environment() | {
                "DJANGO_SETTINGS_MODULE": "config.settings.embedded",
                "DATABASE_URL": stack.enter_context(private_postgresql()),
                "REDIS_URL": stack.enter_context(private_redis()),
                "DATA_DIR": str(folder),
                "LOG_FORMAT": "json",
            }
            manage(environment, "migrate", "--verbosity", "0")
            manage(environment, "demo")
            headers = {"Accept-Language": "ja", "Accept": "text/html"}
            if signed_in:
                key = manage(environment, "shell", "--no-imports", "--command", OPEN_SESSION)
                headers["Cookie"] = f"sessionid={key.split()[-1]}"
            server_core, client_core = cores()

            def serve(
                application: str, *, also: Mapping[str, str] | None = None, gunicorn: str = ""
            ) -> Server:
                return stack.enter_context(
                    web_server(
                        application,
                        folder=folder,
                        environment={**environment, **(also or {})},
                        core=server_core,
                        gunicorn=gunicorn.split(),
                    )
                )

            servers = {YORIAI: serve("config.asgi:application")}
            page = folder / "page"
            bare = {"BARE_PAGE": str(page), "BARE_TYPE": save(servers[YORIAI], path, headers, page)}
            servers[BARE] = serve("tests.bench.applications.bare:application", also=bare)
            servers[BARE_ONE_HOP] = serve("tests.bench.applications.bare:one_hop", also=bare)
            # With a pool, as it keeps no connection otherwise: each of its threads serves one request.
            pool = {"DB_POOL_SIZE": "20"}
            servers[STOCK] = serve("tests.bench.applications.stock:application", also=pool)
            if gunicorn_is_installed():
                servers[WSGI] = serve(
                    "tests.bench.applications.wsgi:application", gunicorn="--threads 8"
                )
            seconds = QUICK_SECONDS if quick else SECONDS
            with psycopg.connect(environment["DATABASE_URL"]) as connection:
                database = str(connection.info.server_version // 10000)
            yield City(servers, path, headers, client_core, seconds, database)

    return city


def manage(environment: Mapping[str, str], *arguments: str) -> str:
    """What ``manage.py`` prints.

    Raises:
        CalledProcessError: it failed.
    """
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT, env=dict(environment), check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    return done.stdout


def save(server: Server, path: str, headers: Mapping[str, str], page: Path) -> str:
    """Keeps what the server answers in a file, for the bare view to repeat; returns its content type."""
    request = urllib.request.Request(
        f"http://{LOOPBACK}:{server.port}{path}", headers=dict(headers)
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        page.write_bytes(answer.read())
        return str(answer.headers["Content-Type"])


def gunicorn_is_installed() -> bool:
    """gunicorn is no part of Yoriai and in no lock; whoever wants to compare installs it for the time."""
    return find_spec("gunicorn") is not None


def asking(name: str, *, available: Callable[[], bool] = lambda: True) -> Contestant[City]:
    """The contestant that loads the server of this name."""
    return Contestant(name, lambda city, connections: city.ask(name, connections), available)


def facts(city: City) -> Mapping[str, str]:
    """What serves beside us, and on which database."""
    return {"PostgreSQL": city.database, "gunicorn": version_of("gunicorn")}


def page(name: str, what: str, path: str, *, goals: tuple[Goal, ...], signed_in: bool = False) -> Measure[City]:  # fmt: skip
    """The measure of one page."""
    return Measure(
        name=name,
        what=what,
        sizes=(1, 8, 32),
        size_name="connections",
        figures=FIGURES,
        prepare=opened(path, signed_in=signed_in),
        subject=asking(YORIAI),
        baselines=(
            asking(BARE),
            asking(BARE_ONE_HOP),
            asking(STOCK),
            asking(WSGI, available=gunicorn_is_installed),
        ),
        goals=goals,
        facts=facts,
    )


MEASURES = (
    page(
        "page-healthz",
        "The thinnest page, `/healthz` (two bytes), through all of the middleware; one server process on one core.",
        "/healthz",
        goals=(
            Goal("cpu", against=BARE, at_most=1),
            Goal("cpu", against=STOCK, at_most=0.4),
            Goal("cpu", against=WSGI, at_most=1.1),
        ),
    ),
    page(
        "page-home",
        "The front page as a guest sees it, with its full template; one server process on one core.",
        "/",
        goals=(
            Goal("cpu", against=STOCK, at_most=0.6),
            Goal("cpu", against=WSGI, at_most=1.1),
        ),
    ),
    page(
        "page-signed-in",
        "A signed-in person's own page, `/me/`: session and person read from PostgreSQL (which runs beside, on either core).",
        "/me/",
        signed_in=True,
        goals=(
            Goal("cpu", against=STOCK, at_most=0.6),
            Goal("cpu", against=WSGI, at_most=1.1),
        ),
    ),
)
