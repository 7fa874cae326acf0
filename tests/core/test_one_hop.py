"""The door for HTTP: one change of thread a request, into a thread that stays."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from asgiref.testing import ApplicationCommunicator
from django.core.signals import request_finished, request_started
from django.db import connection
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import override_settings
from django.urls import path
from django.utils import translation
from django.utils.deprecation import MiddlewareMixin

from core.asgi import OneHopHandler

seen: list[tuple[str, int]] = []
holding = threading.Event()
at_work: list[str] = []
most_at_work = 0
read_pieces: list[int] = []
closed = threading.Event()
connections_used: list[Any] = []


def note(what: str) -> None:
    seen.append((what, threading.get_ident()))


class EitherWay(MiddlewareMixin):
    """Like most of Django's own: synchronous or asynchronous, as it is asked."""

    def process_request(self, request: HttpRequest) -> None:
        note("middleware")

    def process_view(self, *args: Any) -> None:
        note("process_view")


def plain(request: HttpRequest) -> HttpResponse:
    note("view")
    return HttpResponse(f"{request.body.decode()} in {translation.get_language()}")


def in_english(request: HttpRequest) -> HttpResponse:
    translation.activate("en")
    return plain(request)


def held(request: HttpRequest, name: str) -> HttpResponse:
    global most_at_work
    at_work.append(name)
    most_at_work = max(most_at_work, len(at_work))
    note(name)
    assert holding.wait(10)
    at_work.remove(name)
    return HttpResponse(name)


def asks_the_loop(request: HttpRequest) -> HttpResponse:
    async def loop_id() -> int:
        return id(asyncio.get_running_loop())

    return HttpResponse(str(async_to_sync(loop_id)()))


async def asynchronous(request: HttpRequest) -> HttpResponse:
    await asyncio.sleep(0)
    return HttpResponse("awaited")


def in_pieces(request: HttpRequest) -> StreamingHttpResponse:
    def pieces() -> Iterator[bytes]:
        for number in range(3):
            read_pieces.append(number)
            note("piece")
            yield b"%d" % number

    return StreamingHttpResponse(pieces())


def a_file(request: HttpRequest) -> FileResponse:
    return FileResponse(BytesIO(b"x" * 200_000))


def without_end(request: HttpRequest) -> StreamingHttpResponse:
    async def pieces() -> AsyncIterator[bytes]:
        try:
            while True:
                yield b"tick"
                await asyncio.sleep(0.01)
        finally:
            closed.set()

    return StreamingHttpResponse(pieces())


def uses_the_database(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    connections_used.append(connection.connection)
    return HttpResponse("asked")


def hang_up(request: HttpRequest) -> HttpResponse:
    connection.close()
    return HttpResponse("closed")


urlpatterns = [
    path("plain", plain),
    path("english", in_english),
    path("held/<name>", held),
    path("loop", asks_the_loop),
    path("asynchronous", asynchronous),
    path("pieces", in_pieces),
    path("file", a_file),
    path("endless", without_end),
    path("database", uses_the_database),
    path("hang-up", hang_up),
]


@dataclass(frozen=True)
class Answer:
    status: int
    text: str
    pieces: int


class Visitor(ApplicationCommunicator):
    """Somebody who asks for a page."""

    def __init__(self, handler: OneHopHandler, address: str) -> None:
        scope = {"type": "http", "method": "POST", "path": address, "query_string": b"", "headers": []}  # fmt: skip
        super().__init__(handler, scope)

    async def ask(self, body: bytes = b"") -> None:
        await self.send_input({"type": "http.request", "body": body, "more_body": False})

    async def leave(self) -> None:
        await self.send_input({"type": "http.disconnect"})

    async def answer(self) -> Answer:
        start = await self.receive_output(5)
        body: list[bytes] = []
        more = True
        while more:
            message = await self.receive_output(5)
            body.append(message.get("body", b""))
            more = message.get("more_body", False)
        await self.wait(5)
        return Answer(start["status"], b"".join(body).decode(), len(body))


async def ask(handler: OneHopHandler, address: str, body: bytes = b"") -> Answer:
    visitor = Visitor(handler, address)
    await visitor.ask(body)
    return await visitor.answer()


def on_started(**kwargs: Any) -> None:
    note("started")


def on_finished(**kwargs: Any) -> None:
    note("finished")


@pytest.fixture
def open_house() -> Iterator[Callable[[int], OneHopHandler]]:
    """Opens our door over the views above, with as many threads as the test asks for."""
    global most_at_work
    most_at_work = 0
    for kept in (seen, at_work, read_pieces, connections_used):
        kept.clear()
    holding.clear()
    closed.clear()
    request_started.connect(on_started)
    request_finished.connect(on_finished)
    with override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=[f"{__name__}.EitherWay"]):
        yield lambda threads: OneHopHandler(threads=threads)
    holding.set()
    request_started.disconnect(on_started)
    request_finished.disconnect(on_finished)


def threads_of(*names: str) -> set[int]:
    return {thread for what, thread in seen if not names or what in names}


async def until(true: Callable[[], bool]) -> None:
    for _ in range(500):
        if true():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not come true within five seconds")


async def test_signals_middleware_and_view_share_one_thread_that_is_not_the_loops(open_house):
    answer = await ask(open_house(4), "/plain", b"hello")

    assert answer == Answer(200, "hello in ja", 1)
    order = [what for what, _thread in seen]
    assert order == ["started", "middleware", "process_view", "view", "finished"]
    assert len(threads_of()) == 1
    assert threading.get_ident() not in threads_of()


async def test_the_threads_stay_from_request_to_request(open_house):
    handler = open_house(1)
    for _ in range(3):
        await ask(handler, "/plain")

    assert len(threads_of()) == 1


