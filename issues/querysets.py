"""Named filters and orders of issues."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models.fields.tuple_lookups import Tuple, TupleLessThan

from associations.querysets import STEP, within
from core.text import fold

if TYPE_CHECKING:
    from associations.models import Association
    from issues.models import Issue  # noqa: F401  (named in the base class below)


def falls_after(order: str, value: Any, pk: int) -> models.Q:
    """A condition: after the row with this value and key, in a list that falls by ``order``, then by key.

    A comparison of rows: PostgreSQL goes to the place in the index, also in the middle of many equal values. SQLite
    needs the value alone for that, as it reads a comparison of rows only along an index that rises.
    """
    return models.Q(**{f"{order}__lte": value}) & models.Q(
        TupleLessThan(Tuple(order, "pk"), (value, pk))
    )


def places_around(place: "Association | None") -> models.Q:
    """A condition on associations: this one and all above it; nothing without a place."""
    path = place.path if place else ""
    ends = range(STEP, len(path) + 1, STEP)
    return models.Q(path__in=[path[:end] for end in ends])


class IssueQuerySet(models.QuerySet["Issue"]):
    """Issues, as lists ask for them.

    What keeps few issues (tag, skill, place) is a set of keys, which the database looks up first; what keeps many
    (category, stage, no answer yet) begins an index of its own in the order of the list.
    """

    def in_category(self, slug: str) -> "IssueQuerySet":
        return self.filter(category__slug=slug)

    def tagged_with(self, name: str) -> "IssueQuerySet":
        tagged = self._related("tagged").filter(tag__folded=fold(name))
        return self.filter(pk__in=tagged.values("content_object"))

    def with_tag(self, tag_pk: int) -> "IssueQuerySet":
        """As :meth:`tagged_with`, for a tag that is known: the database can tell how many there are."""
        return self.filter(
            pk__in=self._related("tagged").filter(tag=tag_pk).values("content_object")
        )

    def wanting_skills_of(self, person_pk: int) -> "IssueQuerySet":
        """Issues for which something would help that the person is good at."""
        wanting = self._related("wants").filter(skill__person_skills__person=person_pk)
        return self.filter(pk__in=wanting.values("issue"))

    def within(self, path: str) -> "IssueQuerySet":
        """Issues of the association at ``path`` of the delivery tree, and of all below it."""
        places = self._related("place")
        return self.filter(place__in=places.filter(within(path)).order_by().values("pk"))

    def without_answer(self) -> "IssueQuerySet":
        """Nobody has replied yet and the city has not answered."""
        return self.filter(awaits_answer=True)

    def before(self, order: str, value: datetime | int | float, pk: int) -> "IssueQuerySet":
        """What comes after the row with this value and key in a list that falls by ``order``, then by key."""
        return self.filter(falls_after(order, value, pk))

    def _related(self, name: str) -> Any:
        related: Any = self.model._meta.get_field(name).related_model
        return related._default_manager
