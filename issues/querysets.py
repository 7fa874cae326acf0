"""Named filters and orders of issues."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models

from associations.querysets import within
from core.text import fold

if TYPE_CHECKING:
    from issues.models import Issue  # noqa: F401  (named in the base class below)


class IssueQuerySet(models.QuerySet["Issue"]):
    """Issues, as lists ask for them."""

    def in_category(self, slug: str) -> "IssueQuerySet":
        return self.filter(category__slug=slug)

    def tagged_with(self, name: str) -> "IssueQuerySet":
        return self.filter(tagged__tag__folded=fold(name))

    def within(self, path: str) -> "IssueQuerySet":
        """Issues of the association at ``path`` of the delivery tree, and of all below it."""
        return self.filter(within(path, field="place__path"))

    def without_answer(self) -> "IssueQuerySet":
        """Nobody has replied yet and the city has not answered."""
        return self.filter(thread__post_count=0, has_official_answer=False)

    def before(self, order: str, value: datetime | int | float, pk: int) -> "IssueQuerySet":
        """What comes after the row with this value and key in a list that falls by ``order``, then by key."""
        return self.filter(
            models.Q(**{f"{order}__lt": value}) | models.Q(**{order: value, "pk__lt": pk})
        )
