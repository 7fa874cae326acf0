"""A crowd of WebSocket clients in one process, as light as they can be: they must not be what is measured.

``python -m tests.bench.live.crowd PORT PATH COUNT``: says ``ready`` when all are connected; reads from standard input the
moments at which messages were said, and answers each as JSON: how many have it, and after how many seconds the last.
Ends when its input does.
"""

import asyncio
import base64
import json
import os
import sys
import time
from collections import defaultdict

import uvloop

MARK = "said-at="
AT_ONCE = 100
CONNECTS_WITHIN = 120.0
HEARS_WITHIN = 40.0
MOST_CLIENTS = 10_000


class Client(asyncio.Protocol):
    """One client: shakes hands, notes when each message comes, answers pings."""

    __slots__ = ("buffer", "connected", "crowd", "transport")

    def __init__(self, crowd: "Crowd") -> None:
        self.crowd = crowd
        self.buffer = b""
        self.connected: asyncio.Future[None] | None = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport) or hasattr(transport, "write")
        self.transport = transport
        transport.write(self.crowd.request)

    def data_received(self, data: bytes) -> None:
        now = time.monotonic()
        data = self.buffer + data if self.buffer else data
        if self.connected is not None:
            head, end, data = data.partition(b"\r\n\r\n")
            if not end:
                self.buffer = head
                return
            if not head.startswith(b"HTTP/1.1 101"):
                self.connected.set_exception(ConnectionError(head[:100].decode()))
                return
            self.connected.set_result(None)
            self.connected = None
        while len(data) >= 2:
            start, length = 2, data[1]
            if length == 126:
                start, length = 4, int.from_bytes(data[2:4], "big")
            if len(data) < start + length:
                break
            if data[0] == 0x81:
                self.crowd.hear(data[start : start + length], now)
            elif data[0] == 0x89:
                pong = bytes([0x8A, 0x80 | length]) + bytes(4) + data[start : start + length]
                self.transport.write(pong)
            data = data[start + length :]
        self.buffer = data

    def connection_lost(self, exc: Exception | None) -> None:
        if self.connected is not None and not self.connected.done():
            self.connected.set_exception(ConnectionError("closed during the handshake"))


class Crowd:
    """All clients, and what they heard: for each message its arrivals."""

    def __init__(self, port: int, path: str, count: int) -> None:
        if not 0 < count <= MOST_CLIENTS:
            raise ValueError(f"at most {MOST_CLIENTS} clients")
        key = base64.b64encode(os.urandom(16)).decode()
        self.request = (
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\n"
            "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            f"Sec-WebSocket-Key: {key}\r\n\r\n"
        ).encode()
        self.port, self.count = port, count
        self.latencies: defaultdict[bytes, list[float]] = defaultdict(list)

    def hear(self, frame: bytes, now: float) -> None:
        mark = frame.find(MARK.encode())
        if mark >= 0:
            at = frame[mark + len(MARK) : frame.index(b" ", mark)]
            self.latencies[at].append(now - float(at))

    async def connect(self) -> None:
        """Opens all connections, some at a time."""
        loop, gate = asyncio.get_running_loop(), asyncio.Semaphore(AT_ONCE)

        async def one() -> None:
            async with gate:
                _, client = await loop.create_connection(
                    lambda: Client(self), "127.0.0.1", self.port
                )
                if client.connected is not None:
                    await client.connected

        async with asyncio.timeout(CONNECTS_WITHIN):
            await asyncio.gather(*(one() for _ in range(self.count)))

    async def heard_by_all(self, at: str) -> dict[str, float]:
        """Waits until every client has the message of that moment, or no longer; how many have it, and since when."""
        arrivals = self.latencies[at.encode()]
        deadline = time.monotonic() + HEARS_WITHIN
        while len(arrivals) < self.count and time.monotonic() < deadline:
            await asyncio.sleep(0.01)
        return {"heard": len(arrivals), "last": max(arrivals, default=float("nan"))}


async def main(port: int, path: str, count: int) -> None:
    crowd = Crowd(port, path, count)
    await crowd.connect()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while at := (await asyncio.to_thread(sys.stdin.readline)).strip():
        sys.stdout.write(json.dumps(await crowd.heard_by_all(at)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3])))
