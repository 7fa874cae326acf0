"""The list of issues: filters, orders, pages."""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from associations.models import Association
from core.errors import DomainError
from issues.models import Category, Issue, Stage
from issues.querysets import IssueQuerySet

PAGE_SIZE = 20
ORDERS = {"active": "active_at", "new": "posted_at", "supported": "support_count", "hot": "heat"}


@dataclass(frozen=True)
class Filters:
    """What a person is looking for; empty strings are no filter."""

    category: str = ""
    tag: str = ""
    stage: str = ""
    place: int | None = None
    unanswered: bool = False
    order: str = "active"


@dataclass(frozen=True)
class Page:
    """A piece of the list; ``following`` is the cursor of the next piece, empty at the end."""

    issues: Sequence[Issue]
    following: str


def page_of_issues(filters: Filters, *, after: str = "", size: int = PAGE_SIZE) -> Page:
    """A page of the board in three queries: issues, their tags, and the place that was asked for.

    Raises:
        DomainError: a filter or the cursor is none that we know.
    """
    order = ORDERS.get(filters.order)
    if order is None or (filters.stage and filters.stage not in Stage.values):
        raise DomainError(_("There is no such list. Please choose from the filters above."))
    found = _filtered(filters)
    if after:
        found = found.before(order, *_position(order, after))
    rows = list(
        found.select_related("category", "place", "author", "thread")
        .prefetch_related("tags")  # type: ignore[misc]  # taggit has no types
        .order_by(f"-{order}", "-pk")[: size + 1]
    )
    more = len(rows) > size
    rows = rows[:size]
    return Page(rows, _cursor(order, rows[-1]) if more else "")


def _filtered(filters: Filters) -> IssueQuerySet:
    found = Issue.objects.all()
    if filters.category:
        found = found.in_category(filters.category)
    if filters.stage:
        found = found.filter(stage=filters.stage)
    if filters.tag:
        found = found.tagged_with(filters.tag)
    if filters.unanswered:
        found = found.without_answer()
    if filters.place is not None:
        place = Association.objects.filter(pk=filters.place).first()
        found = found.within(place.path) if place else found.none()
    return found


def categories() -> Sequence[Category]:
    """The fields of issues that the city has opened."""
    return list(Category.objects.filter(is_active=True))


def _cursor(order: str, issue: Issue) -> str:
    value = getattr(issue, order)
    text = value.isoformat() if isinstance(value, datetime) else value
    return base64.urlsafe_b64encode(json.dumps([text, issue.pk]).encode()).decode().rstrip("=")


def _position(order: str, cursor: str) -> tuple[Any, int]:
    try:
        value, pk = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if order.endswith("_at"):
            value = datetime.fromisoformat(value)
            if value.tzinfo is None:
                raise ValueError("a moment without its zone")
        elif isinstance(value, bool) or not isinstance(value, int | float):
            raise ValueError("no number")
        if isinstance(pk, bool) or not isinstance(pk, int) or not 0 < pk < 2**63:
            raise ValueError("no key")
    except (ValueError, TypeError, binascii.Error, OverflowError) as error:
        raise DomainError(
            _("This page of the list does not exist. Please start from its beginning.")
        ) from error
    return value, pk


def filters_from(query: Mapping[str, str]) -> Filters:
    """The filters that an address asks for; unknown words are left to :func:`page_of_issues` to refuse."""
    place = query.get("place", "")
    return Filters(
        category=query.get("category", "")[:50],
        tag=query.get("tag", "")[:120],
        stage=query.get("stage", "")[:20],
        place=int(place) if place.isascii() and place.isdigit() and len(place) < 16 else None,
        unanswered=query.get("unanswered", "") == "1",
        order=query.get("order", "active") or "active",
    )
