"""What pages and other rooms ask of the tree, each answer in a flat number of queries."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import JSONObject, Substr

from accounts.models import User
from associations.models import (
    Association,
    AssociationChange,
    Household,
    HouseholdMember,
    Town,
)
from associations.querysets import DEEPEST, STEP, AssociationQuerySet, between, within
from core.errors import DomainError, NotFound

PAGE_SIZE = 50
MOST_CHANGES = 10

_A_PATH = re.compile(rf"(?:[0-9A-Z]{{{STEP}}}){{1,{DEEPEST}}}\Z")


@dataclass(frozen=True, slots=True)
class Branch:
    """A node in a list: what stands above it from the top down, and its member households if counted."""

    node: Association
    above: Sequence[Association] = ()
    households: int | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A piece of a list; ``following`` is the cursor of the next piece, empty at the end."""

    branches: Sequence[Branch]
    following: str


@dataclass(frozen=True, slots=True)
class PublicFacts:
    """What everybody may know of an association."""

    node: Association
    above: Sequence[Association]
    towns: Sequence[Town]
    households: int
    children: Page
    changes: Sequence[AssociationChange] = ()


@dataclass(frozen=True, slots=True)
class Named:
    """A node by its key and name."""

    pk: int
    name: str


@dataclass(frozen=True, slots=True)
class Home:
    """Where a person lives: household, block, and the association and district above it, if there are."""

    household: Household
    block: Association
    association: Named | None
    district: Named | None


@dataclass(frozen=True, slots=True)
class Part:
    """What a room above knows of an association: a few (words, address, note), and where there is more."""

    title: str
    entries: Sequence[tuple[str, str, str]]
    more: str
    address: str


_parts: list[Callable[[Association], Part | None]] = []


def register_part(provider: Callable[[Association], Part | None]) -> None:
    """Lets a room above add a part to the page of an association, in a flat number of queries."""
    if provider not in _parts:
        _parts.append(provider)


def parts_of(node: Association) -> list[Part]:
    """The parts of other rooms on the page of this association."""
    return [part for provider in _parts if (part := provider(node)) is not None]


def districts(*, after: str = "") -> Page:
    """District federations in the order in which they were added.

    Args:
        after: the cursor of a page, empty for the first.

    Raises:
        DomainError: the cursor is none.
    """
    found = Association.objects.active().filter(kind=Association.Kind.DISTRICT)
    nodes, following = checked_page(found, after=after)
    return Page([Branch(node) for node in nodes], following)


def search(query: str, *, after: str = "") -> Page:
    """Districts and associations whose name, reading, town or postal code contains ``query``.

    Args:
        query: what somebody typed, in any width or script; three digits or more are a postal code.
        after: the cursor of a page, empty for the first.

    Raises:
        DomainError: the cursor is none.
    """
    found = (
        Association.objects.active()
        .filter(kind__in=[Association.Kind.DISTRICT, Association.Kind.ASSOCIATION])
        .matching(query)
    )
    nodes, following = checked_page(found, after=after)
    above = _above(nodes)
    return Page(
        [Branch(node, above=[above[path] for path in _paths_above(node)]) for node in nodes],
        following,
    )


def public_facts(pk: int, *, after: str = "") -> PublicFacts:
    """What everybody may know of an association, with a page of its children.

    Args:
        after: the cursor of a page of children, empty for the first.

    Raises:
        NotFound: there is none, or it or something above it is not active any more.
        DomainError: the cursor is none.
    """
    node, above = node_with_above(pk)
    return PublicFacts(
        node=node,
        above=above,
        towns=list(node.towns.order_by("pk")),
        households=households_under(node),
        children=_children_of(node, after=after),
        changes=list(node.changes.order_by("-pk")[:MOST_CHANGES]),
    )


def node_with_above(pk: int) -> tuple[Association, list[Association]]:
    """A node and what stands above it from the top down.

    Raises:
        NotFound: there is none, or it or something above it is not active any more.
    """
    node = Association.objects.active().filter(pk=pk).first()
    if node is None:
        raise NotFound
    known = _above([node])
    above = [known[path] for path in _paths_above(node)]
    if not all(ancestor.is_active for ancestor in above):
        raise NotFound
    return node, above


