"""The load generator against a server that counts: what it reports is what happened."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.bench.load import MOST_REQUESTS, LoadFailed, Order, run_load


class Page(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # One packet an answer: else each waits 40 ms for the acknowledgement of its head.
    wbufsize = -1
    disable_nagle_algorithm = True
    server: "CountingServer"

    def do_GET(self) -> None:
        with self.server.lock:
            self.server.seen.append((self.path, self.headers["Cookie"]))
        broken = self.path == "/breaks-later" and len(self.server.seen) > 20
        self.send_response(503 if broken else 200)
        if self.path == "/chunked":
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self.wfile.write(b"2\r\nok\r\n0\r\n\r\n")
            return
        if self.path == "/closes":
            self.send_header("Connection", "close")
        if self.path == "/hangs-up":
            self.close_connection = True
            return
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *args: Any) -> None:
        pass


class CountingServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Page)
        self.seen: list[tuple[str, str | None]] = []
        self.connections = 0
        self.lock = threading.Lock()

    def process_request(self, request: Any, client_address: Any) -> None:
        self.connections += 1
        super().process_request(request, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass  # the load generator leaves in the middle of an answer when its time is over


@pytest.fixture
def server() -> Iterator[CountingServer]:
    with CountingServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def order(
    server: CountingServer,
    path: str = "/",
    *,
    connections: int = 2,
    seconds: float = 0.2,
    requests: int = MOST_REQUESTS,
    warm_up: float = 0.05,
) -> Order:
    return Order(
        host="127.0.0.1",
        port=server.server_port,
        path=path,
        connections=connections,
        seconds=seconds,
        requests=requests,
        warm_up=warm_up,
        headers={"Cookie": "who=me"},
    )


@pytest.mark.parametrize("path", ["/", "/chunked"])
def test_it_counts_the_answers_that_the_server_gave_over_kept_connections(server, path):
    answered = run_load(order(server, path))

    under_way = 2
    assert 0 < answered.requests <= answered.requests_in_all
    assert answered.requests_in_all <= len(server.seen) <= answered.requests_in_all + under_way
    assert set(server.seen) == {(path, "who=me")}
    assert server.connections == 2
    assert answered.rate == pytest.approx(answered.requests / 0.2, rel=0.5)
    assert 0 < answered.p50_ms <= answered.p95_ms <= answered.p99_ms
    assert answered.client_share > 0


def test_a_server_that_closes_each_connection_is_asked_over_new_ones(server):
    answered = run_load(order(server, "/closes"))

    assert answered.requests > 2
    assert server.connections >= answered.requests_in_all


def test_it_sends_no_more_than_it_was_told(server):
    answered = run_load(order(server, seconds=5, requests=100, warm_up=0))

    assert len(server.seen) == answered.requests_in_all == 100
    assert answered.seconds < 4


@pytest.mark.parametrize(("path", "why"), [("/breaks-later", "503"), ("/hangs-up", "before it had answered")])  # fmt: skip
def test_an_answer_that_is_not_the_page_ends_the_run_with_its_cause(server, path, why):
    with pytest.raises(LoadFailed, match=why):
        run_load(order(server, path))


def test_nobody_at_the_address_is_said_at_once():
    with CountingServer() as server:
        nobody = order(server, seconds=30)
    with pytest.raises(LoadFailed, match="no connection"):
        run_load(nobody)


@pytest.mark.parametrize("host", ["192.0.2.1", "example.org"])
def test_it_speaks_to_this_machine_only(host):
    with pytest.raises(ValueError, match=host):
        Order(host=host, port=80, path="/", connections=1, seconds=1)


@pytest.mark.parametrize(("seconds", "requests"), [(61, 1), (0, 1), (1, 0), (1, 10_000_000)])
def test_it_takes_no_order_without_bounds(seconds, requests):
    with pytest.raises(ValueError, match="at most"):
        Order(host="127.0.0.1", port=80, path="/", connections=1, seconds=seconds, requests=requests)  # fmt: skip
