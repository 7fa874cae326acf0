"""Servers that take everything and answer at once: ``python -m tests.bench.sinks smtp|http`` prints its port.

Processes of their own, as thin as can be, so that what is measured is who sends.
"""

import asyncio
import sys
from collections.abc import Callable, Coroutine
from typing import Any

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Coroutine[Any, Any, None]]


async def smtp(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Takes mails (RFC 5321, as little of it as smtplib needs)."""
    writer.write(b"220 sink\r\n")
    while line := await reader.readline():
        word = line[:4].upper()
        if word == b"DATA":
            writer.write(b"354 go on\r\n")
            await reader.readuntil(b"\r\n.\r\n")
        if word == b"QUIT":
            writer.write(b"221 bye\r\n")
            break
        writer.write(b"250 OK\r\n")
    writer.close()


async def http(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Takes every request: 201 for a push notice, 200 and an empty object for LINE, which has no quota."""
    while line := await reader.readline():
        length = 0
        while (header := await reader.readline()) != b"\r\n":
            name, _, value = header.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        await reader.readexactly(length)
        path = line.split()[1]
        status, body = b"200 OK", b"{}"
        if path.endswith(b"/quota"):
            body = b'{"type": "none"}'
        if path.startswith(b"/push"):
            status, body = b"201 Created", b""
        writer.write(
            b"HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
            % (status, len(body), body)
        )
    writer.close()


async def serve(talk: Talk) -> None:
    server = await asyncio.start_server(talk, "127.0.0.1", 0, limit=2**20)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve({"smtp": smtp, "http": http}[sys.argv[1]]))
