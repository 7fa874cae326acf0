"""Where an issue may be: the districts, one's own association, and what a postal code leads to."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from accounts.models import User
from associations.models import Association, Town
from associations.selectors import home_of
from core.text import one_line, postal_digits

Choices = list[Any]


@dataclass(frozen=True)
class Places:
    """What the list of places offers.

    Args:
        towns: names of the towns of the postal code; empty if none was typed or nobody knows it.
        found: the associations of these towns.
        postal_code: seven digits, or empty.
    """

    mine: Sequence[tuple[int, str]]
    districts: Sequence[tuple[int, str]]
    towns: Sequence[str] = ()
    found: Sequence[tuple[int, str]] = ()
    postal_code: str = ""

    def as_choices(self, *, chosen: str = "") -> Choices:
        """For a select: first what the postal code found, then one's own, then the districts."""
        found = list(self.found)
        listed = {pk for pk, _name in [*found, *self.mine, *self.districts]}
        choices: Choices = []
        if chosen.isascii() and chosen.isdigit() and len(chosen) < 16 and int(chosen) not in listed:
            # Chosen by a postal code that is no longer in the form.
            node = Association.objects.filter(pk=int(chosen), is_active=True).first()
            choices += [(node.pk, node.name)] if node else []
        if found:
            label = f"{self.postal_code_in_words} {'、'.join(self.towns)}"
            choices.append((label, found))
        taken = {pk for pk, _name in found}
        choices += [place for place in self.mine if place[0] not in taken]
        own = {pk for pk, _name in self.mine}
        return choices + [place for place in self.districts if place[0] not in own | taken]

    @property
    def postal_code_in_words(self) -> str:
        """As it stands on envelopes: ``920-0935``."""
        return f"{self.postal_code[:3]}-{self.postal_code[3:]}" if self.postal_code else ""


def places_of(person: User, *, postal_code: str = "") -> Places:
    """The places that are offered to a person, in at most three queries.

    Args:
        postal_code: as typed, in any width; anything but seven digits finds nothing.
    """
    home = home_of(person)
    mine = (
        [(near.pk, near.name) for near in (home.association, home.district) if near] if home else []
    )
    districts = list(
        Association.objects.filter(kind=Association.Kind.DISTRICT, is_active=True)
        .order_by("path")
        .values_list("pk", "name")
    )
    digits = postal_digits(one_line(postal_code))
    if len(digits) != 7:
        return Places(mine, districts)
    towns = list(
        Town.objects.filter(postal_code=digits, association__is_active=True)
        .select_related("association")
        .order_by("association__path", "pk")
    )
    return Places(
        mine,
        districts,
        towns=list(dict.fromkeys(town.name for town in towns)),
        found=list(dict.fromkeys((town.association_id, town.association.name) for town in towns)),
        postal_code=digits,
    )
