"""What a room offers to be followed: kinds of streams, and the questions that the live layer asks about them."""

import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser

# Who reads along: a person, or a guest who has not signed in.
Reader = AbstractBaseUser | AnonymousUser

KIND = re.compile(r"[a-z][a-z0-9-]{0,31}\Z")
KEY = re.compile(r"[A-Za-z0-9_-]{1,64}\Z")


@dataclass(frozen=True)
class Event:
    """Something that happened in a stream.

    Attributes:
        seq: its number; the events of one stream are 1, 2, 3 … without a gap, in the order of their commits.
        frame: what readers are told, as JSON. Everybody who may join is told the same, so it holds nothing that is
            meant for one of them only.
    """

    seq: int
    frame: dict[str, Any]


class StreamKind(ABC):
    """The streams of one kind, for example all threads. A room implements it over its own tables.

    All three are asked in a thread with a database connection. A key comes from the address and may be any text
    that :data:`KEY` matches.
    """

    @abstractmethod
    def may_join(self, user: Reader, key: str) -> bool:
        """May this person, or guest, follow the stream? ``False`` also if there is none."""

    @abstractmethod
    def events_after(self, key: str, seq: int, limit: int) -> Sequence[Event]:
        """The events whose number is above ``seq``, in order, at most ``limit`` of them."""

    @abstractmethod
    def last_seq(self, key: str) -> int:
        """The number of the newest event; 0 if nothing has happened yet."""


_kinds: dict[str, StreamKind] = {}


def register(kind: str, streams: StreamKind) -> None:
    """Opens ``/live/<kind>/…``; rooms call this when their app is ready.

    Raises:
        ValueError: the name is taken, or is not made of a to z, 0 to 9 and hyphens.
    """
    if not KIND.match(kind) or kind in _kinds:
        raise ValueError(
            f"{kind!r} cannot name a kind of stream: it is taken or has odd characters"
        )
    _kinds[kind] = streams


def kind_of(name: str) -> StreamKind | None:
    """The kind that was registered under this name."""
    return _kinds.get(name)
