"""What officers see of their association: numbers for everybody in office, names only after the look is noted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from associations.models import (
    Association,
    Household,
    HouseholdMember,
    JoinRequest,
    Letter,
    Office,
    OfficeTerm,
    Passcode,
)
from associations.querysets import within
from core.errors import DomainError, NotFound
from core.times import tokyo_today

PAGE_SIZE = 50
# Fewer who may send circulars are a risk: one illness, and nothing goes out.
ENOUGH_SENDERS = 2
MOST_PEOPLE_FOUND = 6
EXPORT_CHUNK = 500


@dataclass(frozen=True, slots=True)
class BlockFigures:
    """A block and how many of its households are where."""

    block: Association
    households: int
    registered: int
    paper_only: int
    not_started: int
    with_letter: int


@dataclass(frozen=True, slots=True)
class Desk:
    """The officers' page of a node."""

    blocks: Sequence[BlockFigures]
    senders: int
    waiting_requests: int
    passcode: str

    @property
    def total(self) -> dict[str, int]:
        """The sums over the blocks."""
        names = ("households", "registered", "paper_only", "not_started", "with_letter")
        return {name: sum(getattr(block, name) for block in self.blocks) for name in names}

    @property
    def lacks_senders(self) -> bool:
        """Whether fewer than two people may send circulars."""
        return self.senders < ENOUGH_SENDERS


def desk_of(node: Association) -> Desk:
    """The officers' page in three queries, however many households there are."""
    now = timezone.now()
    letters = Letter.objects.live().filter(household=OuterRef("pk"), expires_at__gt=now)
    counted = {
        row["block"]: row
        for row in Household.objects.of_subtree(node)
        .annotate(is_registered=Exists(_members()), has_letter=Exists(letters))
        .values("block")
        .annotate(
            households=Count("pk"),
            registered=Count("pk", filter=Q(is_registered=True)),
            paper_only=Count("pk", filter=Q(preference="paper", preference_said=True)),
            not_started=Count("pk", filter=Q(is_registered=False, preference_said=False)),
            with_letter=Count("pk", filter=Q(has_letter=True, is_registered=False)),
        )
    }
    blocks = Association.objects.active().filter(within(node.path), kind=Association.Kind.BLOCK)
    names = ("households", "registered", "paper_only", "not_started", "with_letter")
    passcode = Passcode.objects.filter(node=node).values_list("code", flat=True).first()
    return Desk(
        blocks=[
            BlockFigures(block, *(counted.get(block.pk, {}).get(name, 0) for name in names))
            for block in blocks.order_by("path")
        ],
        senders=OfficeTerm.objects.in_force(tokyo_today())
        .filter(office__node=node, office__may_send=True)
        .values("person")
        .distinct()
        .count(),
        waiting_requests=JoinRequest.objects.filter(
            association=node, state=JoinRequest.State.WAITING
        ).count(),
        passcode=passcode or "",
    )


@dataclass(frozen=True, slots=True)
class Roster:
    """A piece of the list of a block's households; ``following`` is the cursor of the next piece."""

    households: Sequence[Household]
    following: str

    @property
    def first(self) -> int | None:
        return self.households[0].pk if self.households else None

    @property
    def last(self) -> int | None:
        return self.households[-1].pk if self.households else None


def roster_of(block: Association, *, after: str = "") -> Roster:
    """Households of a block with their people, in the order in which they were registered.

    Raises:
        DomainError: the cursor is none.
    """
    households = list(
        _with_people(Household.objects.present().filter(block=block, pk__gt=cursor(after)))[
            : PAGE_SIZE + 1
        ]
    )
    more = len(households) > PAGE_SIZE
    return Roster(households[:PAGE_SIZE], str(households[PAGE_SIZE - 1].pk) if more else "")


def household_for(pk: int) -> Household:
    """A household with its people and block.

    Raises:
        NotFound: there is none, or it has moved away.
    """
    found: Household | None = (
        _with_people(Household.objects.present().filter(pk=pk)).select_related("block").first()
    )
    if found is None:
        raise NotFound
    return found


def every_household(node: Association) -> Iterator[Household]:
    """All households at or under ``node`` with their people, a few hundred in memory at a time."""
    return _with_people(
        Household.objects.of_subtree(node).select_related("block"), "block__path", "pk"
    ).iterator(EXPORT_CHUNK)


def households_without_people(node: Association) -> list[Household]:
    """Those at or under ``node`` that nobody has joined and that have not asked for paper, in the order of blocks."""
    return list(
        Household.objects.of_subtree(node)
        .filter(~Exists(_members()))
        .exclude(preference=Household.Preference.PAPER, preference_said=True)
        .select_related("block")
        .order_by("block__path", "pk")
    )


def households_of_block(block: Association) -> QuerySet[Household]:
    """The households of one block, for choosing one of them."""
    found: QuerySet[Household] = (
        Household.objects.of_subtree(block).select_related("block").order_by("block__path", "pk")
    )
    return found


