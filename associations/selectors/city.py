"""What the city's staff see: how many households are where, and nobody's name."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.db.models.functions import Substr

from associations.models import Association, Figures, OfficeTerm
from associations.querysets import STEP, within
from associations.selectors.tree import checked_page
from core.times import tokyo_today

COLUMNS = ("households", "registered", "by_email", "by_line", "paper_only", "not_started")


@dataclass(frozen=True, slots=True)
class Row:
    """A district or an association with its counted households."""

    node: Association
    figures: dict[str, int] = field(default_factory=dict)
    associations: int = 0
    claimed: int = 0
    is_claimed: bool = False

    @property
    def share(self) -> int:
        """Registered households, in percent."""
        households = self.figures.get("households", 0)
        return round(100 * self.figures.get("registered", 0) / households) if households else 0


@dataclass(frozen=True, slots=True)
class CityPage:
    """A piece of the city's figures with the sums over all of it."""

    rows: Sequence[Row]
    total: Row | None
    following: str


def city_figures(*, after: str = "") -> CityPage:
    """The districts with the sums of their associations, in three queries.

    Raises:
        DomainError: the cursor is none.
    """
    nodes, following = checked_page(
        Association.objects.active().filter(kind=Association.Kind.DISTRICT), after=after
    )
    sums: dict[str, Any] = {}
    if nodes:
        depth = nodes[0].depth
        for row in (
            Figures.objects.filter(node__is_active=True)
            .values(path=Substr("node__path", 1, STEP * depth))
            .annotate(
                associations=Count("pk"),
                claimed=Count("pk", filter=Q(Exists(_senders()))),
                **{name: Sum(name) for name in COLUMNS},
            )
        ):
            sums[row["path"]] = row
    rows = [
        Row(
            node,
            figures={name: sums.get(node.path, {}).get(name, 0) for name in COLUMNS},
            associations=sums.get(node.path, {}).get("associations", 0),
            claimed=sums.get(node.path, {}).get("claimed", 0),
        )
        for node in nodes
    ]
    top = Association.objects.filter(depth=1).order_by("path").first()
    total = (
        Row(
            top,
            figures={name: sum(row[name] for row in sums.values()) for name in COLUMNS},
            associations=sum(row["associations"] for row in sums.values()),
            claimed=sum(row["claimed"] for row in sums.values()),
        )
        if top
        else None
    )
    return CityPage(rows, total, following)


def district_figures(district: Association, *, after: str = "") -> CityPage:
    """The associations of a district with their figures, in two queries.

    Raises:
        DomainError: the cursor is none.
    """
    nodes, following = checked_page(
        Association.objects.active()
        .filter(within(district.path), kind=Association.Kind.ASSOCIATION)
        .select_related("figures")
        .annotate(is_claimed=Exists(_senders())),
        after=after,
    )
    sums = Figures.objects.filter(within(district.path, field="node__path")).aggregate(
        **{name: Sum(name) for name in COLUMNS}
    )
    return CityPage(
        [
            Row(
                node,
                figures={name: getattr(_figures_of(node), name, 0) for name in COLUMNS},
                is_claimed=getattr(node, "is_claimed", False),
            )
            for node in nodes
        ],
        Row(district, figures={name: sums[name] or 0 for name in COLUMNS}),
        following,
    )


def _figures_of(node: Association) -> Figures | None:
    return node.figures if hasattr(node, "figures") else None


def _senders():  # type: ignore[no-untyped-def]
    return OfficeTerm.objects.in_force(tokyo_today()).filter(
        office__node=OuterRef("pk"), office__may_send=True
    )
