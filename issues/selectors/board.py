"""The list of issues, page by page."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from issues.models import Category, Stage, TaggedIssue
from issues.selectors.filters import ORDERS, Filters, Wanted, filters_from

PAGE_SIZE = 20
_COLUMNS = (
    "pk",
    "title",
    "question",
    "stage",
    "category_id",
    "posted_at",
    "active_at",
    "support_count",
    "heat",
    "awaits_answer",
    "has_official_answer",
)


class Card(NamedTuple):
    """An issue as a list shows it: plain values, so that two cards that look alike are equal.

    ``place`` and ``category`` are names in the language of the reader; ``tags`` are pairs of name and slug.
    """

    pk: int
    title: str
    question: str
    stage: str
    category: str
    place: str
    support_count: int
    post_count: int
    posted_at: datetime
    active_at: datetime
    awaits_answer: bool
    has_official_answer: bool
    tags: tuple[tuple[str, str], ...]

    @property
    def stage_label(self) -> str:
        """The stage in words."""
        return str(Stage(self.stage).label)


@dataclass(frozen=True)
class Page:
    """A piece of the list; ``following`` is the cursor of the next piece, empty at the end."""

    issues: Sequence[Card]
    following: str


def page_of_issues(wanted: Wanted, *, after: str = "", size: int | None = None) -> Page:
    """A page of the board in three queries: issues, their tags, all categories.

    Args:
        after: the cursor of a page, empty for the first.
        size: how many issues at most, :data:`PAGE_SIZE` if left out.

    Raises:
        DomainError: the cursor is none that we know.
    """
    size = size or PAGE_SIZE
    order = ORDERS[wanted.filters.order]
    found = wanted.in_order()
    if after:
        found = found.before(order, *_position(order, after))
    rows = list(
        found.values(*_COLUMNS, posts=F("thread__post_count"), place_name=F("place__name"))[
            : size + 1
        ]
    )
    more = len(rows) > size
    rows = rows[:size]
    following = _cursor(rows[-1][order], rows[-1]["pk"]) if more else ""
    return Page(cards(rows, categories=wanted.categories), following)


def cards(rows: Sequence[dict[str, Any]], *, categories: Sequence[Category]) -> Sequence[Card]:
    """Rows of issues with their tags, in one query."""
    names = {category.pk: str(category) for category in categories}
    tags: dict[int, list[tuple[str, str]]] = {}
    if rows:
        tagged = TaggedIssue.objects.filter(content_object__in=[row["pk"] for row in rows])
        for pk, name, slug in tagged.order_by("pk").values_list(
            "content_object_id", "tag__name", "tag__slug"
        ):
            tags.setdefault(pk, []).append((name, slug))
    return [
        Card(
            pk=row["pk"],
            title=row["title"],
            question=row["question"],
            stage=row["stage"],
            category=names[row["category_id"]],
            place=row["place_name"] or "",
            support_count=row["support_count"],
            post_count=row["posts"],
            posted_at=row["posted_at"],
            active_at=row["active_at"],
            awaits_answer=row["awaits_answer"],
            has_official_answer=row["has_official_answer"],
            tags=tuple(tags.get(row["pk"], ())),
        )
        for row in rows
    ]


def _cursor(value: Any, pk: int) -> str:
    text = value.isoformat() if isinstance(value, datetime) else value
    return base64.urlsafe_b64encode(json.dumps([text, pk]).encode()).decode().rstrip("=")


def _position(order: str, cursor: str) -> tuple[Any, int]:
    try:
        value, pk = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if order.endswith("_at"):
            value = datetime.fromisoformat(value)
            if value.tzinfo is None or not 1970 < value.year < 2200:
                raise ValueError("no moment of this board")
        elif isinstance(value, bool) or not isinstance(value, int | float):
            raise ValueError("no number")
        elif order == "support_count":
            # A counter holds no fraction, and no database a number without end.
            value = _whole(value, below=2**31)
        elif not -1e9 < value < 1e9:
            raise ValueError("no heat")
        pk = _whole(pk, below=2**63)
    except (ValueError, TypeError, binascii.Error, OverflowError, RecursionError) as error:
        raise DomainError(
            _("This page of the list does not exist. Please start from its beginning.")
        ) from error
    return value, pk


def _whole(number: Any, *, below: int) -> int:
    if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number < below:
        raise ValueError("no whole number")
    return number


__all__ = [
    "PAGE_SIZE",
    "Card",
    "Filters",
    "Page",
    "Wanted",
    "cards",
    "filters_from",
    "page_of_issues",
]
