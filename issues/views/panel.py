"""What stands above a list of issues: filters to choose, the chosen ones as chips, orders."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.template.loader import get_template
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from issues.models import Stage
from issues.selectors.filters import Filters, Wanted


@dataclass(frozen=True)
class Choice:
    """Something to press: words, where it leads, and whether it is what one sees now."""

    label: str
    address: str
    is_current: bool = False


@dataclass(frozen=True)
class Panel:
    """The choices above a list; ``chosen`` are the filters that are set, each leading to the list without it."""

    quick: Sequence[Choice]
    categories: Sequence[Choice]
    stages: Sequence[Choice]
    orders: Sequence[Choice]
    chosen: Sequence[Choice]
    all_off: str
    choose_place: str
    save: str
    feed: str
    map: str

    @cached_property
    def html(self) -> SafeString:
        """The panel as the page shows it."""
        # Django's templates give safe strings, whatever their signature says.
        return mark_safe(get_template("issues/panel.html").render({"panel": self}))  # noqa: S308


@dataclass(frozen=True)
class Names:
    """What the panel calls things: (slug, name, open for new issues) of the categories, the tag and the place."""

    categories: tuple[tuple[str, str, bool], ...]
    tag: str
    place: str


class Place:
    """Where a list stands: its address and the filter that belongs to the address itself, not to its query."""

    def __init__(self, path: str, *, fixed: str = "") -> None:
        self.path = path
        self.fixed = fixed

    def address(self, filters: Filters, **changes: Any) -> str:
        """The list with other filters; without the fixed one it is the board itself."""
        query = replace(filters, **changes).query()
        leaves = self.fixed and self.fixed in changes
        path = reverse("issues:index") if leaves else self.path
        if not leaves:
            query.pop(self.fixed, None)
        return with_query(path, query)


def with_query(path: str, query: dict[str, str]) -> str:
    """An address with its query, if there is any."""
    return f"{path}?{urlencode(query)}" if query else path


def panel_for(wanted: Wanted, place: Place) -> Panel:
    """The choices above this list. What is the same for everybody is made once: the panel knows no reader."""
    return _panel(wanted.filters, place.path, place.fixed, _names(wanted), get_language() or "")


def chosen(wanted: Wanted, place: Place) -> list[Choice]:
    """The filters that are set, in words, each with the address of the list without it."""
    return _chosen(wanted.filters, place, _names(wanted))


def _names(wanted: Wanted) -> Names:
    return Names(
        categories=tuple((one.slug, str(one), one.is_active) for one in wanted.categories),
        tag=wanted.tag.name if wanted.tag else wanted.filters.tag,
        place=wanted.place.name if wanted.place else "",
    )


@lru_cache(maxsize=1_000)
def _panel(filters: Filters, path: str, fixed: str, names: Names, language: str) -> Panel:
    place = Place(path, fixed=fixed)
    at = place.address
    return Panel(
        quick=[
            Choice(_("Near me"), with_query(reverse("issues:near"), _without_place(filters))),
            Choice(
                _("No answer yet"),
                at(filters, unanswered=not filters.unanswered),
                filters.unanswered,
            ),
            Choice(_("Needs my skills"), at(filters, skills=not filters.skills), filters.skills),
        ],
        categories=[
            Choice(_("All fields"), at(filters, category=""), not filters.category),
            *(
                Choice(name, at(filters, category=slug), filters.category == slug)
                for slug, name, is_active in names.categories
                if is_active
            ),
        ],
        stages=[
            Choice(_("All stages"), at(filters, stage=""), not filters.stage),
            *(
                Choice(str(label), at(filters, stage=value), filters.stage == value)
                for value, label in Stage.choices
            ),
        ],
        orders=[
            Choice(str(label), at(filters, order=order), filters.order == order)
            for order, label in _orders().items()
        ],
        chosen=_chosen(filters, place, names),
        all_off=reverse("issues:index"),
        choose_place=with_query(reverse("issues:near"), _without_place(filters) | {"choose": "1"}),
        save=with_query(reverse("issues:save_filter"), filters.query()),
        feed=with_query(reverse("issues:feed"), filters.query()),
        map=with_query(reverse("issues:map"), filters.query()),
    )


def _chosen(filters: Filters, place: Place, names: Names) -> list[Choice]:
    at = place.address
    words = {slug: name for slug, name, _is_active in names.categories}
    found = []
    if filters.category:
        found.append(Choice(words[filters.category], at(filters, category="")))
    if filters.tag:
        found.append(Choice(f"#{names.tag}", at(filters, tag="")))
    if filters.place is not None:
        found.append(Choice(names.place, at(filters, place=None)))
    if filters.stage:
        found.append(Choice(str(Stage(filters.stage).label), at(filters, stage="")))
    if filters.unanswered:
        found.append(Choice(_("No answer yet"), at(filters, unanswered=False)))
    if filters.skills:
        found.append(Choice(_("Needs my skills"), at(filters, skills=False)))
    return found


def _without_place(filters: Filters) -> dict[str, str]:
    return replace(filters, place=None).query()


def _orders() -> dict[str, str]:
    return {
        "active": _("Lately talked about"),
        "new": _("Newest"),
        "supported": _("Most supported"),
        "hot": _("Hot"),
    }
