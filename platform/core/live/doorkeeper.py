"""Asks again and again whether those who follow a stream still may, and closes the sockets of those who may not."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from importlib import import_module
from itertools import islice

import structlog
from channels.db import database_sync_to_async
from django.conf import settings
from django.contrib.auth import (
    BACKEND_SESSION_KEY,
    HASH_SESSION_KEY,
    SESSION_KEY,
    get_user_model,
    load_backend,
)
from django.contrib.auth.models import AnonymousUser
from django.db import Error as DatabaseFailure
from django.utils.crypto import constant_time_compare

from core.live.registry import Reader, kind_of
from core.live.viewer import Viewer
from core.live.wire import BROKEN, SESSION_ENDED, WITHDRAWN

log = structlog.get_logger("yoriai.live")

AT_ONCE = 50
SECONDS_UNTIL_ANOTHER_TRY = 2.0

Question = tuple[str, str, str]


class Doorkeeper:
    """Asks about one viewer after the other, so that a thousand questions at once take no more than one thread.

    Args:
        on_good: called with a viewer who was held and may stay.
    """

    def __init__(self, on_good: Callable[[Viewer], Awaitable[None]]) -> None:
        self._on_good = on_good
        # Sets that keep their order: whoever stands in the row does not join it again.
        self._urgent: dict[Viewer, None] = {}
        self._regular: dict[Viewer, None] = {}
        self._something = asyncio.Event()

    def ask_about(self, viewers: Iterable[Viewer], *, urgent: bool = False) -> None:
        """Puts a question for each of these viewers into the row; the urgent ones come first."""
        (self._urgent if urgent else self._regular).update(dict.fromkeys(viewers))
        self._something.set()

    async def run(self) -> None:
        """Asks until it is cancelled."""
        while True:
            await self._something.wait()
            row = self._urgent or self._regular
            if not row:
                self._something.clear()
                continue
            asked = list(islice(row, AT_ONCE))
            for viewer in asked:
                del row[viewer]
            try:
                await self._ask([viewer for viewer in asked if viewer.is_open])
            except DatabaseFailure as error:
                # Not closed and not let go on: whoever is held stays so, and without a database nothing new
                # can be written that the others might see.
                log.warning("permissions could not be asked for", error=type(error).__name__)
                row.update(dict.fromkeys(asked))
                await asyncio.sleep(SECONDS_UNTIL_ANOTHER_TRY)
            except Exception:
                # A fault in a room's rule must not leave doors open: they come back and are asked at the door.
                log.exception("permissions could not be asked for")
                for viewer in asked:
                    viewer.close(BROKEN)

    async def _ask(self, viewers: Sequence[Viewer]) -> None:
        questions = {viewer: _question(viewer) for viewer in viewers}
        answers = await _answers(frozenset(questions.values()))
        for viewer, question in questions.items():
            if code := answers[question]:
                viewer.close(code)
            elif viewer.held:
                viewer.held = False
                try:
                    await self._on_good(viewer)
                except BaseException:
                    viewer.held = True
                    raise


def _question(viewer: Viewer) -> Question:
    return viewer.kind, viewer.key, viewer.identity.session_key


@database_sync_to_async
def _answers(questions: Iterable[Question]) -> dict[Question, int]:
    return {question: _answer(*question) for question in questions}


def _answer(kind: str, key: str, session_key: str) -> int:
    """0 if all is well, else the code to close with."""
    user = user_of_session(session_key) if session_key else AnonymousUser()
    if user is None:
        return SESSION_ENDED
    streams = kind_of(kind)
    return 0 if streams is not None and streams.may_join(user, key) else WITHDRAWN


def user_of_session(session_key: str) -> Reader | None:
    """The person who is signed in with this session; ``None`` if it has ended or the account was closed.

    Django's and Channels' own functions may change or end the session while they look at it, which is good for a
    request and its cookie and would sign people out here.
    """
    session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    backend, user_id = session.get(BACKEND_SESSION_KEY), session.get(SESSION_KEY)
    if user_id is None or backend not in settings.AUTHENTICATION_BACKENDS:
        return None
    user = load_backend(backend).get_user(get_user_model()._meta.pk.to_python(user_id))
    if user is None:
        return None
    mark = session.get(HASH_SESSION_KEY, "")
    good = [user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()]
    return user if any(constant_time_compare(mark, one) for one in good) else None
