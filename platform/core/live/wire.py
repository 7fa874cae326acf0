"""What is written on the wires: frames to clients, and notes from process to process through Redis.

A note is text: a line of words that say what it is about, then for events one encoded frame a line. So a web process
hands the frames on without reading JSON.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

from core.live.registry import Event

PROTOCOL = 1
CHANNEL = "yoriai:live"

# Close codes. Below 4000 they are those of RFC 6455 and its registry.
NOT_TEXT = 1003
BROKEN = 1011
COME_BACK_LATER = 1013
MALFORMED = 4400
SESSION_ENDED = 4401
WITHDRAWN = 4403
NOT_FOUND = 4404
RELOAD = 4409
TOO_MANY = 4429


def encode(frame: dict[str, Any]) -> str:
    """JSON without blanks and line breaks.

    Raises:
        TypeError, ValueError: something in it is not JSON.
    """
    return json.dumps(frame, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def event_frame(event: Event) -> str:
    """One event as clients get it, by socket and by HTTP alike."""
    return encode({"type": "event", "seq": event.seq, "event": event.frame})


def hello_frame(*, last: int, readers: int | None, heartbeat: float) -> str:
    """The first frame of a connection."""
    return encode(
        {
            "type": "hello",
            "protocol": PROTOCOL,
            "last": last,
            "readers": readers,
            "heartbeat": heartbeat,
        }
    )


def heartbeat_frame(last: int) -> str:
    return encode({"type": "heartbeat", "last": last})


def presence_frame(readers: int) -> str:
    return encode({"type": "presence", "readers": readers})


def reload_frame(last: int) -> str:
    return encode({"type": "reload", "last": last})


def error_frame(code: str) -> str:
    return encode({"type": "error", "code": code})


@dataclass(frozen=True)
class Note:
    """What one process tells the others about a stream, a session or a person.

    Attributes:
        about: ``events``, ``readers`` and ``withdrawn`` name a stream in ``kind`` and ``key``; ``session`` is a
            session that has ended, ``person`` an account whose rights have changed.
        number: of the first event; how many read along.
        names: ids of accounts, or the digest of a session; empty stands for everybody.
        frames: encoded frames, numbered from ``number`` on.
    """

    about: Literal["events", "readers", "withdrawn", "session", "person"]
    kind: str = "-"
    key: str = "-"
    number: int = 0
    names: tuple[str, ...] = ()
    frames: Sequence[str] = ()

    def encode(self) -> str:
        head = " ".join((self.about, self.kind, self.key, str(self.number), ",".join(self.names)))
        return "\n".join((head, *self.frames))

    @classmethod
    def decode(cls, text: str) -> "Note":
        """Raises ``ValueError`` if no process of ours can have written it."""
        head, *frames = text.split("\n")
        about, kind, key, number, names = head.split(" ")
        if about not in ("events", "readers", "withdrawn", "session", "person"):
            raise ValueError(f"nobody knows a note about {about!r}")
        named = tuple(names.split(",")) if names else ()
        return cls(about, kind, key, int(number), named, frames)  # type: ignore[arg-type]


def events_note(kind: str, key: str, events: Iterable[Event]) -> Note:
    """Raises ``ValueError`` unless the events follow one another without a gap."""
    listed = list(events)
    if any(later.seq != sooner.seq + 1 for sooner, later in pairwise(listed)):
        raise ValueError("the events of one note follow one another without a gap")
    return Note("events", kind, key, listed[0].seq, frames=[event_frame(event) for event in listed])
