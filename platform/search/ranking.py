"""In which order hits stand.

A hit is as good as it is new, and some things make it count as newer than it is:

    points = when it changed
           + 3 years × share of the words that stand in its title
           + 2 years if its title is nothing but the words
           + 1 year  if there are several words and they stand next to each other somewhere
           + the head start of its kind

More points come first, then the newer, then the higher id. As time passes, hits keep their distance, so pages
and their cursors stay true. Both databases only say where each word stands; the sum is done here, in whole
microseconds, hence the same on both.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self

from search.queries import Query

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_YEAR = timedelta(days=365) // _MICROSECOND
_A_CURSOR = re.compile(r"(-?\d{1,18})\.(-?\d{1,18})\.(\d{1,18})\Z", re.ASCII)


@dataclass(frozen=True, order=True)
class Rank:
    """The place of a hit among all hits, the greater before the smaller; as text, the cursor of a page."""

    points: int
    changed: int
    id: int

    def __str__(self) -> str:
        return f"{self.points}.{self.changed}.{self.id}"

    @property
    def changed_at(self) -> datetime:
        """When the hit changed."""
        return _EPOCH + timedelta(microseconds=self.changed)

    @classmethod
    def read(cls, cursor: str) -> Self | None:
        """The rank that a cursor stands for; ``None`` if it is none of ours."""
        match = _A_CURSOR.match(cursor)
        if match is None:
            return None
        rank = cls(*map(int, match.groups()))
        try:
            rank.changed_at  # noqa: B018  (no calendar has the moment that somebody invented)
        except OverflowError:
            return None
        return rank


@dataclass(frozen=True)
class Found:
    """A hit as the database gives it.

    Args:
        words: for each word the first place where it stands in the folded title, line break and text; the
            first place is 1, and 0 means nowhere.
        together: the same for each of ``Query.together``.
    """

    id: int
    kind: str
    changed_at: datetime
    title_length: int
    words: Sequence[int]
    together: Sequence[int]


def newness(found: Found) -> Rank:
    """Where a hit stands if only its date counts."""
    changed = (found.changed_at - _EPOCH) // _MICROSECOND
    return Rank(changed, changed, found.id)


def rank(found: Found, query: Query, *, head_start: timedelta) -> Rank:
    """Where a hit stands by the formula above."""
    changed = (found.changed_at - _EPOCH) // _MICROSECOND
    in_title = sum(place <= found.title_length for place in found.words)
    points = changed + head_start // _MICROSECOND + 3 * _YEAR * in_title // len(found.words)
    whole, places = (
        (query.together, found.together) if query.together else (query.words, found.words)
    )
    if any(
        place == 1 and len(words) == found.title_length
        for words, place in zip(whole, places, strict=True)
    ):
        points += 2 * _YEAR
    if any(found.together):
        points += _YEAR
    return Rank(points, changed, found.id)
