"""The one connection of a web process on which Redis tells it what other processes have written."""

import asyncio
import random
from collections.abc import Callable

import structlog
from django.conf import settings
from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from core.live.wire import CHANNEL, Note

log = structlog.get_logger("yoriai.live")

SECONDS_TO_CONNECT = 2.0
# A connection that is silent for so long is asked for a sign of life, and given up after the same time again.
SECONDS_OF_SILENCE = 5.0
FIRST_DELAY, LONGEST_DELAY = 0.1, 2.0


class Relay:
    """Listens for notes as long as the process lives, and says when it has begun to listen, again and again.

    Whatever was said while it was not listening is lost: ``on_listening`` is the place to ask the database.

    Args:
        on_note: called with every note.
        on_listening: called whenever a subscription has come to stand.
    """

    def __init__(
        self, *, on_note: Callable[[Note], None], on_listening: Callable[[], None]
    ) -> None:
        self.is_listening = False
        self.commands = _client()  # for what the hub itself writes; connects when first used
        self._on_note, self._on_listening = on_note, on_listening

    async def run(self) -> None:
        """Listens until it is cancelled."""
        delay = FIRST_DELAY
        while True:
            try:
                await self._listen()
            except (RedisError, OSError, TimeoutError) as error:
                if self.is_listening:
                    log.warning("the live connection to redis broke", error=type(error).__name__)
                    delay = FIRST_DELAY
            except Exception:
                # A fault of ours in what a note set off: begin again, as the database knows what was missed.
                log.exception("the live connection to redis failed")
            finally:
                self.is_listening = False
            # Not all processes at the same moment.
            await asyncio.sleep(delay * random.uniform(0.5, 1))  # noqa: S311
            delay = min(delay * 2, LONGEST_DELAY)

    async def _listen(self) -> None:
        client = _client()
        try:
            async with asyncio.timeout(2 * SECONDS_TO_CONNECT):
                subscription = client.pubsub()
                await subscription.subscribe(CHANNEL)
                while await subscription.get_message(timeout=SECONDS_TO_CONNECT) is None:
                    pass  # the first message confirms the subscription
            self.is_listening = True
            self._on_listening()
            while True:
                await self._next(subscription)
        finally:
            await client.aclose()

    async def _next(self, subscription: PubSub) -> None:
        message = await subscription.get_message(timeout=SECONDS_OF_SILENCE)
        if message is None:
            await subscription.ping()
            message = await subscription.get_message(timeout=SECONDS_OF_SILENCE)
            if message is None:
                raise TimeoutError("redis gives no sign of life")
        if message["type"] == "message":
            try:
                note = Note.decode(message["data"].decode())
            except ValueError:
                log.warning("a live note that nobody can read was ignored")
                return
            self._on_note(note)


def _client() -> Redis:
    return Redis.from_url(
        settings.REDIS_URL,
        socket_connect_timeout=SECONDS_TO_CONNECT,
        socket_timeout=SECONDS_TO_CONNECT,
        # Reconnecting in silence would hide that something was missed.
        retry=Retry(NoBackoff(), 0),
    )
