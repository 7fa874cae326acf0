"""The threads of the board as live streams: ``/live/thread/<key of the thread>/``."""

from collections.abc import Sequence

from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from core import live
from issues import rules
from issues.models import Thread
from issues.selectors.frames import frames_of
from issues.selectors.thread import events_after


class Threads(live.StreamKind):
    """A stream for each thread of an issue; guests may watch."""

    def may_join(self, user: live.Reader, key: str) -> bool:
        thread = _thread(key)
        reader = user if isinstance(user, User) else AnonymousUser()
        return thread is not None and rules.may_follow_live(reader, thread)

    def events_after(self, key: str, seq: int, limit: int) -> Sequence[live.Event]:
        thread = _thread(key)
        if thread is None:
            return []
        return frames_of(thread, events_after(thread, seq, limit=limit))

    def last_seq(self, key: str) -> int:
        thread = _thread(key)
        return thread.last_event if thread else 0


def _thread(key: str) -> Thread | None:
    # Keys come from outside; a number beyond the column's range would be an error of the database.
    if not (key.isascii() and key.isdigit() and len(key) < 16):
        return None
    return Thread.objects.select_related("issue").filter(pk=key).first()
