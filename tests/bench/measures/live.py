"""One post to thousands of open sockets: the real service and hub, against a bare broadcast and the stock layer."""

import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

from core.embedded import free_port
from tests.bench.environment import version_of
from tests.bench.live.crowd import MARK
from tests.bench.measure import Contestant, Figure, Goal, Measure, Sample
from tests.bench.servers import LOOPBACK, ROOT, cores, our_environment, running
from tests.bench.servers import listens as answers
from tests.core.live.city.running import City

BROADCAST, STOCK = "websockets.broadcast", "channels_redis group_send"
# Enough deliveries for the clock of CPU time, which ticks a hundred times a second.
DELIVERIES, LEAST_MESSAGES = 20_000, 5
SECONDS_OF_REST = 2.0
LENGTH_OF_A_POST = 120


@dataclass(frozen=True)
class Town:
    """A city with one web process, one thread in it, and a frame as readers of the thread get it."""

    city: City
    folder: Path
    thread: str
    frame: str


@contextmanager
def town(quick: bool) -> Iterator[Town]:
    """Starts it; its processes stand on the core of the clients, but for the web process."""
    # The city of the tests asks them which database it is to have.
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with TemporaryDirectory(prefix="yoriai-bench-") as name:
        city = City(Path(name), settings_module="tests.bench.live.settings", web_processes=1)
        try:
            assert city.redis.popen is not None
            for process in (city.redis.popen, city.desk):
                keep_on(process.pid, cores()[1])
            thread = city.do("new_thread")
            frame = city.do("post", key=thread, text=text_of("0.000000"))
            yield Town(city, Path(name), thread, frame)
        finally:
            city.stop()


def by_the_hub(town: Town, sockets: int) -> Sample:
    """The whole way: transaction, rows, frame in three languages, Redis, hub, uvicorn."""

    def say(at: str) -> None:
        town.city.do("post", key=town.thread, text=text_of(at))

    return _by_the_city(town, sockets, f"/ws/live/thread/{town.thread}/", say)


def by_the_stock_layer(town: Town, sockets: int) -> Sample:
    """The same frame by ``group_send`` to consumers as Channels' manual shows them; no row is written."""

    def say(at: str) -> None:
        town.city.do("group_send", text=frame_at(town, at))

    return _by_the_city(town, sockets, "/ws/stock/", say)


def by_broadcast(town: Town, sockets: int) -> Sample:
    """The same frame by a server that does nothing else; no row is written, no process is between."""
    port, core = free_port(), cores()[0]
    orders = town.folder / f"orders-{port}"
    os.mkfifo(orders)
    command = [sys.executable, "-m", "tests.bench.live.broadcast", str(port), str(orders)]
    with (
        running(
            command,
            port=port,
            answers=lambda: answers(port),
            folder=town.folder,
            environment=our_environment(),
            core=core,
        ) as server,
        orders.open("w") as line,
    ):

        def say(at: str) -> None:
            line.write(frame_at(town, at) + "\n")
            line.flush()

        return _heard(server.pid, port, "/", sockets, say)


def _by_the_city(town: Town, sockets: int, path: str, say: Callable[[str], None]) -> Sample:
    web = town.city.web[0]
    # Anew for every run: what earlier sockets have left in memory is not counted twice.
    web.kill()
    web.start()
    assert web.popen is not None
    keep_on(web.popen.pid, cores()[0])
    return _heard(web.popen.pid, town.city.ports[0], path, sockets, say)


def _heard(pid: int, port: int, path: str, sockets: int, say: Callable[[str], None]) -> Sample:
    """Opens the sockets, has one thing said after the other, each when all have heard the one before."""
    server = psutil.Process(pid)
    with ExitStack() as stack:
        empty = server.memory_info().rss
        crowd = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.live.crowd", str(port), path, str(sockets)],
            cwd=ROOT, env=our_environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        stack.enter_context(crowd)
        stack.callback(crowd.kill)
        keep_on(crowd.pid, cores()[1])
        assert crowd.stdin is not None
        assert crowd.stdout is not None
        if crowd.stdout.readline() != "ready\n":
            raise RuntimeError(f"{sockets} clients could not connect to {path}")
        time.sleep(SECONDS_OF_REST)
        memory = server.memory_info().rss - empty
        cpu, arrivals = cpu_seconds(server), []
        for _ in range(max(LEAST_MESSAGES, DELIVERIES // sockets)):
            at = f"{time.monotonic():.6f}"
            say(at)
            crowd.stdin.write(f"{at}\n")
            crowd.stdin.flush()
            arrivals.append(json.loads(crowd.stdout.readline()))
        cpu = cpu_seconds(server) - cpu
    heard = sum(arrival["heard"] for arrival in arrivals)
    return {
        "cpu": cpu * 1e6 / max(1, heard),
        "last": statistics.median(arrival["last"] for arrival in arrivals) * 1000,
        "memory": memory / 1024 / sockets,
        "delivered": heard / (sockets * len(arrivals)) * 100,
    }


def text_of(at: str) -> str:
    """What is said: the moment, and words up to the length of an ordinary post."""
    return f"{MARK}{at} ".ljust(LENGTH_OF_A_POST, "x")


def frame_at(town: Town, at: str) -> str:
    """The frame of a post that was said at another moment."""
    return town.frame.replace(f"{MARK}0.000000 ", f"{MARK}{at} ")


def keep_on(pid: int, core: int | None) -> None:
    """Keeps a process on one core, where there are several."""
    if core is not None:
        os.sched_setaffinity(pid, {core})


def cpu_seconds(process: psutil.Process) -> float:
    """CPU time of a process so far, all threads, user and system."""
    times = process.cpu_times()
    return float(times.user + times.system)


def facts(town: Town) -> Mapping[str, str]:
    """What stands between."""
    names = ("channels", "channels_redis", "websockets", "redis")
    return {name: version_of(name) for name in names} | {
        "frame": f"{len(town.frame.encode()):,} bytes at {LOOPBACK}"
    }


MEASURES = (
    Measure(
        name="live-sockets",
        what="One post to everybody who has the discussion open, one after the other. Yoriai does all of it: the service's"
        " transaction, the frame in three languages, Redis, one write a socket. The baselines only deliver the same"
        " frame. Server on one core, all else on the other.",
        sizes=(500, 2_000, 5_000),
        quick_sizes=(50, 100, 200),
        size_name="sockets",
        figures=(
            Figure("cpu", "µs CPU a delivery"),
            Figure("last", "ms to the last reader"),
            Figure("memory", "KiB a socket"),
            Figure("delivered", "% delivered", compared=False),
        ),
        prepare=town,
        subject=Contestant("Yoriai", by_the_hub),
        baselines=(Contestant(BROADCAST, by_broadcast), Contestant(STOCK, by_the_stock_layer)),
        goals=(
            Goal("cpu", against=BROADCAST, at_most=3, sizes=(2_000, 5_000)),
            Goal("cpu", against=STOCK, at_most=1 / 6, sizes=(2_000, 5_000)),
            Goal("last", against=BROADCAST, at_most=3, sizes=(2_000,)),
            Goal("last", against=STOCK, at_most=0.1, sizes=(5_000,)),
        ),
        facts=facts,
        repeats=3,
    ),
)