@dataclass(frozen=True, slots=True)
class OfficeRow:
    """An office with the terms that run, begin later, or wait for an answer."""

    office: Office
    running: Sequence[OfficeTerm]
    coming: Sequence[OfficeTerm]
    waiting: Sequence[OfficeTerm]


def offices_at(node: Association) -> list[OfficeRow]:
    """The offices of a node with their terms of today and later, in two queries."""
    today = tokyo_today()
    terms = Prefetch(
        "terms",
        OfficeTerm.objects.filter(declined_at=None, ended_at=None, last_day__gte=today)
        .select_related("person")
        .order_by("first_day", "pk"),
        to_attr="terms_from_today",
    )
    offices = Office.objects.filter(node=node).prefetch_related(terms).order_by("pk")
    return [
        OfficeRow(
            office=office,
            running=[t for t in _terms(office) if t.accepted_at and t.first_day <= today],
            coming=[t for t in _terms(office) if t.accepted_at and t.first_day > today],
            waiting=[t for t in _terms(office) if t.is_waiting],
        )
        for office in offices
    ]


def in_office(node: Association) -> list[OfficeTerm]:
    """Who holds an office of the node today; members may know."""
    return list(
        OfficeTerm.objects.in_force(tokyo_today())
        .filter(office__node=node)
        .select_related("office", "person")
        .order_by("office", "pk")
    )


def former_terms(node: Association) -> list[OfficeTerm]:
    """The last terms that have ended, for whoever manages the offices."""
    over = Q(last_day__lt=tokyo_today()) | ~Q(ended_at=None)
    return list(
        OfficeTerm.objects.filter(over, office__node=node, accepted_at__isnull=False)
        .select_related("office", "person")
        .order_by("-last_day", "-pk")[:PAGE_SIZE]
    )


def office_for(pk: int) -> Office:
    """An office with its node.

    Raises:
        NotFound: there is none.
    """
    found = Office.objects.select_related("node").filter(pk=pk, node__is_active=True).first()
    if found is None:
        raise NotFound
    return found


def term_for(pk: int) -> OfficeTerm:
    """A term with office, node and person.

    Raises:
        NotFound: there is none.
    """
    found: OfficeTerm | None = (
        OfficeTerm.objects.select_related("office__node", "person", "follows").filter(pk=pk).first()
    )
    if found is None:
        raise NotFound
    return found


def people_called(node: Association, words: str) -> list[User]:
    """Members of the association at or above ``node`` by user name, or by the name shown to others; a handful."""
    members = HouseholdMember.objects.of_subtree(node).values("person")
    named = Q(username=words.lower()) | Q(display_name=words)
    return list(
        User.objects.filter(named, pk__in=members, is_active=True).order_by("pk")[
            :MOST_PEOPLE_FOUND
        ]
    )


def requests_at(association: Association, *, after: str = "") -> tuple[list[JoinRequest], str]:
    """Requests that wait, the oldest first, and the cursor of the next piece.

    Raises:
        DomainError: the cursor is none.
    """
    found = list(
        JoinRequest.objects.filter(
            association=association, state=JoinRequest.State.WAITING, pk__gt=cursor(after)
        )
        .select_related("person")
        .order_by("pk")[: PAGE_SIZE + 1]
    )
    more = len(found) > PAGE_SIZE
    return found[:PAGE_SIZE], str(found[PAGE_SIZE - 1].pk) if more else ""


def request_for(pk: int) -> JoinRequest:
    """A request with its association and person.

    Raises:
        NotFound: there is none.
    """
    found = JoinRequest.objects.select_related("association", "person").filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def next_last_day(today: date) -> date:
    """The end of the fiscal year, 31 March, that lies at least three months ahead: when most officers change."""
    in_three_months = today + timedelta(days=90)
    this_year = date(in_three_months.year, 3, 31)
    return this_year if in_three_months <= this_year else date(in_three_months.year + 1, 3, 31)


def cursor(after: str) -> int:
    """The key behind which a piece of a list begins.

    Raises:
        DomainError: it is none.
    """
    if not after:
        return 0
    if not (after.isascii() and after.isdigit() and len(after) < 19):
        raise DomainError
    return int(after)


def _members():  # type: ignore[no-untyped-def]
    return HouseholdMember.objects.present().filter(household=OuterRef("pk"))


def _with_people(households: QuerySet[Household], *order: str) -> QuerySet[Household]:
    members = (
        HouseholdMember.objects.present().select_related("person").order_by("-lives_here", "pk")
    )
    letters = Letter.objects.live().filter(household=OuterRef("pk"), expires_at__gt=timezone.now())
    return (
        households.prefetch_related(Prefetch("members", members, to_attr="people_now"))
        .annotate(has_letter=Exists(letters))
        .order_by(*(order or ("pk",)))
    )


def _terms(office: Office) -> Sequence[OfficeTerm]:
    terms: Sequence[OfficeTerm] = office.terms_from_today  # type: ignore[attr-defined]
    return terms
