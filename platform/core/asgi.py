"""The doors of the house for ASGI: Django's own made cheaper, a limit on bodies, an answer for unknown sockets."""

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import IO, Any, cast

from asgiref.sync import sync_to_async
from django.core import signals
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.db import close_old_connections
from django.http.response import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.urls import set_script_prefix

Scope = dict[str, Any]
Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

NO_SUCH_SOCKET = 4404


class OneHopHandler(ASGIHandler):
    """Django's door for HTTP, with one change of thread for each request, into a thread that stays.

    Signals, middleware and view of a request run one after the other in a thread of a small pool, as they would
    under WSGI; only reading the body and sending the answer happen in the event loop. Django's own handler makes
    two new threads for each request and changes between thread and loop 19 times in our middleware. As the
    threads stay, so do their database connections (``CONN_MAX_AGE``). Figures: docs/adr/0004.

    Args:
        threads: how many requests are worked on at once, and how many database connections they hold at most.
            Further ones wait; one whose sender has gone meanwhile is not begun.
    """

    def __init__(self, *, threads: int) -> None:
        super().__init__()
        pool = ThreadPoolExecutor(threads, thread_name_prefix="http")
        self.in_a_thread = sync_to_async(self.answer, thread_sensitive=False, executor=pool)

    def load_middleware(self, is_async: bool = False) -> None:
        """All of the chain in its synchronous form, whatever Django asks for."""
        super().load_middleware(is_async=False)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request."""
        try:
            body = await self.read_body(receive)
        except RequestAborted:
            return
        gone = threading.Event()
        leaving = asyncio.create_task(_note_when_gone(receive, gone))
        try:
            response = await self.in_a_thread(scope, body, gone)
            if isinstance(response, StreamingHttpResponse):
                await self.stream(response, send, leaving)
            elif response is not None:
                await self.send_response(response, send)
        finally:
            leaving.cancel()
            body.close()

    def answer(
        self, scope: Scope, body: IO[bytes], gone: threading.Event
    ) -> HttpResponseBase | None:
        """The answer to a request, from the first signal to the last; ``None`` if nobody waits for it any more."""
        if gone.is_set():
            return None
        set_script_prefix(get_script_prefix(scope))
        signals.request_started.send(sender=self.__class__, scope=scope)
        request, refusal = self.create_request(scope, body)
        # One of the two is always there.
        response = self.get_response(request) if request else cast(HttpResponseBase, refusal)
        if response.streaming:
            # Its last signal follows when it has been sent, in another thread.
            close_old_connections()
        else:
            response.close()
        return response

    async def stream(
        self, response: StreamingHttpResponse, send: Send, leaving: asyncio.Task[None]
    ) -> None:
        """Sends an answer in pieces, none gathered in memory, until its end or until the client leaves."""
        if isinstance(response, FileResponse):
            response.block_size = self.chunk_size
        pieces = response.streaming_content
        if isinstance(pieces, Iterator):
            response.streaming_content = _piece_by_piece(pieces)
        sending = asyncio.create_task(self.send_response(response, send))
        try:
            await asyncio.wait({sending, leaving}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            sending.cancel()
            with suppress(asyncio.CancelledError):
                await sending
            await sync_to_async(response.close)()


async def _note_when_gone(receive: Receive, gone: threading.Event) -> None:
    if (await receive())["type"] == "http.disconnect":
        gone.set()


async def _piece_by_piece(content: Iterator[bytes]) -> AsyncIterator[bytes]:
    # In one thread of this answer's own: what makes the pieces may hold something that is bound to a thread.
    next_piece = sync_to_async(lambda: next(content, None))
    while (piece := await next_piece()) is not None:
        yield piece


class BodyLimit:
    """Refuses request bodies above ``limit`` bytes with 413, before they fill the disk.

    Django spools a body of any size to a temporary file before a view can object. A declared length is
    refused at once; an undeclared one as soon as it has grown too long.
    """

    def __init__(self, application: Application, *, limit: int) -> None:
        self.application = application
        self.limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if declared_length(scope) > self.limit:
            scope["yoriai.body_too_large"] = True
        received = 0
        ended = False

        async def counted() -> Message:
            nonlocal received, ended
            if scope.get("yoriai.body_too_large"):
                if not ended:
                    ended = True
                    return {"type": "http.request", "body": b"", "more_body": False}
                # After the end of a body only a disconnect may follow; what still comes is thrown away.
                while (message := await receive())["type"] == "http.request":
                    pass
                return message
            message = await receive()
            received += len(message.get("body", b""))
            if received > self.limit:
                scope["yoriai.body_too_large"] = True
                return await counted()
            return message

        await self.application(scope, counted, send)


def declared_length(scope: Scope) -> int:
    """The ``Content-Length`` of a request in bytes; 0 where there is none that can be read."""
    for name, value in scope.get("headers", []):
        if name == b"content-length" and value.isdigit() and len(value) < 20:
            return int(value)
    return 0


async def refuse_websocket(scope: Scope, receive: Receive, send: Send) -> None:
    """Closes a WebSocket to an address that does not exist, instead of failing in the server's log."""
    await receive()
    await send({"type": "websocket.close", "code": NO_SUCH_SOCKET})
