"""How services tell the web processes: events that were written, permissions that were taken back.

Nothing here can fail the act that calls it. Whatever does not get through Redis is found in the database, by the
web processes' regular look and by the number that every client keeps.
"""

from collections.abc import Iterable
from functools import cache, partial
from hashlib import sha256
from typing import Any

import redis
import structlog
from django.conf import settings
from django.contrib.auth.signals import user_logged_out
from django.db import transaction
from django.dispatch import receiver
from redis.backoff import NoBackoff
from redis.retry import Retry

from core.live.registry import KEY, Event, kind_of
from core.live.wire import CHANNEL, Note, events_note

log = structlog.get_logger("yoriai.live")

SECONDS_FOR_REDIS = 0.5


def publish(kind: str, key: str, events: Iterable[Event]) -> None:
    """Shows events to everybody who follows the stream, as soon as the transaction has committed.

    A service calls this in the transaction in which it writes the events, with the frames that
    ``events_after`` would give for them.

    Args:
        kind: under which the room has registered its streams.
        key: which of them.
        events: what was written, in order and without a gap.

    Raises:
        ValueError: there is no such kind, the key has odd characters, the events have a gap, or a frame is not JSON.
        TypeError: a frame is not JSON.
    """
    _require(kind, key)
    listed = list(events)
    if listed:
        # Encoded here, where a frame that is not JSON still stops the act: once written, nobody could read it.
        _after_commit(events_note(kind, key, listed))


def withdraw(kind: str, key: str, user_ids: Iterable[int] | None = None) -> None:
    """Asks again, once the transaction has committed, who may still follow the stream; closes the others' sockets.

    Args:
        user_ids: of accounts that lost the permission; ``None`` if it may be anybody, guests included.

    Raises:
        ValueError: there is no such kind, or the key has odd characters.
    """
    _require(kind, key)
    names = None if user_ids is None else tuple(str(user_id) for user_id in user_ids)
    if names != ():
        _after_commit(Note("withdrawn", kind, key, names=names or ()))


def withdraw_person(user_id: int) -> None:
    """Asks again about every socket of one account: it was closed, or belongs to a group no longer."""
    _after_commit(Note("person", names=(str(user_id),)))


def end_session(session_key: str) -> None:
    """Closes every socket of a session that has ended. Signing out does this by itself."""
    _after_commit(Note("session", names=(session_digest(session_key),)))


def session_digest(session_key: str) -> str:
    """What processes call a session among themselves, as its key would open the door to whoever reads along."""
    return sha256(f"live:{session_key}".encode()).hexdigest()


@receiver(user_logged_out)
def close_the_sockets_of_who_signs_out(request: Any, **kwargs: Any) -> None:
    session = getattr(request, "session", None)
    if session is not None and session.session_key:
        end_session(session.session_key)


def _require(kind: str, key: str) -> None:
    if kind_of(kind) is None or not KEY.match(key):
        raise ValueError(f"there is no stream {kind!r} {key!r}")


def _after_commit(note: Note) -> None:
    transaction.on_commit(partial(_send, note.encode()))


def _send(text: str) -> None:
    try:
        _redis().publish(CHANNEL, text)
    except (redis.RedisError, OSError) as error:
        log.warning("a live note did not get through", error=type(error).__name__)


@cache
def _redis() -> redis.Redis:
    return redis.Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=SECONDS_FOR_REDIS,
        socket_connect_timeout=SECONDS_FOR_REDIS,
        # A connection that Redis has closed in the meantime is opened anew, once. Whoever waited for an answer
        # in vain does not wait again, since somebody's act waits with it.
        retry=Retry(NoBackoff(), 1, supported_errors=(redis.ConnectionError,)),
    )
