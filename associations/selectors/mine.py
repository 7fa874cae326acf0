"""What a person sees of their own household, offices and requests, and who looked at their name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Prefetch, Q

from accounts.models import User
from associations.models import (
    Association,
    Household,
    HouseholdMember,
    JoinRequest,
    Letter,
    Look,
    OfficeTerm,
)
from associations.querysets import paths_to
from associations.selectors.officers import cursor
from core.errors import NotFound
from core.times import tokyo_today

LOOKS_A_PAGE = 50
ENDS_SOON = timedelta(days=60)
SHOWN_AFTER_DECISION = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Place:
    """A household of mine, what stands above it from the top down, and who else is in it."""

    member: HouseholdMember
    household: Household
    above: Sequence[Association]
    others: Sequence[HouseholdMember]
    has_letter: bool

    @property
    def association(self) -> Association | None:
        """The association of the household, if it stands under one."""
        return next((n for n in self.above if n.kind == Association.Kind.ASSOCIATION), None)


def places_of(person: User) -> list[Place]:
    """The person's households, where they live first, in four queries."""
    people = HouseholdMember.objects.present().select_related("person").order_by("pk")
    live = Prefetch("household__letters", Letter.objects.live(), to_attr="live_letters")
    members = list(
        HouseholdMember.objects.present()
        .filter(person=person, household__left_at=None)
        .select_related("household__block")
        .prefetch_related(Prefetch("household__members", people, to_attr="people_now"), live)
        .order_by("-lives_here", "pk")
    )
    paths = {path for m in members for path in paths_to(m.household.block.path)}
    nodes = {node.path: node for node in Association.objects.filter(path__in=paths)}
    return [
        Place(
            member=member,
            household=member.household,
            above=[nodes[path] for path in paths_to(member.household.block.path) if path in nodes],
            others=[other for other in member.household.people_now if other.pk != member.pk],
            has_letter=bool(member.household.live_letters),
        )
        for member in members
    ]


def my_place(person: User, pk: int) -> HouseholdMember:
    """A place of mine.

    Raises:
        NotFound: it is none of this person's.
    """
    member: HouseholdMember | None = (
        HouseholdMember.objects.present()
        .filter(person=person, pk=pk, household__left_at=None)
        .select_related("household__block")
        .first()
    )
    if member is None:
        raise NotFound
    return member


def my_terms(person: User) -> list[OfficeTerm]:
    """Terms of the person that run, begin later, or wait for an answer."""
    return list(
        OfficeTerm.objects.filter(
            person=person, declined_at=None, ended_at=None, last_day__gte=tokyo_today()
        )
        .select_related("office__node", "named_by")
        .order_by("first_day", "pk")
    )


def my_requests(person: User) -> list[JoinRequest]:
    """The person's requests to join that wait or were declined."""
    shown = (JoinRequest.State.WAITING, JoinRequest.State.DECLINED)
    return list(
        JoinRequest.objects.filter(person=person, state__in=shown)
        .select_related("association")
        .order_by("-pk")[:LOOKS_A_PAGE]
    )


def my_request(person: User, pk: int) -> JoinRequest:
    """A request of mine.

    Raises:
        NotFound: it is none of this person's.
    """
    found = JoinRequest.objects.select_related("association").filter(person=person, pk=pk).first()
    if found is None:
        raise NotFound
    return found


def looks_at(person: User, *, after: str = "") -> tuple[list[Look], str]:
    """Who looked at the names of the person's households, the newest first, and the cursor of the next piece.

    Raises:
        DomainError: the cursor is none.
    """
    households = list(
        HouseholdMember.objects.present()
        .filter(person=person)
        .values_list("household", "household__block__path")
    )
    if not households:
        return [], ""
    paths = {path for _, block in households for path in paths_to(block)}
    by_path = dict(Association.objects.filter(path__in=paths).values_list("path", "pk"))
    concerns = Q()
    for key, block in households:
        nodes = [by_path[path] for path in paths_to(block) if path in by_path]
        on_the_page = Q(first_household=None) | Q(first_household__lte=key, last_household__gte=key)
        concerns |= Q(on_the_page, node__in=nodes)
    start = cursor(after)
    found = Look.objects.filter(concerns).exclude(act=Look.Act.REQUESTS)
    if start:
        found = found.filter(pk__lt=start)
    looks = list(found.select_related("by", "node").order_by("-pk")[: LOOKS_A_PAGE + 1])
    more = len(looks) > LOOKS_A_PAGE
    return looks[:LOOKS_A_PAGE], str(looks[LOOKS_A_PAGE - 1].pk) if more else ""


def what_we_know(person: User) -> dict[str, Any]:
    """Everything that this room holds about a person, for their archive."""
    looks, _ = looks_at(person)
    return {
        "households": list(
            HouseholdMember.objects.filter(person=person)
            .order_by("pk")
            .values(
                "household__label",
                "household__block__name",
                "household__preference",
                "lives_here",
                "joined_at",
                "left_at",
            )
        ),
        "offices": list(
            OfficeTerm.objects.filter(person=person)
            .order_by("pk")
            .values(
                "office__node__name",
                "office__kind",
                "office__title",
                "first_day",
                "last_day",
                "accepted_at",
                "declined_at",
                "ended_at",
            )
        ),
        "requests_to_join": list(
            JoinRequest.objects.filter(person=person)
            .order_by("pk")
            .values("association__name", "words", "made_at", "state", "answer")
        ),
        "who_looked": [
            {"at": look.at, "who": str(look.by or ""), "office": look.office, "what": look.act}
            for look in looks
        ],
    }
