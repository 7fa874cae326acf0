"""Requests to our middleware and views as a server hands them over, byte by byte, in the transaction of the test.

Django's test client builds a request that no parser has seen, and a real server works on another connection to
the database. This does what a server does after parsing, so that what fails inside comes out as the exception it is.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from asgiref.sync import async_to_sync
from django.conf import settings
from django.core.handlers.asgi import ASGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from core.asgi import BodyLimit

# The door of config.asgi works in threads of its own, which do not see the transaction of the test.
application = BodyLimit(ASGIHandler(), limit=settings.MAX_BODY_BYTES)

LONGEST_PIECE = 65536


@dataclass(frozen=True)
class Response:
    """An answer as it came."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


def request(
    method: str,
    path: str,
    *,
    query: bytes = b"",
    headers: list[tuple[bytes, bytes]] | None = None,
    body: bytes = b"",
) -> Response:
    """Asks the city and returns its answer.

    Args:
        path: as it stands in the request line, percent-encoded.
        headers: whatever should come with it; a Host is added where there is none.
    """
    given = list(headers or [])
    if not any(name == b"host" for name, _ in given):
        given.append((b"host", b"testserver"))
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        # As uvicorn does it.
        "path": unquote(path),
        "raw_path": path.encode("ascii"),
        "query_string": query,
        "root_path": "",
        "headers": given,
        "client": ("127.0.0.1", 50000),
        "server": ("127.0.0.1", 80),
    }
    with _connection_kept():
        return async_to_sync(_ask)(scope, body)


@contextmanager
def _connection_kept() -> Iterator[None]:
    """Django closes connections between requests; this one holds the transaction of the test."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


async def _ask(scope: dict[str, Any], body: bytes) -> Response:
    pieces = [body[at : at + LONGEST_PIECE] for at in range(0, len(body), LONGEST_PIECE)] or [b""]
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        if pieces:
            return {"type": "http.request", "body": pieces.pop(0), "more_body": bool(pieces)}
        # Whoever asks once more waits for us to go; we stay until the answer is complete.
        await asyncio.Event().wait()
        raise AssertionError("unreachable")

    async def send(message: Any) -> None:
        sent.append(message)

    await application(scope, receive, send)
    start, *rest = sent
    return Response(
        status=start["status"],
        headers={name.decode().lower(): value.decode() for name, value in start["headers"]},
        body=b"".join(message.get("body", b"") for message in rest),
    )
