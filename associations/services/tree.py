"""Founding, adding, renaming and moving nodes of the delivery tree.

Lock protocol: whoever changes the shape of the tree first locks the rows at its top, in the order of their
paths. A branch is moved by rewriting the paths below it, and a node that somebody adds there meanwhile
would be left behind. Changes are rare, so that one at a time is enough.
"""

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from treebeard.exceptions import InvalidMoveToDescendant

from accounts.models import User
from associations import rules
from associations.models import Association, AssociationChange, Town
from associations.querysets import DEEPEST, within
from associations.services.finding import index_nodes
from core import audit
from core.errors import Conflict, NotAllowed

NAME_TAKEN = _("There is one with this name here already. Please choose another name.")


@transaction.atomic
def found_association(
    *,
    actor: User | None,
    kind: Association.Kind,
    name: str,
    parent: Association | None = None,
    kana: str = "",
) -> Association:
    """Founds a federation or an association, or adds a block, as the last one under ``parent``.

    Args:
        actor: an administrator, or for a block who manages the offices of its parent; ``None`` for the system.
        kind: what it is; :data:`rules.MAY_STAND_UNDER` says under what it may stand.
        parent: ``None`` for the top of a tree.
        kana: how the name is read, in hiragana.

    Raises:
        NotAllowed: the actor may not change the tree.
        Conflict: the name is taken there, such a node may not stand there, or it would stand too deep.
        ValidationError: the name is empty or too long.
    """
    is_own_block = kind == Association.Kind.BLOCK and parent is not None
    if not (is_own_block and parent is not None and rules.may_arrange(actor, parent)):
        _ensure_may_change(actor)
    lock_tree()
    if parent is not None:
        parent = _current(parent)
    _ensure_may_stand_under(kind, parent)
    _ensure_not_too_deep(parent, height=0)
    node = Association(kind=kind, name=name, kana=kana)
    node.clean()
    node.prepare()
    node.clean_fields(exclude=["path", "depth", "numchild"])
    manager = Association.objects
    try:
        # In a savepoint, so that the caller's transaction survives a taken name.
        with transaction.atomic():
            if parent is None:
                manager.add_root(instance=node)
            else:
                manager.add_child(parent, instance=node)
    except IntegrityError as error:
        raise Conflict(NAME_TAKEN) from error
    audit.record(
        actor=actor,
        act="associations.founded",
        target=node,
        detail={"kind": kind, "parent": parent.pk if parent else None},
    )
    index_nodes([node.pk])
    return node


def add_block(
    *, actor: User | None, association: Association, name: str, kana: str = ""
) -> Association:
    """Adds a block (班) to an association or to a block that is split. Raises as :func:`found_association`."""
    return found_association(
        actor=actor, kind=Association.Kind.BLOCK, name=name, kana=kana, parent=association
    )


@transaction.atomic
def move_association(*, actor: User | None, node: Association, parent: Association) -> Association:
    """Puts a node, with all that stands below it, under another parent as its last child.

    Blocks are moved within their association by who manages its offices; everything else by administrators.

    Raises:
        NotAllowed: the actor may not change the tree.
        Conflict: the new parent stands below the node itself, such a node may not stand there, the name is
            taken there, or the branch would reach too deep.
    """
    lock_tree()
    node, parent = _current(node), _current(parent)
    if not _moves_inside(actor, node, parent):
        _ensure_may_change(actor)
    _ensure_may_stand_under(node.kind, parent)
    _ensure_not_too_deep(parent, height=_height_of(node))
    former = Association.objects.get_parent(node)
    try:
        with transaction.atomic():
            Association.objects.move(node, parent, pos="last-child")
    except InvalidMoveToDescendant as error:
        raise Conflict(_("A node cannot stand below itself.")) from error
    except IntegrityError as error:
        raise Conflict(NAME_TAKEN) from error
    AssociationChange.objects.create(
        node=node,
        act=AssociationChange.Act.MOVED,
        before=former.name if former else "",
        after=parent.name,
        by=actor,
    )
    audit.record(
        actor=actor,
        act="associations.moved",
        target=node,
        detail={"from": former.pk if former else None, "to": parent.pk},
    )
    return _current(node)


