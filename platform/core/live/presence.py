"""How many read along: each web process counts its own, Redis adds them up.

A hash for each stream has one field for each process, with its count and the time of its last word, so that what a
dead process had counted runs out. Somebody with several pages open counts once in a process. Nothing depends on
these numbers, so losing them costs nothing.
"""

import os
import secrets
import time
from collections.abc import Iterable, Mapping

from redis.asyncio import Redis

from core.live.limits import limits
from core.live.viewer import Viewer
from core.live.wire import CHANNEL, Note

Key = tuple[str, str]


def people_among(viewers: Iterable[Viewer]) -> int:
    """How many people these sockets belong to; each guest's socket counts as one guest."""
    people, guests = set(), 0
    for viewer in viewers:
        if viewer.identity.user_id:
            people.add(viewer.identity.user_id)
        else:
            guests += 1
    return len(people) + guests


class Presence:
    """What this process has said about its own readers."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._me = f"{os.getpid()}-{secrets.token_hex(4)}"
        self._said: dict[Key, tuple[int, float]] = {}

    def forget_what_was_said(self) -> None:
        """Redis may have lost everything: say it all again."""
        self._said = {stream: (count, 0.0) for stream, (count, _) in self._said.items()}

    async def say(self, counts: Mapping[Key, int]) -> None:
        """Says what has changed, or was said long ago, and tells every process the new sums.

        Raises:
            RedisError: some of it was not said; the next call says it.
        """
        now = time.time()
        for stream in {**self._said, **counts}:
            count = counts.get(stream, 0)
            said, at = self._said.get(stream, (0, 0.0))
            if count != said or (count and now - at >= limits().presence_refresh):
                await self._say(stream, count, now)
                if count:
                    self._said[stream] = (count, now)
                else:
                    self._said.pop(stream, None)

    async def _say(self, stream: Key, count: int, now: float) -> None:
        name = f"{CHANNEL}:readers:{stream[0]}:{stream[1]}"
        pipeline = self._redis.pipeline(transaction=False)
        if count:
            pipeline.hset(name, self._me, f"{count} {now:.0f}")
            pipeline.expire(name, int(limits().presence_expiry))
        else:
            pipeline.hdel(name, self._me)
        pipeline.hgetall(name)
        counted = (await pipeline.execute())[-1]
        total = 0
        for process, word in counted.items():
            number, at = word.decode().split(" ")
            if now - float(at) < limits().presence_expiry:
                total += int(number)
            else:
                await self._redis.hdel(name, process)
        await self._redis.publish(CHANNEL, Note("readers", *stream, number=total).encode())
