"""One open socket, as the hub sees it: where it stands in its stream, and what still waits to be written to it."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Generator, Mapping
from dataclasses import dataclass
from typing import Any

from core.live.limits import limits
from core.live.wire import COME_BACK_LATER

Message = Mapping[str, Any]
Send = Callable[[Message], Coroutine[Any, Any, None]]


@dataclass(frozen=True, slots=True)
class Identity:
    """Who holds a socket.

    Attributes:
        session_key: of a signed-in session; empty for guests.
        digest: of the session key; empty for guests.
        user_id: empty for guests.
        origin: what limits on open sockets count by: the account, for guests the network address.
    """

    session_key: str
    digest: str
    user_id: str
    origin: str


class Viewer:
    """Writes to one client without ever making the others wait.

    A frame goes straight into the connection as long as that takes it; only when the client is slow does it wait
    here, and when too much waits, the client is sent away with 1013. It may come back and gets the rest from the
    database.
    """

    __slots__ = (
        "_abort",
        "_closed",
        "_send",
        "_waiting",
        "_waiting_characters",
        "_writing",
        "due",
        "held",
        "identity",
        "joined",
        "key",
        "kind",
        "seq",
    )

    def __init__(
        self,
        *,
        kind: str,
        key: str,
        identity: Identity,
        send: Send,
        abort: Callable[[], None] | None = None,
    ) -> None:
        self.kind, self.key, self.identity = kind, key, identity
        self.seq = 0  # the last event that this client was sent
        self.joined = False  # it had everything once, and is served live since
        self.held = False  # it is told nothing until its permission was asked for again
        self.due = 0.0  # when that happens next in any case, by the event loop's clock
        self._send, self._abort = send, abort
        self._waiting: deque[Message] | None = None
        self._waiting_characters = 0
        self._writing: asyncio.Task[None] | None = None
        self._closed = False

    @property
    def is_open(self) -> bool:
        return not self._closed

    async def write(self, text: str) -> None:
        """Writes a frame and waits until the connection has taken it; for the client's own task while it joins.

        Raises:
            TimeoutError: the client took nothing for too long.
            OSError: it is gone, or was sent away.
        """
        if self._closed:
            raise ConnectionResetError("this socket was closed")
        try:
            async with asyncio.timeout(limits().patience):
                await self._send({"type": "websocket.send", "text": text})
        except RuntimeError as error:
            # What ASGI servers raise when a close frame has overtaken the message.
            raise ConnectionResetError("this socket was closed") from error

    def push_event(self, seq: int, message: Message) -> None:
        """Writes an event unless this client has it already; never waits."""
        if seq > self.seq:
            self.seq = seq
            self._push(message)

    def push(self, text: str) -> None:
        """Writes a frame, or lets it wait behind those that wait already; never waits itself."""
        self._push({"type": "websocket.send", "text": text})

    def push_word(self, message: Message) -> None:
        """Writes what is worth something only now, such as the number of readers; a slow client is spared it."""
        if self._waiting is None:
            self._push(message)

    def close(self, code: int) -> None:
        """Closes the socket; what waits is dropped. Never waits itself."""
        if self._closed:
            return
        self._closed = True
        self._waiting = None
        if self._writing is not None:
            # A frame is being written: the close frame must stand behind it, not in it.
            self._writing = asyncio.create_task(self._close_behind(self._writing, code))
        elif (
            rest := self._begin(self._send({"type": "websocket.close", "code": code}))
        ) is not None:
            self._writing = asyncio.create_task(self._or_abort(rest))

    def _push(self, message: Message) -> None:
        if self._closed:
            return
        if self._waiting is not None:
            self._waiting.append(message)
            self._waiting_characters += len(message["text"])
            if (
                len(self._waiting) > limits().most_waiting_frames
                or self._waiting_characters > limits().most_waiting_characters
            ):
                self.close(COME_BACK_LATER)
            return
        rest = self._begin(self._send(message))
        if rest is not None:
            self._waiting, self._waiting_characters = deque(), 0
            self._writing = asyncio.create_task(self._write_what_waits(rest))

    def _begin(self, sending: Coroutine[Any, Any, None]) -> Awaitable[None] | None:
        try:
            return begin(sending)
        except (OSError, RuntimeError):
            # Gone, or closed by the server behind our back; the socket's own task hears of it too, unless the
            # client takes nothing any more and the server waits for that.
            self._closed = True
            if self._abort is not None:
                asyncio.get_running_loop().call_later(limits().patience, self._abort)
            return None

    async def _write_what_waits(self, rest: Awaitable[None]) -> None:
        try:
            async with asyncio.timeout(limits().patience) as patience:
                await rest
                while self._waiting:
                    message = self._waiting.popleft()
                    self._waiting_characters -= len(message["text"])
                    patience.reschedule(asyncio.get_running_loop().time() + limits().patience)
                    await self._send(message)
        except TimeoutError:
            self._writing = None
            self.close(COME_BACK_LATER)
        except (OSError, RuntimeError):
            self._closed = True
        else:
            if not self._closed:
                self._waiting = self._writing = None

    async def _close_behind(self, writing: "asyncio.Task[None]", code: int) -> None:
        await asyncio.wait([writing], timeout=limits().patience)
        await self._or_abort(self._send({"type": "websocket.close", "code": code}))

    async def _or_abort(self, closing: Awaitable[None]) -> None:
        try:
            async with asyncio.timeout(limits().patience):
                await closing
        except TimeoutError:
            # Its buffers are full and stay full: no close frame will ever get through.
            if self._abort is not None:
                self._abort()
        except (OSError, RuntimeError):
            pass  # gone already


class _Begun(Awaitable[None]):
    """A coroutine that has run up to its first wait; awaiting this does the rest."""

    def __init__(self, coroutine: Coroutine[Any, Any, None], waits_for: Any) -> None:
        self.coroutine, self.waits_for = coroutine, waits_for

    def __await__(self) -> Generator[Any, Any, None]:
        try:
            yield self.waits_for
        except BaseException:
            self.coroutine.close()
            raise
        yield from self.coroutine.__await__()


def begin(coroutine: Coroutine[Any, Any, None]) -> Awaitable[None] | None:
    """Runs a coroutine until it first has to wait; returns what is left of it, ``None`` if nothing is.

    Writing to a connection that has room does not wait, so thousands of sockets are served without a task for each.
    What Python 3.12 calls an eager task, for 3.11 too and without a task where none is needed.
    """
    try:
        waits_for = coroutine.send(None)
    except StopIteration:
        return None
    return _Begun(coroutine, waits_for)
