"""Questions that the tree and the households answer, each as one indexed range or look-up."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from treebeard.mp_tree import MP_Node, MP_NodeManager, MP_NodeQuerySet

from core.text import fold_address, postal_digits
from core.times import tokyo_midnight

if TYPE_CHECKING:
    from associations.models import Association

# A node's path is its parent's and one step more, each step a number of four characters to the base 36.
STEP: int = MP_Node.steplen
LAST_STEP = "Z" * STEP
# Deep enough for city, district, association, block and whatever stands between; a CHECK holds it.
DEEPEST = 10


def within(path: str, *, field: str = "path") -> Q:
    """The node at ``path`` and everything below it.

    A range of the index on both databases: SQLite uses no index for ``LIKE`` with ``ESCAPE``. The bound is
    made of letters that paths are made of, so that it holds under any collation.
    """
    return between(path, path, field=field)


def paths_to(path: str) -> list[str]:
    """The paths from the top of the tree down to ``path``, itself included."""
    return [path[:end] for end in range(STEP, len(path) + 1, STEP)]


def between(first: str, last: str, *, field: str = "path") -> Q:
    """The subtrees of all siblings from ``first`` to ``last``, both included."""
    return Q(**{f"{field}__gte": first, f"{field}__lte": last + LAST_STEP * (DEEPEST - 1)})


class AssociationQuerySet(MP_NodeQuerySet):
    """Nodes of the delivery tree."""

    def active(self) -> "AssociationQuerySet":
        """Those that exist today."""
        return self.filter(is_active=True)

    def below(self, node: "Association") -> "AssociationQuerySet":
        """Every node of the subtree under ``node``, at any depth, without the node itself."""
        return self.filter(within(node.path), depth__gt=node.depth)

    def children_of(self, node: "Association") -> "AssociationQuerySet":
        """The nodes directly under ``node``."""
        return self.filter(within(node.path), depth=node.depth + 1)

    def matching(self, query: str) -> "AssociationQuerySet":
        """Associations and districts whose name, reading, town or postal code contains ``query``."""
        digits = postal_digits(query)
        key = fold_address(query)
        towns = self.model._meta.get_field("towns").related_model._default_manager
        of_towns = (
            towns.filter(postal_code__startswith=digits)
            if digits
            else towns.filter(search_key__contains=key)
        )
        found = Q(pk__in=of_towns.values("association"))
        return self.filter(found if digits else found | Q(search_key__contains=key))

    def after(self, path: str) -> "AssociationQuerySet":
        """The rest of a list in the order of paths, behind the node that stood at ``path``."""
        return self.filter(path__gt=path).order_by("path")


class AssociationManager(MP_NodeManager.from_queryset(AssociationQuerySet)):  # type: ignore[misc]
    """The door to the tree; treebeard's own door with our questions added."""

    def get_queryset(self) -> AssociationQuerySet:
        return AssociationQuerySet(self.model, using=self._db).order_by("path")


class HouseholdQuerySet(models.QuerySet[Any]):
    """Households of the city."""

    def present(self) -> "HouseholdQuerySet":
        """Those that have not moved away."""
        return self.filter(left_at=None)

    def of_subtree(self, node: "Association") -> "HouseholdQuerySet":
        """Those of all blocks at or under ``node`` that have not moved away."""
        return self.present().filter(within(node.path, field="block__path"))


class HouseholdMemberQuerySet(models.QuerySet[Any]):
    """People's places in households."""

    def present(self) -> "HouseholdMemberQuerySet":
        """Those who have not left."""
        return self.filter(left_at=None)

    def of_subtree(self, node: "Association") -> "HouseholdMemberQuerySet":
        """Those in households at or under ``node``."""
        return self.present().filter(within(node.path, field="household__block__path"))


class OfficeTermQuerySet(models.QuerySet[Any]):
    """Terms of office."""

    def in_force(self, on: date) -> "OfficeTermQuerySet":
        """Those accepted and running on a day of Japan's calendar, of people whose account is open."""
        day_after = tokyo_midnight(on + timedelta(days=1))
        return self.filter(
            Q(ended_at=None) | Q(ended_at__gte=day_after),
            accepted_at__isnull=False,
            first_day__lte=on,
            last_day__gte=on,
            person__is_active=True,
        )

    def waiting(self) -> "OfficeTermQuerySet":
        """Nominations that nobody has answered yet."""
        return self.filter(accepted_at=None, declined_at=None, ended_at=None)


class LetterQuerySet(models.QuerySet[Any]):
    """Letters to households."""

    def live(self) -> "LetterQuerySet":
        """Those that still open a household; the constraint lets one a household be so."""
        return self.filter(revoked_at=None, closed_at=None)
