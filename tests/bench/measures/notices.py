"""Telling a whole city: writing its deliveries, and sending what waits, on PostgreSQL."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from tempfile import TemporaryDirectory

from tests.bench.measure import Contestant, Figure, Goal, Measure, Sample
from tests.bench.servers import ROOT, our_environment, private_postgresql

BARE, CREATE = "bare INSERT … SELECT", "one row at a time"
LOOP, SINGLE = "plain loop", "one recipient at a time"


@dataclass(frozen=True)
class City:
    """A process that has people and does what it is asked."""

    process: "subprocess.Popen[str]"

    def ask(self, **order: object) -> float:
        """One order, one value."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        return float(json.loads(self.process.stdout.readline())["value"])


@contextmanager
def opened(quick: bool) -> Iterator[City]:
    """An empty city on a PostgreSQL of its own."""
    with ExitStack() as stack:
        environment = our_environment()
        environment["DATA_DIR"] = stack.enter_context(TemporaryDirectory(prefix="yoriai-bench-"))
        environment["DATABASE_URL"] = stack.enter_context(private_postgresql())
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.notices"],
            cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        stack.enter_context(process)
        assert process.stdin is not None
        stack.callback(process.stdin.close)
        yield City(process)


def fill(city: City, size: int) -> None:
    """People enough."""
    city.ask(fill=size)


def fan_out(way: str) -> Callable[[City, int], Sample]:
    """Rows a second by one way; beside it what the act itself took."""
    return lambda city, size: {"rows": city.ask(do=way), "publish": city.ask(do="publish")}


def sending(way: str) -> Callable[[City, int], Sample]:
    """Recipients a second by one way."""
    return lambda city, size: {"rate": city.ask(do=way, size=size - 1)}


def facts(city: City) -> Mapping[str, str]:
    """On which database."""
    return {"database": "PostgreSQL"}


MEASURES = (
    Measure(
        name="fan-out",
        what="One broadcast becomes a delivery for each person, in committed chunks of 5,000; the act itself writes"
        " one row.",
        sizes=(15_000, 48_000, 145_000),
        quick_sizes=(1_000, 3_000, 10_000),
        size_name="people",
        figures=(
            Figure("rows", "rows/s"),
            Figure("publish", "ms for the act itself", compared=False),
        ),
        prepare=opened,
        before_size=fill,
        subject=Contestant("Yoriai", fan_out("service")),
        baselines=(Contestant(BARE, fan_out("bare")), Contestant(CREATE, fan_out("create"))),
        goals=(
            Goal("rows", against=BARE, at_least=0.6, sizes=(48_000, 145_000)),
            Goal("rows", against=CREATE, at_least=25, sizes=(48_000, 145_000)),
        ),
        facts=facts,
        repeats=3,
    ),
    Measure(
        name="dispatch",
        what="What waits is claimed, decided for each recipient, worded, handed to a local sink and recorded.",
        sizes=(1_000, 3_000, 10_000),
        quick_sizes=(300, 1_000, 3_000),
        size_name="recipients",
        figures=(Figure("rate", "recipients/s"),),
        prepare=opened,
        before_size=fill,
        subject=Contestant("Yoriai", sending("dispatch")),
        baselines=(Contestant(LOOP, sending("loop")), Contestant(SINGLE, sending("single"))),
        goals=(Goal("rate", against=LOOP, at_least=0.5),),
        facts=facts,
        repeats=3,
    ),
)