def places_for(
    node: Association, above: Sequence[Association], *, everywhere: bool
) -> AssociationQuerySet:
    """Where a node may be moved to, but for what stands below itself.

    Args:
        above: what stands above the node now.
        everywhere: for administrators; otherwise only inside its association.
    """
    kinds = {
        Association.Kind.DISTRICT: [Association.Kind.CITY],
        Association.Kind.ASSOCIATION: [Association.Kind.CITY, Association.Kind.DISTRICT],
    }.get(Association.Kind(node.kind), [Association.Kind.ASSOCIATION, Association.Kind.BLOCK])
    places = Association.objects.active().filter(kind__in=kinds)
    if node.kind == Association.Kind.BLOCK or not everywhere:
        home = next((n for n in above if n.kind == Association.Kind.ASSOCIATION), above[-1])
        places = places.filter(within(home.path))
    found: AssociationQuerySet = places.exclude(within(node.path)).order_by("path")
    return found


def households_under(node: Association) -> int:
    """The number of member households of all blocks at or under ``node``."""
    return Household.objects.of_subtree(node).count()


def home_of(person: User) -> Home | None:
    """Where the person lives, in one query; for family living away, the household they belong to."""
    place: Any = (
        HouseholdMember.objects.present()
        .filter(person=person)
        .select_related("household__block")
        .annotate(
            association=_last_before_the_block(Association.Kind.ASSOCIATION),
            district=_last_before_the_block(Association.Kind.DISTRICT),
        )
        .order_by("-lives_here", "pk")
        .first()
    )
    if place is None:
        return None
    block = place.household.block
    return Home(
        household=place.household,
        block=block,
        association=_named_if_above(place.association, block),
        district=_named_if_above(place.district, block),
    )


def _last_before_the_block(kind: Association.Kind) -> Subquery:
    """The node of this kind above the block, if there is any above it: one step back in an index.

    Paths are in the order of reading, parents first, and such a node never stands inside its own kind.
    """
    before = Association.objects.filter(kind=kind, path__lt=OuterRef("household__block__path"))
    return Subquery(
        before.order_by("-path").values(node=JSONObject(pk="pk", name="name", path="path"))[:1]
    )


def _named_if_above(node: dict[str, Any] | None, block: Association) -> Named | None:
    if node is None or not block.path.startswith(node["path"]):
        return None
    return Named(pk=node["pk"], name=node["name"])


def place_in_words(person: User) -> str:
    """Where the person belongs, for example ``石引2丁目町会・3班``; empty if nowhere."""
    home = home_of(person)
    if home is None:
        return ""
    return "・".join([*([home.association.name] if home.association else []), home.block.name])


def checked_page(nodes: AssociationQuerySet, *, after: str) -> tuple[list[Association], str]:
    """A piece of a list of nodes in the order of paths, and the cursor of the next piece.

    Raises:
        DomainError: the cursor is none.
    """
    if after and not _A_PATH.match(after):
        raise DomainError
    found = list(nodes.after(after)[: PAGE_SIZE + 1])
    more = len(found) > PAGE_SIZE
    return found[:PAGE_SIZE], found[PAGE_SIZE - 1].path if more else ""


def _children_of(node: Association, *, after: str) -> Page:
    nodes, following = checked_page(Association.objects.active().children_of(node), after=after)
    if node.kind == Association.Kind.CITY or not nodes:
        # Counting by district reads every household of the city: too much for a page open to everybody.
        return Page([Branch(child) for child in nodes], following)
    counts = dict(
        Household.objects.filter(between(nodes[0].path, nodes[-1].path, field="block__path"))
        .values_list(Substr("block__path", 1, len(nodes[0].path)))
        .annotate(Count("pk"))
    )
    return Page([Branch(child, households=counts.get(child.path, 0)) for child in nodes], following)


def above_of(nodes: Sequence[Association]) -> dict[int, list[Association]]:
    """What stands above each node from the top down, by the node's key, in one query."""
    known = _above(nodes)
    return {
        node.pk: [known[path] for path in _paths_above(node) if path in known] for node in nodes
    }


def _paths_above(node: Association) -> list[str]:
    return [node.path[: STEP * depth] for depth in range(1, node.depth)]


def _above(nodes: Sequence[Association]) -> dict[str, Association]:
    """The ancestors of all ``nodes`` by their paths, in one query."""
    paths = {path for node in nodes for path in _paths_above(node)}
    return {node.path: node for node in Association.objects.filter(path__in=paths)}
