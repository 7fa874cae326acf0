"""The officers' pages in the whole city against the same pages in a city of one association, and printing letters."""

import json
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import segno

from tests.bench.load import Order, run_load
from tests.bench.measure import Contestant, Figure, Goal, Measure, Sample
from tests.bench.measures.pages import manage
from tests.bench.servers import (
    LOOPBACK,
    Server,
    cores,
    our_environment,
    private_postgresql,
    private_redis,
    web_server,
)

WHOLE, ALONE = "the whole city", "this association alone"
SECONDS, QUICK_SECONDS = 3.0, 0.5
LETTERS = (50, 150, 500)
TOKEN = "b" * 32

# The first association of the demo stands in every city; its chair also works for the city here, to see all pages.
PREPARE = """
import json
from datetime import timedelta
from django.test import Client
from accounts.models import Role
from accounts.services import grant_role
from associations import services
from associations.models import Association, Household, Office, OfficeTerm
from core.times import tokyo_today
association = Association.objects.get(name="石引1丁目町会")
chair = OfficeTerm.objects.get(office__node=association, office__kind="chair").person
grant_role(actor=None, person=chair, role=Role.CITY_STAFF)
block = Association.objects.children_of(association).first()
household = Household.objects.filter(block=block).first()
district = Association.objects.get_parent(association)
paths = {
    "desk": f"/associations/{association.pk}/desk/",
    "roster": f"/associations/{block.pk}/households/",
    "household": f"/associations/households/{household.pk}/",
    "letters": f"/associations/{association.pk}/letters/",
    "requests": f"/associations/{association.pk}/requests/",
    "offices": f"/associations/{association.pk}/offices/",
    "mine": "/associations/mine/",
}
today = tokyo_today()
for number in SIZES:
    node = services.found_association(
        actor=None, kind=Association.Kind.ASSOCIATION, name=f"手紙{number}町会", parent=district
    )
    part = services.add_block(actor=None, association=node, name="1班")
    services.import_households(
        actor=None,
        households=[services.HouseholdOutline(part.pk, f"1班-{n}", "paper") for n in range(number)],
    )
    services.put_in_office(
        node=node, kind=Office.Kind.CHAIR, person=chair, first_day=today, last_day=today + timedelta(days=30)
    )
    paths[f"print{number}"] = f"/associations/{node.pk}/letters/"
client = Client()
client.force_login(chair)
print(json.dumps({"key": client.cookies["sessionid"].value, "paths": paths}))
"""
PAGES = ("desk", "roster", "household", "letters", "requests", "offices", "mine")


@dataclass(frozen=True)
class Place:
    """A city of some size with its server, its pages, and the cookie of a chair."""

    server: Server
    paths: Mapping[str, str]
    headers: Mapping[str, str]
    households: int


@dataclass(frozen=True)
class Cities:
    """The cities that are compared, by name."""

    places: Mapping[str, Place]
    client_core: int | None
    seconds: float

    def ask(self, name: str, connections: int) -> Sample:
        """The p95 and the median of each officers' page in milliseconds."""
        place = self.places[name]
        sample = {}
        for page in PAGES:
            order = Order(
                host=LOOPBACK,
                port=place.server.port,
                path=place.paths[page],
                connections=connections,
                seconds=self.seconds,
                headers=place.headers,
                core=self.client_core,
            )
            answered = run_load(order)
            sample[page] = answered.p95_ms
            sample[f"{page}_middle"] = answered.p50_ms
        return sample

    def print_letters(self, number: int) -> Sample:
        """Makes and sends the page of so many letters, through the real server."""
        place = self.places[WHOLE]
        request = urllib.request.Request(
            f"http://{LOOPBACK}:{place.server.port}{place.paths[f'print{number}']}",
            data=b"",
            headers={
                **place.headers,
                "Cookie": f"{place.headers['Cookie']}; csrftoken={TOKEN}",
                "X-CSRFToken": TOKEN,
            },
        )
        began = time.perf_counter()
        with urllib.request.urlopen(request, timeout=60) as answer:
            page = answer.read()
        seconds = time.perf_counter() - began
        if page.count(b'class="letter"') != number:
            raise AssertionError("not every household has its letter")
        return {"seconds": seconds, "kilobytes": len(page) / 1000}