@transaction.atomic
def rename_association(
    *, actor: User | None, node: Association, name: str, kana: str = ""
) -> Association:
    """Gives a node another name; the former one stays on its page.

    Args:
        actor: an administrator, or who manages the offices of the node; ``None`` for the system itself.
        kana: how the name is read, in hiragana.

    Raises:
        NotAllowed: the actor may not rename it.
        Conflict: the name is taken beside it.
        ValidationError: the name is empty or too long.
    """
    if not rules.may_arrange(actor, node):
        raise NotAllowed
    lock_tree()
    node = _current(node)
    before = node.name
    node.name, node.kana = name, kana
    node.clean()
    node.clean_fields(exclude=["path", "depth", "numchild"])
    try:
        with transaction.atomic():
            node.save(update_fields=["name", "kana", "search_key"])
    except IntegrityError as error:
        raise Conflict(NAME_TAKEN) from error
    if node.name != before:
        AssociationChange.objects.create(
            node=node,
            act=AssociationChange.Act.RENAMED,
            before=before,
            after=node.name,
            by=actor,
        )
    audit.record(actor=actor, act="associations.renamed", target=node)
    index_nodes([node.pk])
    return node


@transaction.atomic
def cover_town(
    *, actor: User | None, association: Association, name: str, postal_code: str, kana: str = ""
) -> Town:
    """Notes that an association covers a town, or a part of it.

    Args:
        postal_code: seven digits without a hyphen.

    Raises:
        NotAllowed: the actor may not change the tree.
        ValidationError: no name, no postal code, or it is noted already.
    """
    _ensure_may_change(actor)
    town = Town(association=association, name=name, kana=kana, postal_code=postal_code)
    town.prepare()
    town.full_clean()
    town.save()
    audit.record(actor=actor, act="associations.town_covered", target=town)
    index_nodes([association.pk])
    return town


def lock_tree() -> None:
    """Holds every other change to the tree's shape off until this transaction ends."""
    list(
        Association.objects.select_for_update()
        .filter(depth=1)
        .order_by("path")
        .values_list("pk", flat=True)
    )


def _current(node: Association) -> Association:
    """The node as it stands now that the tree is locked."""
    found: Association | None = Association.objects.filter(pk=node.pk).first()
    if found is None:
        raise Conflict
    return found


def _moves_inside(actor: User | None, node: Association, parent: Association) -> bool:
    """A block that stays in its association, moved by who manages the offices of both places."""
    if actor is None or node.kind != Association.Kind.BLOCK:
        return False
    former = Association.objects.get_parent(node)
    return former is not None and all(
        rules.may_manage_offices(actor, place) for place in (former, parent)
    )


def _ensure_may_change(actor: User | None) -> None:
    if not rules.may_change_tree(actor):
        raise NotAllowed


def _ensure_may_stand_under(kind: str, parent: Association | None) -> None:
    if not rules.may_stand_under(kind, parent.kind if parent else None):
        raise Conflict(
            _("A node of this kind cannot stand there. Please choose another place for it.")
        )
    if parent is not None and not parent.is_active:
        raise Conflict(_("It is not active any more, so that nothing can be added to it."))


def _ensure_not_too_deep(parent: Association | None, *, height: int) -> None:
    if (parent.depth if parent else 0) + 1 + height > DEEPEST:
        raise Conflict(
            gettext(
                "The tree would become deeper than %(count)d levels. Please choose another place."
            )
            % {"count": DEEPEST}
        )


def _height_of(node: Association) -> int:
    """How many levels stand below the node."""
    deepest = Association.objects.filter(within(node.path)).aggregate(deepest=Max("depth"))
    return int(deepest["deepest"]) - node.depth
