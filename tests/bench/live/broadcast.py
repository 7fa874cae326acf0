"""The floor: a server that only writes. ``python -m tests.bench.live.broadcast PORT PIPE``

Reads texts from a named pipe, one a line, and broadcasts each; ends when nobody writes there any more.
"""

import asyncio
import sys

import uvloop
from websockets.asyncio.server import ServerConnection, broadcast, serve


async def main(port: int, pipe: str) -> None:
    connections: set[ServerConnection] = set()

    async def keep(connection: ServerConnection) -> None:
        connections.add(connection)
        await connection.wait_closed()
        connections.discard(connection)

    def speak() -> None:
        line = lines.readline()
        if line:
            broadcast(connections, line.rstrip("\n"))
        else:
            loop.remove_reader(lines)
            over.set()

    loop, over = asyncio.get_running_loop(), asyncio.Event()
    async with serve(keep, "127.0.0.1", port, compression=None):
        # Opening waits for who writes.
        lines = await asyncio.to_thread(open, pipe)
        loop.add_reader(lines, speak)
        await over.wait()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1]), sys.argv[2]))
