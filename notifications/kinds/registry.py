"""The list of all kinds and their categories."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models
from django.utils.functional import Promise

from accounts.models import User
from notifications.models import Channel

NAME = re.compile(r"[a-z]+\.[a-z_]+\Z")


@dataclass(frozen=True)
class Category:
    """A row of the page on which people choose; several kinds may belong to one.

    Args:
        slug: names it in the table of wishes.
        label: names it on the page.
        hint: says in one sentence what belongs to it.
        channels: on which channels it goes to whoever has chosen nothing.
        position: where it stands on the page.
    """

    slug: str
    label: str | Promise
    hint: str | Promise
    channels: frozenset[str] = frozenset({Channel.IN_APP})
    position: int = 50


@dataclass(frozen=True)
class Fact:
    """Something that happened, as its kind is asked to word it.

    Args:
        about: the row that it tells of, as it is now.
        actor: who did it; ``None`` for the system.
        context: small facts that the row does not say, as ``notify`` was given them.
        at: when, aware.
    """

    about: Any
    actor: User | None
    context: Mapping[str, Any]
    at: datetime


# By their keys, the rows of a kind's model, with all that wording and permission need: a flat number of queries.
Lookup = Callable[[Collection[int]], Mapping[int, Any]]


@dataclass(frozen=True)
class Kind:
    """One kind of notification.

    Args:
        name: ``room.what``.
        category: where people choose about it.
        model: of the row that it is about.
        find: fetches such rows by their keys.
        within: the thing that the row belongs to; the inbox groups by it and people mute it.
        may_see: may this person see it at this moment? Asked whenever it is shown or sent; no query for each person.
        headline: one line in the current language on so many facts of this kind within the same thing; the newest of
            them is given.
        detail: what there is to read of one fact, as plain text; may be empty.
        address: the path on this site where it can be seen.
        thread: the key of the live thread in which it can be read along, if there is one; who reads it right now gets
            no mail about it.
        transactional: cannot be refused, muted or put off to a summary, for example the offer of a seat.
        urgent: goes at once, at night too: safety messages only.
    """

    name: str
    category: Category
    model: type[models.Model]
    find: Lookup = field(repr=False)
    within: Callable[[Any], models.Model] = field(repr=False)
    may_see: Callable[[User, Any], bool] = field(repr=False)
    headline: Callable[[Fact, int], str] = field(repr=False)
    address: Callable[[Any], str] = field(repr=False)
    detail: Callable[[Fact], str] = field(repr=False, default=lambda fact: "")
    thread: Callable[[Any], str] | None = field(repr=False, default=None)
    transactional: bool = False
    urgent: bool = False

    @property
    def channels(self) -> frozenset[str]:
        """On which channels it goes to whoever has chosen nothing."""
        return self.category.channels


_kinds: dict[str, Kind] = {}


class UnknownKind(LookupError):
    """No room has registered a kind of this name."""


def register(*new: Kind) -> None:
    """Adds kinds; rooms call this when their app is ready.

    Raises:
        ValueError: a name is taken or malformed, a category is not the one of this slug that is known already, or
            an urgent kind can be refused.
    """
    for kind in new:
        same = {known.category.slug: known.category for known in _kinds.values()}
        if kind.name in _kinds or not NAME.match(kind.name):
            raise ValueError(f"{kind.name!r} cannot name a kind: it is taken or malformed")
        if same.get(kind.category.slug, kind.category) != kind.category:
            raise ValueError(f"there are two categories {kind.category.slug!r}")
        if kind.urgent and not kind.transactional:
            raise ValueError(f"{kind.name!r} is urgent: then nobody can refuse it")
        _kinds[kind.name] = kind


def get(name: str) -> Kind:
    """The kind of this name.

    Raises:
        UnknownKind: there is none.
    """
    try:
        return _kinds[name]
    except KeyError:
        raise UnknownKind(name) from None


def known() -> Mapping[str, Kind]:
    """Every kind by its name."""
    return dict(_kinds)


def categories() -> Sequence[Category]:
    """The categories of all kinds, in the order in which people are asked about them."""
    found = {kind.category.slug: kind.category for kind in _kinds.values()}
    return sorted(found.values(), key=lambda category: (category.position, category.slug))
