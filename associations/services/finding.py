"""What the search knows of the tree: every node but the blocks, by name, reading and towns."""

from collections.abc import Iterable, Sequence

from django.db import models
from django.urls import reverse
from django.utils import timezone

from associations.models import Association
from search import services as search
from search.kinds import PUBLIC, Entry

KIND = "association"
NODES_A_STATEMENT = 1000


def entries(after: int, limit: int) -> Sequence[Entry]:
    """The entries of the next ``limit`` nodes whose key is above ``after``, for the rebuild of the index."""
    return _entries(_findable().filter(pk__gt=after).order_by("pk")[:limit])


def index_nodes(keys: Iterable[int]) -> None:
    """Puts nodes into the index as they are now; call it in the transaction that changed them."""
    wanted = list(keys)
    for start in range(0, len(wanted), NODES_A_STATEMENT):
        some = wanted[start : start + NODES_A_STATEMENT]
        search.index(_entries(_findable().filter(pk__in=some)))


def _findable() -> models.QuerySet[Association]:
    # Every association has a block 1; finding 1,346 of them helps nobody.
    nodes: models.QuerySet[Association] = Association.objects.exclude(kind=Association.Kind.BLOCK)
    return nodes.prefetch_related("towns")


def _entries(nodes: Iterable[Association]) -> Sequence[Entry]:
    now = timezone.now()
    return [
        Entry(
            kind=KIND,
            object_id=node.pk,
            title=node.name,
            text=" ".join([node.kana, *(f"{town.name} {town.kana}" for town in node.towns.all())]),
            url=reverse("associations:detail", args=[node.pk]),
            changed_at=now,
            audience=frozenset({PUBLIC}),
        )
        for node in nodes
    ]