async def test_a_language_set_for_one_request_does_not_reach_the_next_in_the_same_thread(
    open_house,
):
    handler = open_house(1)
    first = await ask(handler, "/english")
    second = await ask(handler, "/plain")

    assert (first.text, second.text) == (" in en", " in ja")
    assert len(threads_of("view")) == 1


async def test_not_more_requests_are_at_work_than_there_are_threads_and_none_is_lost(open_house):
    handler = open_house(2)
    visitors = [asyncio.create_task(ask(handler, f"/held/{number}")) for number in range(5)]
    await until(lambda: len(at_work) == 2)
    await asyncio.sleep(0.05)
    holding.set()
    answers = await asyncio.gather(*visitors)

    assert most_at_work == 2
    assert [answer.text for answer in answers] == ["0", "1", "2", "3", "4"]


async def test_a_request_whose_sender_left_while_it_waited_is_not_begun(open_house):
    handler = open_house(1)
    first, impatient, patient = (
        Visitor(handler, f"/held/{name}") for name in ("first", "impatient", "patient")
    )
    for visitor in (first, impatient, patient):
        await visitor.ask()
        await asyncio.sleep(0.02)
    await until(lambda: at_work == ["first"])
    await impatient.leave()
    await asyncio.sleep(0.02)
    holding.set()
    await first.answer()
    await impatient.wait(5)
    answer = await patient.answer()

    assert answer.text == "patient"
    assert threads_of("first")
    assert not threads_of("impatient")


async def test_only_a_disconnect_is_taken_for_leaving(open_house):
    handler = open_house(1)
    first, talkative = Visitor(handler, "/held/first"), Visitor(handler, "/plain")
    await first.ask()
    await until(lambda: at_work == ["first"])
    await talkative.ask(b"whole")
    await talkative.ask(b"and more than announced")
    await asyncio.sleep(0.02)
    holding.set()
    await first.answer()

    assert (await talkative.answer()).text == "whole in ja"


async def test_a_request_that_was_begun_is_finished_even_if_its_sender_leaves(open_house):
    visitor = Visitor(open_house(1), "/held/begun")
    await visitor.ask()
    await until(lambda: at_work == ["begun"])
    await visitor.leave()
    await asyncio.sleep(0.02)
    holding.set()
    await until(lambda: bool(threads_of("finished")))

    assert at_work == []


async def test_asynchronous_code_in_a_view_runs_in_the_servers_loop(open_house):
    answer = await ask(open_house(1), "/loop")

    assert answer.text == str(id(asyncio.get_running_loop()))


async def test_an_asynchronous_view_is_served_too(open_house):
    assert (await ask(open_house(1), "/asynchronous")).text == "awaited"


async def test_an_answer_in_pieces_is_read_no_faster_than_it_is_sent(open_house):
    handler = open_house(1)
    may_go_on = asyncio.Event()
    sent: list[bytes] = []

    async def slow_network(message: Any) -> None:
        if message.get("body"):
            sent.append(message["body"])
            await may_go_on.wait()

    messages: asyncio.Queue[Any] = asyncio.Queue()
    messages.put_nowait({"type": "http.request", "body": b"", "more_body": False})
    scope = {"type": "http", "method": "GET", "path": "/pieces", "query_string": b"", "headers": []}
    serving = asyncio.create_task(handler(scope, messages.get, slow_network))
    await until(lambda: sent == [b"0"])
    await asyncio.sleep(0.05)
    read_by_then = list(read_pieces)
    may_go_on.set()
    await serving

    assert read_by_then == [0]
    assert sent == [b"0", b"1", b"2"]
    assert len(threads_of("piece")) == 1
    assert [what for what, _thread in seen].count("finished") == 1


async def test_a_file_comes_whole_and_in_large_pieces(open_house):
    answer = await ask(open_house(1), "/file")

    assert len(answer.text) == 200_000
    assert answer.pieces == 5  # four of at most 64 KiB and the empty one that ends it


async def test_an_endless_answer_ends_when_its_reader_leaves(open_house):
    visitor = Visitor(open_house(1), "/endless")
    await visitor.ask()
    await visitor.receive_output(5)
    await visitor.receive_output(5)
    await visitor.leave()
    await until(closed.is_set)
    await until(lambda: bool(threads_of("finished")))


async def test_an_unknown_address_is_answered_and_leaves_the_thread_in_order(open_house):
    handler = open_house(1)

    assert (await ask(handler, "/nowhere")).status == 404
    assert (await ask(handler, "/plain")).status == 200


@pytest.mark.postgresql  # closing a connection to SQLite in memory does nothing
@pytest.mark.django_db(transaction=True)
async def test_a_database_connection_serves_the_next_request_too(open_house):
    handler = open_house(1)
    for _ in range(2):
        assert (await ask(handler, "/database")).text == "asked"
    await ask(handler, "/hang-up")

    first, second = connections_used
    assert first is second


def test_a_door_needs_a_thread():
    with pytest.raises(ValueError, match="max_workers"):
        OneHopHandler(threads=0)


def test_the_event_loop_goes_on_while_a_view_is_at_work(open_house):
    async def count_while_held() -> int:
        visitor = asyncio.create_task(ask(open_house(1), "/held/slow"))
        await until(lambda: at_work == ["slow"])
        began, turns = time.monotonic(), 0
        while time.monotonic() - began < 0.05:
            await asyncio.sleep(0)
            turns += 1
        holding.set()
        await visitor
        return turns

    with ThreadPoolExecutor(1) as elsewhere:
        assert elsewhere.submit(asyncio.run, count_while_held()).result() > 10
