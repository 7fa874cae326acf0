"""Clients of the live protocol that follow a discussion: over a real line, in a thread of their own."""

import json
import random
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.sync.client import ClientConnection, connect

from issues.models import Thread
from tests.support.server import AppServer


def open_socket(
    server: AppServer, thread: Thread | str, *, after: object = None, cookie: str = "", **more: Any
) -> ClientConnection:
    """A socket to a thread, or to whatever stands in the place of its key."""
    key = thread if isinstance(thread, str) else thread.pk
    query = "" if after is None else f"?after={after}"
    return connect(
        f"{server.url.replace('http', 'ws')}/ws/live/thread/{key}/{query}",
        additional_headers={"Cookie": f"sessionid={cookie}"} if cookie else {},
        **{"origin": server.url, "compression": None, "open_timeout": 10} | more,
    )


def frames(socket: ClientConnection, *types: str, until: int = 0, within: float = 6) -> list[Any]:
    """The frames of these types: up to event ``until``, or the first one."""
    found: list[Any] = []
    deadline = time.monotonic() + within
    while not found or (until and found[-1].get("seq", 0) < until):
        frame = json.loads(socket.recv(timeout=max(0.01, deadline - time.monotonic())))
        if frame["type"] in types:
            found.append(frame)
    return found


def close_code(socket: ClientConnection, *, within: float = 6) -> int:
    """The code with which the server closes; what it says before is passed over."""
    deadline = time.monotonic() + within
    try:
        while True:
            socket.recv(timeout=max(0.01, deadline - time.monotonic()))
    except ConnectionClosed as closed:
        return closed.rcvd.code if closed.rcvd else 1006


class Follower:
    """Keeps following, whatever breaks: what the protocol expects of a good client, and no more."""

    def __init__(self, server: AppServer, thread: Thread) -> None:
        self.seen: list[int] = []
        self.times_connected = 0
        self._open: Callable[[], ClientConnection] = lambda: open_socket(
            server, thread, after=self.seen[-1] if self.seen else 0
        )
        self._socket: ClientConnection | None = None
        self._over = threading.Event()
        self._worker = threading.Thread(target=self._follow, daemon=True)
        self._worker.start()

    def cut(self) -> None:
        """Tears the line without a word of farewell, as a tunnel does."""
        if self._socket is not None:
            with suppress(OSError):
                self._socket.socket.shutdown(2)

    def up_to(self, last: int, *, within: float = 30) -> list[int]:
        """Waits for event ``last``; the numbers of all that came."""
        deadline = time.monotonic() + within
        while (not self.seen or self.seen[-1] < last) and time.monotonic() < deadline:
            time.sleep(0.02)
        self._over.set()
        self.cut()
        self._worker.join(10)
        return self.seen

    def _follow(self) -> None:
        while not self._over.is_set():
            gone = (OSError, ConnectionClosed, EOFError, TimeoutError, InvalidHandshake)
            with suppress(*gone), self._open() as socket:
                self._socket = socket
                self.times_connected += 1
                for text in socket:
                    frame = json.loads(text)
                    if frame["type"] == "event":
                        self.seen.append(frame["seq"])
            time.sleep(random.uniform(0.05, 0.2))
