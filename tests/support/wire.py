"""Plain HTTP to a running server: nothing is followed, corrected or hidden."""

import http.client
import socket
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.message import Message
from random import SystemRandom
from typing import Any, Protocol
from urllib.parse import urlencode


class Server(Protocol):
    """Where it listens."""

    @property
    def host(self) -> str: ...

    @property
    def port(self) -> int: ...


@dataclass(frozen=True)
class Local:
    """Whatever listens on this port of this machine."""

    port: int
    host: str = "127.0.0.1"


def free_port() -> int:
    """A port that nobody uses, at any address of this machine.

    It lies below those that Linux and macOS give to outgoing connections: one of these could take it before the
    server does for which it is meant.

    Raises:
        LookupError: a hundred ports were tried and all are in use.
    """
    # Not from the common source of chance: that gives the same to every test and every process of a run.
    for port in SystemRandom().sample(range(15_000, 32_768), 100):
        with socket.socket() as probe:
            try:
                probe.bind(("", port))
            except OSError:
                continue
            return port
    raise LookupError("no port is free")


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
    source: str = "",
    tls: ssl.SSLContext | None = None,
    seconds: float = 20,
) -> Response:
    """One request on a connection of its own. A body in pieces is sent without a declared length.

    Args:
        source: the address of this machine from which it comes; any if not given.
        tls: makes it https.
        seconds: how long each step may take.
    """
    given = dict(headers or {})
    if form is not None:
        body = urlencode(form).encode()
        given["Content-Type"] = "application/x-www-form-urlencoded"
    how: dict[str, Any] = {"timeout": seconds, "source_address": (source, 0) if source else None}
    connection = (
        http.client.HTTPConnection(server.host, server.port, **how)
        if tls is None
        else http.client.HTTPSConnection(server.host, server.port, context=tls, **how)
    )
    try:
        connection.request(method, path, body=body, headers=given)
        response = connection.getresponse()
        return Response(response.status, response.headers, response.read())
    finally:
        connection.close()


def answers(server: Server) -> bool:
    """Does anybody listen there?"""
    try:
        socket.create_connection((server.host, server.port), timeout=5).close()
    except OSError:
        return False
    return True


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
