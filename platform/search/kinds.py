"""What can be found, and by whom: the rooms say it here when their apps are ready."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.utils.functional import Promise

# Keys that every room may give a document.
PUBLIC = "public"
SIGNED_IN = "signed-in"

Person = AbstractBaseUser | AnonymousUser


@dataclass(frozen=True)
class Entry:
    """Something that can be found, as its room describes it.

    Args:
        kind: the slug of a registered kind.
        object_id: the primary key of the room's row.
        title: its own title, which counts most; empty if it has none.
        text: what is searched and shown in part; the first 50,000 characters count.
        url: a path on this site.
        changed_at: aware; what the date on the results page says and newest-first goes by.
        audience: keys, one of which a reader must carry. With none, nobody finds it.
        parent_title: for things without a title of their own (a post): the title of what they stand in.
            It is shown, not searched, or else every post of a thread would be found for the thread's title.
    """

    kind: str
    object_id: int
    title: str
    text: str
    url: str
    changed_at: datetime
    audience: frozenset[str]
    parent_title: str = ""


Entries = Callable[[int, int], Sequence[Entry]]
Keys = Callable[[AbstractBaseUser], Iterable[str]]


@dataclass(frozen=True)
class Kind:
    """A kind of thing that can be found.

    Args:
        slug: names it in the address and in the index.
        label: names it on the page, in the plural.
        entries: ``entries(after, limit)`` gives the next entries by ``object_id``, for the rebuild.
        head_start: how much newer it counts than it is; for things that do not age, such as an association.
    """

    slug: str
    label: str | Promise
    entries: Entries = field(repr=False)
    head_start: timedelta = timedelta()


_kinds: dict[str, Kind] = {}
_keys: list[Keys] = []


def register(kind: Kind) -> None:
    """Adds a kind; rooms call this when their app is ready.

    Raises:
        ValueError: there is another kind of this name.
    """
    if kind.slug in _kinds:
        raise ValueError(f"there is a kind {kind.slug!r} already")
    _kinds[kind.slug] = kind


def register_keys(keys: Keys) -> None:
    """Adds a function that says which keys a signed-in person carries; it may ask a flat number of queries."""
    _keys.append(keys)


def registered() -> Sequence[Kind]:
    """Every kind, in the order in which the rooms stand."""
    return tuple(_kinds.values())


def get(slug: str) -> Kind | None:
    """The kind of this name, if there is one."""
    return _kinds.get(slug)


def keys_of(person: Person) -> frozenset[str]:
    """All keys that a reader carries."""
    if not person.is_authenticated:
        return frozenset({PUBLIC})
    return frozenset({PUBLIC, SIGNED_IN}.union(*(keys(person) for keys in _keys)))
