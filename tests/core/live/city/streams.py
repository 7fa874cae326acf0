"""How the talk is followed: a hidden one by its members only."""

import time
from collections.abc import Sequence

from core.live import Event, Reader, StreamKind
from tests.core.live.city.models import Line, Talk


class Talks(StreamKind):
    def may_join(self, user: Reader, key: str) -> bool:
        talk = Talk.objects.filter(pk=key).first() if key.isdigit() else None
        if talk is None:
            return False
        time.sleep(talk.seconds_to_decide)
        return not talk.is_hidden or talk.members.filter(pk=user.pk).exists()

    def events_after(self, key: str, seq: int, limit: int) -> Sequence[Event]:
        lines = Line.objects.filter(talk_id=key, number__gt=seq).order_by("number")[:limit]
        return [Event(line.number, {"text": line.text}) for line in lines]

    def last_seq(self, key: str) -> int:
        return Talk.objects.get(pk=key).last
