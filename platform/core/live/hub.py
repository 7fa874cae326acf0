"""The hub: all streams and all sockets of one web process, between one Redis subscription and the database."""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable

import structlog
from channels.db import database_sync_to_async
from django.contrib.auth.models import AnonymousUser
from redis.exceptions import RedisError

from core.live.doorkeeper import Doorkeeper
from core.live.limits import limits
from core.live.presence import Presence, people_among
from core.live.registry import KEY, Reader, StreamKind
from core.live.relay import Relay
from core.live.shared import Shared
from core.live.stream import Stream, TooFarBehind
from core.live.viewer import Viewer
from core.live.wire import (
    COME_BACK_LATER,
    RELOAD,
    SESSION_ENDED,
    TOO_MANY,
    Note,
    heartbeat_frame,
    presence_frame,
)

log = structlog.get_logger("yoriai.live")

SECONDS_BETWEEN_LOOKS = 1.0


class Hub:
    """Lives in the event loop that made it, from the first socket to the end of the process."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self._streams: dict[tuple[str, str], Stream] = {}
        self._viewers: dict[Viewer, None] = {}
        self._origins: Counter[str] = Counter()
        self._relay = Relay(on_note=self._take, on_listening=self._listen_again)
        self._presence = Presence(self._relay.commands)
        self._may_guests_join = Shared(_may_guests_join)
        self._doorkeeper = Doorkeeper(on_good=self._serve_again)
        self._tasks = [
            asyncio.create_task(work)
            for work in (
                self._relay.run(),
                self._doorkeeper.run(),
                _again_and_again(SECONDS_BETWEEN_LOOKS, self._look_after_streams),
                _again_and_again(limits().presence, self._look_after_presence),
            )
        ]

    def admit(self, viewer: Viewer) -> int | None:
        """Counts a new socket in; returns the code to close it with if it is one too many."""
        if len(self._viewers) >= limits().most_sockets:
            return COME_BACK_LATER
        of_an_account = bool(viewer.identity.user_id)
        most = (
            limits().most_sockets_of_an_account
            if of_an_account
            else limits().most_sockets_of_an_address
        )
        if self._origins[viewer.identity.origin] >= most:
            return TOO_MANY
        self._viewers[viewer] = None
        self._origins[viewer.identity.origin] += 1
        # Spread, so that those who came together are not asked about together.
        viewer.due = self.loop.time() + limits().recheck * random.uniform(0.5, 1)  # noqa: S311
        return None

    def leave(self, viewer: Viewer) -> None:
        """Counts a socket out that was admitted."""
        self._viewers.pop(viewer, None)
        self._origins[viewer.identity.origin] -= 1
        self._origins += Counter()  # drops those that are down to zero

    async def may_join(self, viewer: Viewer, streams: StreamKind, user: Reader) -> bool:
        """Asks the room. Call it for an admitted viewer: then no withdrawal falls between answer and entry."""
        if not KEY.match(viewer.key):
            return False
        if viewer.identity.user_id:
            may_join: bool = await database_sync_to_async(streams.may_join)(user, viewer.key)
            return may_join
        return await self._may_guests_join((streams, viewer.key))

    async def enter(self, viewer: Viewer, kind: StreamKind) -> Stream:
        """The viewer's stream, with its last number known; :meth:`exit` must follow, whatever this raises."""
        stream = self._streams.get((viewer.kind, viewer.key))
        if stream is None:
            stream = self._streams[viewer.kind, viewer.key] = Stream(viewer.kind, viewer.key, kind)
        stream.members += 1
        await stream.opened()
        return stream

    def exit(self, viewer: Viewer) -> None:
        """Takes a viewer out of its stream; the last one closes it."""
        stream = self._streams[viewer.kind, viewer.key]
        stream.viewers.pop(viewer, None)
        stream.members -= 1
        if not stream.members:
            stream.close()
            del self._streams[viewer.kind, viewer.key]

    def _take(self, note: Note) -> None:
        stream = self._streams.get((note.kind, note.key))
        if note.about == "events":
            if stream is not None:
                stream.take(note.number, note.frames)
        elif note.about == "readers":
            if stream is not None:
                stream.readers = note.number
        elif note.about == "session":
            for viewer in self._who(lambda viewer: viewer.identity.digest in note.names):
                viewer.close(SESSION_ENDED)
        elif note.about == "person":
            self._hold(self._who(lambda viewer: viewer.identity.user_id in note.names))
        elif note.about == "withdrawn":
            self._hold(
                self._who(
                    lambda viewer: (
                        (viewer.kind, viewer.key) == (note.kind, note.key)
                        and (not note.names or viewer.identity.user_id in note.names)
                    )
                )
            )

    def _who(self, fits: Callable[[Viewer], bool]) -> list[Viewer]:
        return [viewer for viewer in self._viewers if fits(viewer)]

    def _hold(self, viewers: list[Viewer]) -> None:
        """Tells them nothing more until their permission was asked for again."""
        for viewer in viewers:
            viewer.held = True
            stream = self._streams.get((viewer.kind, viewer.key))
            if stream is not None:
                stream.viewers.pop(viewer, None)
        self._doorkeeper.ask_about(viewers, urgent=True)

    async def _serve_again(self, viewer: Viewer) -> None:
        stream = self._streams.get((viewer.kind, viewer.key))
        # Who is still joining goes on by itself.
        if stream is None or not viewer.joined:
            return

        async def write(text: str) -> None:
            viewer.push(text)

        try:
            await stream.bring_up(viewer, write)
        except TooFarBehind:
            viewer.close(RELOAD)

    def _listen_again(self) -> None:
        for stream in self._streams.values():
            stream.catch_up()
        self._presence.forget_what_was_said()

    async def _look_after_streams(self) -> None:
        now = self.loop.time()
        sweep = limits().sweep if self._relay.is_listening else limits().sweep_without_redis
        for stream in list(self._streams.values()):
            if now - stream.swept_at >= sweep:
                stream.swept_at = now
                stream.catch_up()
            if now - stream.heartbeat_at >= limits().heartbeat:
                stream.heartbeat_at = now
                stream.tell(heartbeat_frame(stream.last))
        due = self._who(lambda viewer: viewer.due <= now)
        for viewer in due:
            viewer.due = now + limits().recheck
        self._doorkeeper.ask_about(due)

    async def _look_after_presence(self) -> None:
        counts = {name: people_among(stream.viewers) for name, stream in self._streams.items()}
        try:
            await self._presence.say(counts)
        finally:
            for stream in self._streams.values():
                if stream.readers is not None and stream.readers != stream.readers_told:
                    stream.readers_told = stream.readers
                    stream.tell(presence_frame(stream.readers))


async def _may_guests_join(question: tuple[StreamKind, str]) -> bool:
    streams, key = question
    may_join: bool = await database_sync_to_async(streams.may_join)(AnonymousUser(), key)
    return may_join


async def _again_and_again(seconds: float, work: Callable[[], Awaitable[None]]) -> None:
    while True:
        await asyncio.sleep(seconds)
        try:
            await work()
        except (RedisError, OSError) as error:
            log.warning("live upkeep failed for now", error=type(error).__name__)
        except Exception:
            # A fault of ours; the next round may do better, and a silent end of this task would do worse.
            log.exception("live upkeep failed")


_hub: Hub | None = None


def current_hub() -> Hub:
    """The hub of the running event loop; made when it is first needed."""
    global _hub
    if _hub is None or _hub.loop is not asyncio.get_running_loop():
        _hub = Hub()
    return _hub
