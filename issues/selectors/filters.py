"""What a person is looking for on the board, as it stands in an address, and what it means."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from associations.models import Association
from core.errors import DomainError
from core.text import fold, one_line
from issues.models import Category, Issue, Stage, Tag
from issues.models.tags import LONGEST_TAG
from issues.querysets import IssueQuerySet

ORDERS = {"active": "active_at", "new": "posted_at", "supported": "support_count", "hot": "heat"}
# Of a tag: so few issues are faster found first and then put in order.
FEW = 2_000
_NO_SUCH_LIST = _("There is no such list. Please choose from the filters above.")


@dataclass(frozen=True)
class Filters:
    """What a person is looking for; what is empty is no filter.

    Attributes:
        category: the slug of a category.
        tag: a word in any spelling.
        stage: a value of ``Stage``.
        place: the key of an association; issues of all below it are meant too.
        unanswered: nobody has replied and the city has not answered.
        skills: something would help that the reader is good at.
        order: a key of :data:`ORDERS`.
    """

    category: str = ""
    tag: str = ""
    stage: str = ""
    place: int | None = None
    unanswered: bool = False
    skills: bool = False
    order: str = "active"

    def query(self) -> dict[str, str]:
        """The filters as they stand in an address, without those that are not set."""
        said = {
            "category": self.category,
            "tag": self.tag,
            "stage": self.stage,
            "place": str(self.place or ""),
            "unanswered": "1" if self.unanswered else "",
            "skills": "1" if self.skills else "",
            "order": self.order if self.order != "active" else "",
        }
        return {name: value for name, value in said.items() if value}

    @property
    def narrows(self) -> bool:
        """Whether anything is filtered at all; an order is no filter."""
        return replace(self, order="active") != Filters()


def filters_from(query: Mapping[str, str]) -> Filters:
    """The filters that an address asks for.

    Raises:
        DomainError: a word of the address means nothing; existence is for :class:`Wanted` to find out.
    """
    place, stage = query.get("place", ""), query.get("stage", "")
    order = query.get("order", "") or "active"
    tag = one_line(query.get("tag", ""))
    if (
        (place and not (place.isascii() and place.isdigit() and 0 < len(place) < 16))
        or (stage and stage not in Stage.values)
        or order not in ORDERS
        or len(tag) > LONGEST_TAG
        or len(query.get("category", "")) > 50
        or any(query.get(name, "") not in {"", "0", "1"} for name in ("unanswered", "skills"))
    ):
        raise DomainError(_NO_SUCH_LIST)
    return Filters(
        category=query.get("category", ""),
        tag=tag,
        stage=stage,
        place=int(place) if place else None,
        unanswered=query.get("unanswered") == "1",
        skills=query.get("skills") == "1",
        order=order,
    )


class Wanted:
    """Filters with what they name, read at most once: one query each for tag and place, one for all categories.

    Args:
        reader: whose skills are meant; ``None`` for a guest, whom no skill can find anything.

    Raises:
        DomainError: there is no such category or place.
    """

    def __init__(self, filters: Filters, *, reader: User | None) -> None:
        self.filters = filters
        self.reader = reader
        if filters.category and self.category is None:
            raise DomainError(_NO_SUCH_LIST)
        if filters.place is not None and self.place is None:
            raise DomainError(_NO_SUCH_LIST)

    @cached_property
    def categories(self) -> Sequence[Category]:
        """All fields of issues, also those that the city has closed for new ones."""
        return list(Category.objects.all())

    @cached_property
    def category(self) -> Category | None:
        """The category that was asked for."""
        return next((one for one in self.categories if one.slug == self.filters.category), None)

    @cached_property
    def tag(self) -> Tag | None:
        """The tag that was asked for; none if nobody has ever used the word."""
        folded = fold(self.filters.tag)
        return Tag.objects.filter(folded=folded).first() if folded else None

    @cached_property
    def place(self) -> Association | None:
        """The place that was asked for."""
        pk = self.filters.place
        return Association.objects.filter(pk=pk, is_active=True).first() if pk else None

    def in_order(self) -> IssueQuerySet:
        """All issues that pass, in the order that was asked for, then by key; both fall."""
        order = ORDERS[self.filters.order]
        # Few issues are put in order once found; walking through all in order until enough have the tag takes
        # PostgreSQL ten times as long, though it thinks otherwise. No index fits the idle expression.
        is_rare = self.tag is not None and self.tag.issue_count <= FEW
        key = Coalesce(order, order) if is_rare else F(order)
        return self.issues().order_by(key.desc(), "-pk")

    def issues(self) -> IssueQuerySet:
        """All issues that pass, in no order."""
        found: IssueQuerySet = Issue.objects.all()
        if self.category is not None:
            found = found.filter(category=self.category)
        if self.filters.stage:
            found = found.filter(stage=self.filters.stage)
        if self.filters.tag:
            found = found.with_tag(self.tag.pk) if self.tag else found.none()
        if self.filters.unanswered:
            found = found.without_answer()
        if self.filters.skills:
            found = found.wanting_skills_of(self.reader.pk) if self.reader else found.none()
        # What belongs to the whole city belongs to its federation too.
        if self.place is not None and self.place.kind != Association.Kind.CITY:
            found = found.within(self.place.path)
        return found
