"""What the home page is made of: rooms say what waits for a person and what is new nearby.

A room registers its providers when its app is ready; the home page asks them all and knows none. A provider may
cost a flat number of queries, and returns at most a handful.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from core.rooms import Room

MOST_THAT_WAIT = 5
MOST_NEARBY = 5
_FAR_FUTURE = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Waiting:
    """Something that waits for the person. ``actions`` are (words, address) pairs, the main one first."""

    room: Room
    title: str
    note: str
    actions: tuple[tuple[str, str], ...]
    due: datetime | None = None


@dataclass(frozen=True)
class Nearby:
    """Something that moved near the person, or in the city for a guest."""

    room: Room
    title: str
    address: str
    note: str
    at: datetime


# The person is accounts.models.User, which stands above this floor.
Person = Any
_waiting: list[Callable[[Person], Iterable[Waiting]]] = []
_nearby: list[Callable[[Person | None], Iterable[Nearby]]] = []
_places: list[Callable[[Person], str]] = []


def register_waiting(provider: Callable[[Person], Iterable[Waiting]]) -> None:
    """Adds a room's answer to "what needs me now?"."""
    _waiting.append(provider)


def register_nearby(provider: Callable[[Person | None], Iterable[Nearby]]) -> None:
    """Adds a room's answer to "what is new nearby?"; ``None`` stands for a guest."""
    _nearby.append(provider)


def register_place(provider: Callable[[Person], str]) -> None:
    """Adds a room's answer to "where do I belong?"; an empty string is no answer."""
    _places.append(provider)


def waiting_for(person: Person) -> list[Waiting]:
    """At most five things that wait for the person, the most urgent first."""
    found = [item for provider in _waiting for item in provider(person)]
    return sorted(found, key=lambda item: item.due or _FAR_FUTURE)[:MOST_THAT_WAIT]


def nearby(person: Person | None) -> list[Nearby]:
    """At most five things that moved, the newest first."""
    found = [item for provider in _nearby for item in provider(person)]
    return sorted(found, key=lambda item: item.at, reverse=True)[:MOST_NEARBY]


def place_of(person: Person) -> str:
    """Where the person belongs, for example 石引2丁目町会・3班; empty if nobody knows."""
    return next((place for provider in _places if (place := provider(person))), "")
