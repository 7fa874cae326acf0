"""The load generator: keep-alive HTTP connections that ask for one page again and again.

It runs as a process of its own (``python -m tests.bench.load``), so that it shares neither interpreter nor core with
what it measures, says what share of its core it used, and is bounded twice: by time and by number of requests.
It speaks to the loopback interface only.

Each connection sends its next request when the answer to the last one is complete (a closed loop), so the number of
connections is the number of requests under way.
"""

import asyncio
import ipaddress
import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, cast

import httptools
import uvloop

MOST_SECONDS = 60.0
MOST_REQUESTS = 1_000_000


class LoadFailed(Exception):
    """The server gave an answer that is not the page asked for, or none; the message says which."""


@dataclass(frozen=True)
class Order:
    """What the load generator is told to do.

    Args:
        host, port: a loopback address.
        path: the page.
        connections: how many requests are under way at once.
        seconds: how long to measure, after the warm-up; at most 60.
        requests: how many requests to send at most, warm-up included.
        warm_up: seconds of load that are not counted.
        headers: sent with each request.
        core: the CPU to stay on; ``None`` for any.

    Raises:
        ValueError: the address is not a loopback address, or a bound is passed.
    """

    host: str
    port: int
    path: str
    connections: int
    seconds: float
    requests: int = MOST_REQUESTS
    warm_up: float = 0.3
    headers: Mapping[str, str] = field(default_factory=dict)
    core: int | None = None

    def __post_init__(self) -> None:
        if not ipaddress.ip_address(self.host).is_loopback:
            raise ValueError(f"{self.host} is not this machine")
        if not 0 < self.seconds <= MOST_SECONDS or not 0 < self.requests <= MOST_REQUESTS:
            raise ValueError(f"at most {MOST_SECONDS} s and {MOST_REQUESTS} requests")


@dataclass(frozen=True)
class Answered:
    """What came back.

    Attributes:
        requests: answers counted.
        seconds: in which they came.
        requests_in_all: answers, those of the warm-up included.
        p50_ms, p95_ms, p99_ms: time from sending a request to the end of its answer.
        client_share: CPU time of the load generator as a share of one core; near 1 it is the bottleneck itself.
    """

    requests: int
    seconds: float
    requests_in_all: int
    p50_ms: float
    p95_ms: float
    p99_ms: float
    client_share: float

    @property
    def rate(self) -> float:
        """Requests per second."""
        return self.requests / self.seconds


def run_load(order: Order) -> Answered:
    """Runs the load generator in its own process and waits for it.

    Raises:
        LoadFailed: an answer was not 200, or a connection broke and could not be opened again.
    """
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.load", json.dumps(asdict(order))],
        capture_output=True,
        text=True,
        timeout=order.seconds + order.warm_up + 30,
        check=False,
    )
    if done.returncode:
        raise LoadFailed(done.stderr.strip().splitlines()[-1] if done.stderr else "no word from it")
    return Answered(**json.loads(done.stdout))


class Connection(asyncio.Protocol):
    """One connection: sends the request, reads the answer, and again. Opens itself anew if the server closes it."""

    def __init__(self, load: "Load") -> None:
        self.load = load
        self.transport: asyncio.Transport
        self.parser = httptools.HttpResponseParser(self)
        self.sent_at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self.ask()

    def ask(self) -> None:
        if not self.load.may_send():
            self.transport.close()
            return
        self.sent_at = time.perf_counter()
        self.transport.write(self.load.request)

    def data_received(self, data: bytes) -> None:
        self.parser.feed_data(data)

    def on_message_complete(self) -> None:
        self.load.count(self.parser.get_status_code(), time.perf_counter() - self.sent_at)
        self.sent_at = 0.0
        if self.parser.should_keep_alive():
            self.ask()
        else:
            self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        if self.sent_at:
            self.load.fail("the server closed a connection before it had answered")
        self.load.closed()


class Load:
    """The whole load of one order, in this process."""

    def __init__(self, order: Order) -> None:
        self.order = order
        lines = [f"GET {order.path} HTTP/1.1", f"Host: {order.host}:{order.port}"]
        lines += [f"{name}: {value}" for name, value in order.headers.items()]
        self.request = "\r\n".join([*lines, "", ""]).encode("ascii")
        self.sent = self.answered = 0
        self.latencies: list[float] = []
        self.counting = self.over = False
        self.failure = ""
        self.opening: set[asyncio.Task[Any]] = set()

    def may_send(self) -> bool:
        if self.over or self.failure or self.sent >= self.order.requests:
            return False
        self.sent += 1
        return True

    def count(self, status: int, latency: float) -> None:
        self.answered += 1
        if status != 200:
            self.fail(f"{self.order.path} answered {status}")
        elif self.counting and not self.over:
            self.latencies.append(latency)

    def fail(self, why: str) -> None:
        self.failure = self.failure or why

    def closed(self) -> None:
        if not (self.over or self.failure or self.sent >= self.order.requests):
            self.open()

    def open(self) -> None:
        loop = asyncio.get_running_loop()
        opening = loop.create_task(
            loop.create_connection(lambda: Connection(self), self.order.host, self.order.port)
        )
        self.opening.add(opening)
        opening.add_done_callback(self.opened)

    def opened(self, opening: "asyncio.Task[Any]") -> None:
        self.opening.discard(opening)
        if error := opening.exception():
            self.fail(f"no connection: {error}")

    async def run(self) -> Answered:
        asyncio.get_running_loop().set_exception_handler(
            lambda loop, context: self.fail(str(context.get("exception") or context["message"]))
        )
        for _ in range(self.order.connections):
            self.open()
        await self.wait(self.order.warm_up)
        began, cpu_began, self.counting = time.perf_counter(), time.process_time(), True
        await self.wait(self.order.seconds)
        seconds, cpu = time.perf_counter() - began, time.process_time() - cpu_began
        self.over = True
        if self.failure or not self.latencies:
            raise LoadFailed(self.failure or "no answer within the time")
        ranked = sorted(self.latencies)
        return Answered(
            requests=len(ranked),
            seconds=seconds,
            requests_in_all=self.answered,
            p50_ms=percentile(ranked, 50) * 1000,
            p95_ms=percentile(ranked, 95) * 1000,
            p99_ms=percentile(ranked, 99) * 1000,
            client_share=cpu / seconds,
        )

    async def wait(self, seconds: float) -> None:
        until = time.perf_counter() + seconds
        while (left := until - time.perf_counter()) > 0 and not self.failure:
            if self.answered >= self.order.requests:
                return
            await asyncio.sleep(min(left, 0.05))


def percentile(ranked: Sequence[float], percent: float) -> float:
    """The nearest-rank percentile of values that are sorted already."""
    rank = -(-len(ranked) * percent // 100)
    return ranked[max(int(rank), 1) - 1]


def main(argument: str) -> None:
    order = Order(**json.loads(argument))
    if order.core is not None:
        os.sched_setaffinity(0, {order.core})
    answered = uvloop.run(Load(order).run())
    sys.stdout.write(json.dumps(asdict(answered)))


if __name__ == "__main__":
    main(sys.argv[1])
