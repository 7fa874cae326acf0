"""Issues on a map: single pins where there are few, rings with a number where there are many."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

from django.db.models import Avg, Count, FloatField, Min
from django.db.models.functions import Cast, Floor
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from issues.models import Issue
from issues.querysets import IssueQuerySet
from issues.selectors.filters import Wanted

# More single pins than this make a phone slow, and nobody can press them.
MOST_PINS = 400
# The box is cut into so many fields each way; a field with several issues is one ring.
FIELDS = 12


@dataclass(frozen=True)
class Box:
    """A part of the map, in degrees."""

    west: float
    south: float
    east: float
    north: float


@dataclass(frozen=True)
class Spot:
    """A place on the map: one issue (``pk`` and ``title`` are set), or ``count`` issues around it."""

    latitude: float
    longitude: float
    count: int
    pk: int = 0
    title: str = ""


JAPAN = Box(west=122, south=20, east=154, north=46)


def box_from(query: Mapping[str, str]) -> Box:
    """The part of the map that an address asks for: ``bbox=west,south,east,north``; all of Japan if it says none.

    Raises:
        DomainError: it is no part of the earth.
    """
    if "bbox" not in query:
        return JAPAN
    try:
        west, south, east, north = (float(text) for text in query.get("bbox", "")[:120].split(","))
    except ValueError as error:
        raise DomainError(_("Please ask for a smaller part of the map.")) from error
    if not (
        all(isfinite(degrees) for degrees in (west, south, east, north))
        and -180 <= west < east <= 180
        and -90 <= south < north <= 90
    ):
        raise DomainError(_("Please ask for a smaller part of the map."))
    return Box(west, south, east, north)


def spots_in(wanted: Wanted, box: Box) -> Sequence[Spot]:
    """What stands on this part of the map: at most 400 places, in at most three queries, whatever the amount."""
    found = wanted.issues().filter(
        latitude__gte=_degrees(box.south),
        latitude__lte=_degrees(box.north),
        longitude__gte=_degrees(box.west),
        longitude__lte=_degrees(box.east),
    )
    rows: list[tuple[int, str, Any, Any]] = list(
        found.order_by().values_list("pk", "title", "latitude", "longitude")[: MOST_PINS + 1]
    )
    if len(rows) <= MOST_PINS:
        return [
            Spot(float(latitude), float(longitude), 1, pk, title)
            for pk, title, latitude, longitude in rows
        ]
    return _thinned(found, box)


def _thinned(found: IssueQuerySet, box: Box) -> Sequence[Spot]:
    fields: list[Any] = list(
        found.annotate(
            column=Floor(
                (Cast("longitude", FloatField()) - box.west) * (FIELDS / (box.east - box.west))
            ),
            row=Floor(
                (Cast("latitude", FloatField()) - box.south) * (FIELDS / (box.north - box.south))
            ),
        )
        .order_by()
        .values("column", "row")
        .annotate(count=Count("pk"), middle=Avg("latitude"), across=Avg("longitude"), one=Min("pk"))
        .values("count", "middle", "across", "one")
    )
    alone = [field["one"] for field in fields if field["count"] == 1]
    titles = dict(Issue.objects.filter(pk__in=alone).values_list("pk", "title")) if alone else {}
    return [
        Spot(
            round(float(field["middle"]), 5),
            round(float(field["across"]), 5),
            field["count"],
            field["one"] if field["count"] == 1 else 0,
            titles.get(field["one"], "") if field["count"] == 1 else "",
        )
        for field in fields
    ]


def _degrees(value: float) -> str:
    """As the columns hold it: five decimals, about one metre."""
    return f"{value:.5f}"
