"""Bringing in what a city knows already, a whole tree or many households at once, with few statements.

An import adds what is missing and changes nothing that is there, so that it can be repeated, continued after
a break, and followed by a larger one. Names and labels say what is the same.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from django.db import transaction

from accounts.models import User
from accounts.services import open_accounts
from associations import rules
from associations.models import Association, Household, HouseholdMember, Town
from associations.querysets import STEP
from associations.services.finding import index_nodes
from associations.services.tree import lock_tree
from core import audit
from core.errors import Conflict, NotAllowed
from core.text import one_line

HOUSEHOLDS_A_TRANSACTION = 2000
ROWS_A_STATEMENT = 5000

Names = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TownOutline:
    """A town that an association covers; ``postal_code`` has seven digits."""

    name: str
    kana: str
    postal_code: str


@dataclass(frozen=True, slots=True)
class NodeOutline:
    """A node as it shall stand, with everything below it."""

    kind: str
    name: str
    kana: str = ""
    towns: Sequence[TownOutline] = ()
    children: Sequence["NodeOutline"] = ()


@dataclass(frozen=True, slots=True)
class HouseholdOutline:
    """A household as it shall stand; ``people`` are user names with their display names."""

    block_id: int
    label: str
    preference: str
    people: Mapping[str, str] = field(default_factory=dict)
    living_away: frozenset[str] = frozenset()
    # Whether the household itself has chosen how circulars arrive.
    has_said: bool = False


# A node's names from the top down, its parent, and what shall stand there.
_Place = tuple[Names, Association | None, NodeOutline]


@transaction.atomic
def import_tree(*, actor: User | None, outline: NodeOutline) -> dict[Names, int]:
    """Adds the nodes of a tree that are missing, each behind the children that its parent has already.

    Returns:
        The key of every node of the outline, found or new, by its names from the top down.

    Raises:
        NotAllowed: the actor may not change the tree.
        Conflict: a node of the outline stands where its kind may not stand.
        ValidationError: a name is empty or too long.
    """
    if not rules.may_change_tree(actor):
        raise NotAllowed
    lock_tree()
    tree = _Tree(outline.name)
    keys: dict[Names, int] = {}
    added: list[int] = []
    level: list[_Place] = [((), None, outline)]
    while level:
        new = [
            (tree.add(parent, wanted), wanted)
            for _, parent, wanted in level
            if tree.find(parent, wanted.name) is None
        ]
        Association.objects.bulk_create([node for node, _ in new], ROWS_A_STATEMENT)
        Town.objects.bulk_create(
            [_town_of(node, town) for node, wanted in new for town in wanted.towns],
            ROWS_A_STATEMENT,
        )
        added += [node.pk for node, _ in new]
        below: list[_Place] = []
        for names, parent, wanted in level:
            node = tree.find(parent, wanted.name)
            assert node is not None  # noqa: S101  (found, or added a few lines above)
            own_names = (*names, wanted.name)
            keys[own_names] = node.pk
            below += [(own_names, node, child) for child in wanted.children]
        level = below
    if added:
        Association.objects.bulk_update(tree.grown, ["numchild"], ROWS_A_STATEMENT)
        audit.record(
            actor=actor,
            act="associations.tree_imported",
            target=tree.find(None, outline.name),
            detail={"nodes": len(added)},
        )
        index_nodes(added)
    return keys


def import_households(*, actor: User | None, households: Iterable[HouseholdOutline]) -> int:
    """Registers the households that are missing, with accounts for their people, in chunks.

    Each chunk is a transaction: after a break the same call goes on where it stopped. A household that stands
    there already is left as it is, its people included. Somebody who has a home already keeps it.

    Returns:
        The number of households that are new.

    Raises:
        NotAllowed: the actor may not place households and people.
    """
    if not rules.may_change_tree(actor):
        raise NotAllowed
    remaining = iter(households)
    added = 0
    while chunk := list(islice(remaining, HOUSEHOLDS_A_TRANSACTION)):
        with transaction.atomic():
            added += _import_chunk(actor, chunk)
    return added


def _import_chunk(actor: User | None, chunk: list[HouseholdOutline]) -> int:
    blocks = {wanted.block_id for wanted in chunk}
    standing = set(
        Household.objects.present()
        .filter(block__in=blocks)
        .values_list("block_id", "label")
        .iterator()
    )
    missing = [wanted for wanted in chunk if (wanted.block_id, wanted.label) not in standing]
    if not missing:
        return 0
    households = Household.objects.bulk_create(
        [
            Household(
                block_id=wanted.block_id,
                label=wanted.label,
                preference=wanted.preference,
                preference_said=wanted.has_said,
            )
            for wanted in missing
        ],
        ROWS_A_STATEMENT,
    )
    people = {name: shown for wanted in missing for name, shown in wanted.people.items()}
    accounts = open_accounts(actor=actor, people=people)
    at_home = set(
        HouseholdMember.objects.present()
        .filter(person__in=accounts.known, lives_here=True)
        .values_list("person", flat=True)
    )
    HouseholdMember.objects.bulk_create(
        [
            HouseholdMember(
                household=household,
                person_id=accounts.keys[name],
                lives_here=name not in wanted.living_away,
            )
            for household, wanted in zip(households, missing, strict=True)
            for name in wanted.people
            if accounts.keys[name] not in at_home
        ],
        ROWS_A_STATEMENT,
    )
    audit.record(
        actor=actor,
        act="associations.households_imported",
        detail={"households": len(households), "people": len(people)},
    )
    return len(households)


class _Tree:
    """The nodes of one tree by parent and name, and the place behind each parent's last child."""

    def __init__(self, top: str) -> None:
        self._grown: dict[int, Association] = {}
        self._nodes: dict[tuple[str, str], Association] = {}
        self._last_steps: dict[str, int] = {}
        roots = Association.objects.filter(depth=1)
        root = roots.filter(name=top).first()
        for node in [*roots, *(Association.objects.below(root) if root else ())]:
            self._remember(node)
        self._stood_before = {node.pk for node in self._nodes.values()}

    @property
    def grown(self) -> list[Association]:
        """Nodes that stood before and have more children now."""
        return list(self._grown.values())

    def find(self, parent: Association | None, name: str) -> Association | None:
        return self._nodes.get((parent.path if parent else "", one_line(name)))

    def add(self, parent: Association | None, wanted: NodeOutline) -> Association:
        if not rules.may_stand_under(wanted.kind, parent.kind if parent else None):
            raise Conflict
        above = parent.path if parent else ""
        depth = parent.depth + 1 if parent else 1
        node = Association(
            kind=wanted.kind,
            name=wanted.name,
            kana=wanted.kana,
            depth=depth,
            numchild=len({one_line(child.name) for child in wanted.children}),
            path=Association._get_path(above, depth, self._last_steps.get(above, 0) + 1),
        )
        node.clean()
        node.prepare()
        node.clean_fields()
        if parent is not None and parent.pk in self._stood_before:
            parent.numchild += 1
            self._grown[parent.pk] = parent
        self._remember(node)
        return node

    def _remember(self, node: Association) -> None:
        above = node.path[:-STEP]
        self._nodes[above, node.name] = node
        step = node._get_lastpos_in_path()
        self._last_steps[above] = max(step, self._last_steps.get(above, 0))


def _town_of(node: Association, outline: TownOutline) -> Town:
    town = Town(
        association=node,
        name=outline.name,
        kana=outline.kana,
        postal_code=outline.postal_code,
    )
    town.prepare()
    return town
