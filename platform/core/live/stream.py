"""One stream in one web process: forwards every event to its viewers once and in order.

Hints may be lost, late, double or out of order. ``last`` is the number of the event that was forwarded last: what a
hint brings below it is known, what follows it is forwarded, and anything else is read from the database.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import structlog
from channels.db import database_sync_to_async
from django.db import Error as DatabaseFailure

from core.live.limits import limits
from core.live.registry import Event, StreamKind
from core.live.shared import Shared, seen
from core.live.viewer import Message, Viewer
from core.live.wire import event_frame

log = structlog.get_logger("yoriai.live")


class TooFarBehind(Exception):
    """More has happened than is told one by one; or the client's number is not one of this stream."""


class Stream:
    """Call everything from the event loop's own thread."""

    def __init__(self, name: str, key: str, kind: StreamKind) -> None:
        self.name, self.key, self.kind = name, key, kind
        self.last = 0
        # Those that have everything up to `last`; a set that keeps its order.
        self.viewers: dict[Viewer, None] = {}
        self.members = 0  # these and those that are still joining
        self.readers: int | None = None  # how many read along in all processes, as far as we heard
        self.readers_told: int | None = None
        self.swept_at = self.heartbeat_at = asyncio.get_running_loop().time()
        self._catching_up: asyncio.Task[None] | None = None
        self._again = False
        self._is_open = False
        self._page_after = Shared(self._ask)
        self._opened = asyncio.create_task(self._open())
        self._opened.add_done_callback(seen)

    async def opened(self) -> None:
        """Returns when ``last`` is known. Raises what the database raises."""
        await asyncio.shield(self._opened)

    def take(self, first: int, frames: Sequence[str]) -> None:
        """Forwards what a hint brought, or asks the database if something is missing before it."""
        if self._catching_up is not None or not self._is_open or first > self.last + 1:
            self.catch_up()
            return
        for seq, frame in enumerate(frames, first):
            if seq > self.last:
                self._forward(seq, frame)

    def catch_up(self) -> None:
        """Asks the database for what nobody told us of; at once, or again when the running question is answered."""
        self._again = True
        if self._catching_up is None:
            self._catching_up = asyncio.create_task(self._catch_up())

    async def bring_up(self, viewer: Viewer, write: Callable[[str], Awaitable[None]]) -> None:
        """Writes to a viewer what it lacks, then counts it among those that are served live.

        Raises:
            TooFarBehind: it should load the page instead.
            OSError, TimeoutError: it is gone.
        """
        if self.last - viewer.seq > limits().most_replayed:
            raise TooFarBehind
        if viewer.seq > self.last:
            # Its page may be newer than the last hint that came here; a number that nobody gave it is neither.
            if viewer.seq > await self._ask_for_last():
                raise TooFarBehind
            self.catch_up()
        # No wait stands between the last look at `last` and the entry: nothing falls between the two.
        while viewer.seq < self.last:
            # What is missing was forwarded before, so that even a slightly older answer has some of it.
            events = await self._page_after(viewer.seq)
            if not events:
                raise TooFarBehind
            for event in events:
                await write(event_frame(event))
                viewer.seq = event.seq
        viewer.joined = True
        if viewer.is_open and not viewer.held:
            self.viewers[viewer] = None

    def tell(self, text: str) -> None:
        """Says a word to everybody who is served live."""
        message: Message = {"type": "websocket.send", "text": text}
        for viewer in list(self.viewers):
            viewer.push_word(message)

    def close(self) -> None:
        """Ends what this stream still does."""
        for task in (self._opened, self._catching_up):
            if task is not None:
                task.cancel()

    def _forward(self, seq: int, text: str) -> None:
        if seq != self.last + 1:
            log.error("a stream has a gap in the database", kind=self.name, after=self.last)
        self.last = seq
        message: Message = {"type": "websocket.send", "text": text}
        for viewer in list(self.viewers):
            viewer.push_event(seq, message)

    async def _open(self) -> None:
        self.last = await self._ask_for_last()
        self._is_open = True

    async def _catch_up(self) -> None:
        try:
            await self._opened
            while self._again:
                self._again = False
                # A question of its own: an answer that others are waiting for may be older than the hint.
                events = await self._ask(self.last)
                for event in events:
                    if event.seq > self.last:
                        self._forward(event.seq, event_frame(event))
                self._again = self._again or len(events) == limits().page
        except DatabaseFailure as error:
            # The next hint or the next sweep asks again.
            log.warning("a stream could not be read", kind=self.name, error=type(error).__name__)
        except Exception:
            log.exception("a stream could not be read", kind=self.name)
        finally:
            self._catching_up = None
            self.swept_at = asyncio.get_running_loop().time()

    async def _ask_for_last(self) -> int:
        last: int = await database_sync_to_async(self.kind.last_seq)(self.key)
        return last

    async def _ask(self, seq: int) -> Sequence[Event]:
        events = database_sync_to_async(self.kind.events_after)
        page: Sequence[Event] = await events(self.key, seq, limits().page)
        return page
