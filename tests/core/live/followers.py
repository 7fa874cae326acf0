"""Clients of the live protocol for tests, on the ``websockets`` library."""

import asyncio
import json
import random
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.core.live.city.running import City

ORIGIN = "http://localhost"


def open_socket(
    city: City, key: str, *, after: object = None, web: int = 0, cookie: str = "", **options: Any
) -> Any:
    """A socket to a talk; use it as ``async with open_socket(city, key) as socket``."""
    query = "" if after is None else f"?after={after}"
    headers = {"Cookie": f"sessionid={cookie}"} if cookie else {}
    settings = {"origin": ORIGIN, "compression": None, "open_timeout": 10} | options
    return connect(
        f"ws://127.0.0.1:{city.ports[web]}/ws/live/talk/{key}/{query}",
        additional_headers=headers,
        **settings,
    )


async def next_frame(socket: ClientConnection, *types: str, within: float = 5) -> dict[str, Any]:
    """The next frame of one of these types; others are passed over."""
    async with asyncio.timeout(within):
        while True:
            frame: dict[str, Any] = json.loads(await socket.recv())
            if not types or frame["type"] in types:
                return frame


async def numbers(socket: ClientConnection, last: int, *, within: float = 10) -> list[int]:
    """The numbers of the events that come, up to ``last``."""
    found: list[int] = []
    while not found or found[-1] < last:
        found.append((await next_frame(socket, "event", within=within))["seq"])
    return found


async def silence(socket: ClientConnection, seconds: float) -> None:
    """Fails if an event comes within this time."""
    try:
        frame = await next_frame(socket, "event", within=seconds)
    except TimeoutError:
        return
    raise AssertionError(f"nothing was expected, but {frame} came")


async def close_code(socket: ClientConnection, *, within: float = 6) -> int:
    """The code with which the server closes the socket; what it says before is passed over."""
    async with asyncio.timeout(within):
        while True:
            try:
                await socket.recv()
            except ConnectionClosed as closed:
                return closed.rcvd.code if closed.rcvd else 1006


class Follower:
    """Keeps following, whatever breaks: what the protocol expects of a good client, and no more."""

    def __init__(self, city: City, key: str, *, web: int = 0) -> None:
        self.city, self.key, self.web = city, key, web
        self.seen: list[int] = []
        self.times_connected = 0
        self.task = asyncio.create_task(self._follow())

    async def up_to(self, last: int, *, within: float = 15) -> list[int]:
        """Waits for event ``last`` and returns the numbers of all that came."""
        async with asyncio.timeout(within):
            while not self.seen or self.seen[-1] < last:
                await asyncio.sleep(0.02)
        self.task.cancel()
        return self.seen

    async def _follow(self) -> None:
        while True:
            after = self.seen[-1] if self.seen else 0
            try:
                async with open_socket(self.city, self.key, after=after, web=self.web) as socket:
                    self.times_connected += 1
                    async for text in socket:
                        frame = json.loads(text)
                        if frame["type"] == "event":
                            self.seen.append(frame["seq"])
            except (OSError, ConnectionClosed, EOFError, TimeoutError):
                pass
            await asyncio.sleep(random.uniform(0.05, 0.2))
