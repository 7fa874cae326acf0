"""The adapters of the channels against plain clients, all into a local sink that answers at once."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from tempfile import TemporaryDirectory
from typing import Any

from tests.bench.environment import version_of
from tests.bench.measure import Contestant, Figure, Goal, Measure, Sample
from tests.bench.servers import ROOT, our_environment, private_postgresql

OURS = "Yoriai"
FIGURES = (Figure("rate", "messages/s"), Figure("cpu", "CPU ms/message"))


@dataclass(frozen=True)
class Sender:
    """A process that sends."""

    process: "subprocess.Popen[str]"

    def send(self, channel: str, way: str, count: int) -> Sample:
        """Sends so many and says how fast."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        order = {"channel": channel, "way": way, "count": count}
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        told: dict[str, Any] = json.loads(self.process.stdout.readline())
        return {"rate": count / told["seconds"], "cpu": told["cpu"] / count * 1000}


@contextmanager
def sender(quick: bool) -> Iterator[Sender]:
    """The process, on a PostgreSQL of its own, with its sinks."""
    with ExitStack() as stack:
        environment = our_environment() | {
            "DATA_DIR": stack.enter_context(TemporaryDirectory(prefix="yoriai-bench-")),
            "DATABASE_URL": stack.enter_context(private_postgresql()),
        }
        for kind in ("smtp", "http"):
            sink = subprocess.Popen(
                [sys.executable, "-m", "tests.bench.sinks", kind],
                cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True,
            )  # fmt: skip
            stack.callback(sink.wait)
            stack.callback(sink.terminate)
            assert sink.stdout is not None
            environment[f"{kind.upper()}_SINK"] = sink.stdout.readline().strip()
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.dispatch"],
            cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        stack.enter_context(process)
        assert process.stdin is not None
        stack.callback(process.stdin.close)
        yield Sender(process)


def by(channel: str, way: str) -> Callable[[Sender, int], Sample]:
    """A contestant's run."""
    return lambda one, count: one.send(channel, way, count)


def facts(one: Sender) -> Mapping[str, str]:
    """The libraries that send."""
    return {name: version_of(name) for name in ("pywebpush", "line-bot-sdk")}


def measure(
    channel: str, what: str, *, sizes: tuple[int, int, int], against: dict[str, str], goal: Goal
) -> Measure[Sender]:
    """The measure of one adapter."""
    return Measure(
        name=f"send-{channel.replace('_', '-')}",
        what=what,
        sizes=sizes,
        size_name="messages",
        figures=FIGURES,
        prepare=sender,
        subject=Contestant(OURS, by(channel, "adapter")),
        baselines=tuple(Contestant(name, by(channel, way)) for name, way in against.items()),
        goals=(goal,),
        facts=facts,
    )


MEASURES = (
    measure(
        "email",
        "Mails with text and HTML, worded one by one, over one connection a hundred, into a mail server that takes"
        " everything. Django gets mails that are worded already, smtplib such as are packed, too.",
        sizes=(100, 300, 1_000),
        against={"Django, words ready": "django", "smtplib, mails ready": "smtplib"},
        goal=Goal("rate", against="Django, words ready", at_least=0.5),
    ),
    measure(
        "web_push",
        "Push notices, each encrypted for its browser and signed, into a push service that takes everything. The plain"
        " client posts bytes of the same size and encrypts nothing.",
        sizes=(100, 300, 1_000),
        against={"pywebpush, a call each": "pywebpush", "requests, nothing encrypted": "post"},
        goal=Goal("rate", against="pywebpush, a call each", at_least=1),
    ),
    measure(
        "line",
        "LINE messages of the same words in multicasts of 500, each request kept in PostgreSQL before it is made. The"
        " others keep nothing, and could not repeat anything.",
        sizes=(500, 2_000, 10_000),
        against={"line-bot-sdk": "sdk", "urllib3": "multicast"},
        goal=Goal("rate", against="line-bot-sdk", at_least=0.05),
    ),
)