def opened(
    *scales: tuple[str, str], letters: tuple[int, ...] = ()
) -> Callable[[bool], AbstractContextManager[Cities]]:
    """Cities by name and scale of the demo, each on a PostgreSQL database of its own."""

    @contextmanager
    def cities(quick: bool) -> Iterator[Cities]:
        server_core, client_core = cores()
        with ExitStack() as stack:
            places = {}
            for name, scale in scales:
                if quick and name == WHOLE:
                    scale = "3000"
                folder = Path(stack.enter_context(TemporaryDirectory(prefix="yoriai-bench-")))
                environment = our_environment() | {
                    "DJANGO_SETTINGS_MODULE": "config.settings.embedded",
                    "DATABASE_URL": stack.enter_context(private_postgresql()),
                    "REDIS_URL": stack.enter_context(private_redis()),
                    "DATA_DIR": str(folder),
                    "LOG_FORMAT": "json",
                }
                manage(environment, "migrate", "--verbosity", "0")
                manage(environment, "demo", "--scale", scale)
                script = PREPARE.replace("SIZES", str(letters))
                told = json.loads(
                    manage(environment, "shell", "--no-imports", "--command", script).splitlines()[
                        -1
                    ]
                )
                with psycopg.connect(environment["DATABASE_URL"], autocommit=True) as connection:
                    connection.execute("VACUUM ANALYZE")
                    row = connection.execute(
                        "SELECT count(*) FROM associations_household"
                    ).fetchone()
                places[name] = Place(
                    server=stack.enter_context(
                        web_server(
                            "config.asgi:application",
                            folder=folder,
                            environment=environment,
                            core=server_core,
                        )
                    ),
                    paths=told["paths"],
                    headers={
                        "Accept-Language": "ja",
                        "Accept": "text/html",
                        "Cookie": f"sessionid={told['key']}",
                    },
                    households=row[0] if row else 0,
                )
            yield Cities(places, client_core, QUICK_SECONDS if quick else SECONDS)

    return cities


def facts(cities: Cities) -> Mapping[str, str]:
    """How large the cities are."""
    return {f"households in {name}": str(place.households) for name, place in cities.places.items()}


def draw_alone(cities: Cities, number: int) -> Sample:
    """Draws as many QR codes as there are letters, and nothing else."""
    began = time.perf_counter()
    drawn = [
        segno.make_qr(
            f"https://yoriai.city.example.lg.jp/associations/join/?c=ACDE{n:04}", error="m", mask=2
        ).svg_inline(border=0, omitsize=True)
        for n in range(number)
    ]
    seconds = time.perf_counter() - began
    return {"seconds": seconds, "kilobytes": sum(map(len, drawn)) / 1000}


MEASURES = (
    Measure(
        name="officers-pages",
        what="The p95 of officers' pages of one association (58 households): in the whole city of 1,346 associations"
        " and 144,300 households, and in a city that consists of this association alone; on PostgreSQL.",
        sizes=(1, 2, 4),
        size_name="connections",
        figures=(
            *(Figure(page, f"p95 ms, {page}") for page in PAGES),
            *(Figure(f"{page}_middle", f"median ms, {page}") for page in PAGES),
        ),
        prepare=opened((WHOLE, "city"), (ALONE, "10")),
        subject=Contestant(WHOLE, lambda cities, connections: cities.ask(WHOLE, connections)),
        baselines=(Contestant(ALONE, lambda cities, connections: cities.ask(ALONE, connections)),),
        goals=tuple(
            Goal(key, against=ALONE, at_most=1.3)
            for page in PAGES
            for key in (page, f"{page}_middle")
        ),
        facts=facts,
        repeats=3,
    ),
    Measure(
        name="letters",
        what="The printable page of letters to so many households: new codes, revoked ones, QR codes, one POST.",
        sizes=LETTERS,
        size_name="letters",
        figures=(Figure("seconds", "s"), Figure("kilobytes", "kB", compared=False)),
        prepare=opened((WHOLE, "600"), letters=LETTERS),
        subject=Contestant("Yoriai", lambda cities, number: cities.print_letters(number)),
        baselines=(Contestant("the QR codes alone", draw_alone),),
        goals=(Goal("seconds", against="the QR codes alone", at_most=3),),
        facts=facts,
        repeats=5,
    ),
)
