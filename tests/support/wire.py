"""Plain HTTP to a running server: nothing is followed, corrected or hidden."""

import http.client
import socket
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.message import Message
from typing import Protocol
from urllib.parse import urlencode


class Server(Protocol):
    """Where it listens."""

    host: str
    port: int


@dataclass(frozen=True)
class Response:
    """An answer as it came."""

    status: int
    headers: Message
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


def get(server: Server, path: str, *, headers: Mapping[str, str] | None = None) -> Response:
    """What a browser does with an address."""
    return request(server, "GET", path, headers=headers)


def request(
    server: Server,
    method: str,
    path: str,
    *,
    form: Mapping[str, str] | None = None,
    body: bytes | Iterator[bytes] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """One request on a connection of its own. A body in pieces is sent without a declared length."""
    given = dict(headers or {})
    if form is not None:
        body = urlencode(form).encode()
        given["Content-Type"] = "application/x-www-form-urlencoded"
    connection = http.client.HTTPConnection(server.host, server.port, timeout=20)
    try:
        connection.request(method, path, body=body, headers=given)
        response = connection.getresponse()
        return Response(response.status, response.headers, response.read())
    finally:
        connection.close()


def send_raw(server: Server, data: bytes, *, seconds: float = 10) -> bytes:
    """Sends bytes as they are and returns all that comes back until the server closes.

    Ask it to, with ``Connection: close``: otherwise it is given ``seconds`` to do so by itself.
    """
    answer = b""
    with socket.create_connection((server.host, server.port), timeout=seconds) as connection:
        connection.sendall(data)
        try:
            while received := connection.recv(65536):
                answer += received
        except (TimeoutError, ConnectionError):
            pass
    return answer
