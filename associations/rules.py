"""Who may do what with the tree, its households and offices. Every room asks here.

Powers come from terms of office in force today (Asia/Tokyo) and are computed when asked
(docs/adr/0013-offices-and-terms.md): each of these predicates costs one query, and none remembers anything.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from accounts.rules import is_city_staff
from associations.models import Association, Household, HouseholdMember, Office, OfficeTerm
from associations.querysets import paths_to, within
from core.times import tokyo_today

Kind = Association.Kind
Visitor = User | AnonymousUser

# What a node may stand under; None is the top of a tree. One association can run the platform for itself
# alone, and a block may be split. Districts and associations never stand inside their own kind: on that
# selectors.home_of relies.
MAY_STAND_UNDER: dict[str, frozenset[str | None]] = {
    Kind.CITY: frozenset({None}),
    Kind.DISTRICT: frozenset({None, Kind.CITY}),
    Kind.ASSOCIATION: frozenset({None, Kind.CITY, Kind.DISTRICT}),
    Kind.BLOCK: frozenset({Kind.ASSOCIATION, Kind.BLOCK}),
}


# The powers that an office of each kind has unless somebody decides otherwise: send, names, approve, manage.
USUAL_POWERS: dict[str, tuple[bool, bool, bool, bool]] = {
    Office.Kind.CHAIR: (True, True, True, True),
    Office.Kind.DEPUTY: (True, True, True, True),
    Office.Kind.TREASURER: (False, True, False, False),
    Office.Kind.BLOCK_LEADER: (True, True, True, False),
    Office.Kind.ICT: (True, True, True, False),
    Office.Kind.OTHER: (False, False, False, False),
}
# Offices of associations and blocks reach everything below them. Those of federations send to everything below
# too, but they see no names there and manage nothing: an association's people are its own.
REACH_DOWN = frozenset({Kind.ASSOCIATION, Kind.BLOCK})


@dataclass(frozen=True, slots=True)
class Powers:
    """What somebody may do at a node today, and by which terms."""

    send: bool = False
    see_names: bool = False
    approve: bool = False
    manage: bool = False
    terms: tuple[OfficeTerm, ...] = ()

    @property
    def any(self) -> bool:
        """Whether there is anything for which an officers' page is worth opening."""
        return self.send or self.see_names or self.approve or self.manage


NONE = Powers()


def offices_of(person: Visitor, *, on: date | None = None) -> list[OfficeTerm]:
    """The person's terms in force on a day, with office and node; today in Japan unless a day is given."""
    if not isinstance(person, User):
        return []
    return list(
        OfficeTerm.objects.in_force(on or tokyo_today())
        .filter(person=person)
        .select_related("office__node")
        .order_by("office__node__path", "pk")
    )


def powers_from(terms: Iterable[OfficeTerm], node: Association) -> Powers:
    """The powers that these terms give at ``node``; no query."""
    at = [
        term
        for term in terms
        if node.path.startswith(term.office.node.path) and term.office.node.is_active
    ]
    inside = [
        term for term in at if term.office.node_id == node.pk or term.office.node.kind in REACH_DOWN
    ]
    return Powers(
        send=any(term.office.may_send for term in at),
        see_names=any(term.office.may_see_names for term in inside),
        approve=any(term.office.may_approve for term in inside),
        manage=any(term.office.may_manage for term in inside),
        terms=tuple(at),
    )


def powers_at(person: Visitor, node: Association, *, on: date | None = None) -> Powers:
    """What the person may do at ``node`` on a day, today unless one is given; one query."""
    if not isinstance(person, User) or not person.is_active:
        return NONE
    terms = (
        OfficeTerm.objects.in_force(on or tokyo_today())
        .filter(person=person, office__node__path__in=paths_to(node.path))
        .select_related("office__node")
    )
    return powers_from(terms, node)


def may_send_circulars(person: Visitor, node: Association) -> bool:
    """Send to ``node`` and what stands below it: its officers, those above it, and city staff to any node."""
    return powers_at(person, node).send or _works_for_the_city(person)


def may_see_names(person: Visitor, node: Association) -> bool:
    """See who lives in the households of ``node``: officers of it or of what holds it, nobody else.

    Neither city staff nor administrators are anybody else's exception. Whoever shows names notes the look by
    ``associations.services.note_look`` in the same transaction.
    """
    return powers_at(person, node).see_names


def may_approve_members(person: Visitor, node: Association) -> bool:
    """Let people in, print letters, keep the list of households of ``node``."""
    return powers_at(person, node).approve


def may_manage_offices(person: Visitor, node: Association) -> bool:
    """Make offices at ``node``, name who holds them, end terms, name and add blocks."""
    return powers_at(person, node).manage


def may_see_figures(person: Visitor) -> bool:
    """Read the numbers of the whole city and hand out codes for claiming associations."""
    return _works_for_the_city(person)


def may_arrange(person: User | None, node: Association) -> bool:
    """Rename a node: whoever may change the tree, and who manages its offices."""
    return may_change_tree(person) or (person is not None and may_manage_offices(person, node))


def is_member(person: Visitor, node: Association) -> bool:
    """Whether the person belongs to a household at or under ``node``."""
    return isinstance(person, User) and bool(
        HouseholdMember.objects.of_subtree(node).filter(person=person).exists()
    )


def belongs_to(person: Visitor, household: Household) -> bool:
    """Whether the person belongs to this household now."""
    return isinstance(person, User) and bool(
        household.members.present().filter(person=person).exists()
    )


def senders_at(node: Association, *, on: date | None = None) -> set[int]:
    """Keys of the people who hold the power to send by an office of ``node`` itself."""
    return set(
        OfficeTerm.objects.in_force(on or tokyo_today())
        .filter(office__node=node, office__may_send=True)
        .values_list("person", flat=True)
    )


def is_claimed(node: Association) -> bool:
    """Whether somebody holds, or held, an office at or under the association: it has its own officers."""
    return bool(
        OfficeTerm.objects.filter(
            within(node.path, field="office__node__path"), accepted_at__isnull=False
        ).exists()
    )


def _works_for_the_city(person: Visitor) -> bool:
    return isinstance(person, User) and person.is_active and is_city_staff(person)


def may_change_tree(actor: User | None) -> bool:
    """May they found, add and move associations anywhere? ``None`` is the system itself."""
    return actor is None or (actor.is_active and actor.is_superuser)


def may_stand_under(kind: str, parent_kind: str | None) -> bool:
    """May a node of ``kind`` stand under one of ``parent_kind``, or at the top for ``None``?"""
    return parent_kind in MAY_STAND_UNDER[kind]


def holds_households(kind: str) -> bool:
    """Do households stand under nodes of this kind?"""
    return kind == Kind.BLOCK


def may_keep_households(actor: User | None, block: Association) -> bool:
    """Register households in a block and place people: the system, administrators, and who lets members in."""
    return may_change_tree(actor) or (actor is not None and may_approve_members(actor, block))
