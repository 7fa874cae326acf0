"""Who may do what with the tree, and what may stand where in it."""

from accounts.models import User
from associations.models import Association

Kind = Association.Kind

# What a node may stand under; None is the top of a tree. One association can run the platform for itself
# alone, and a block may be split. Districts and associations never stand inside their own kind: on that
# selectors.home_of relies.
MAY_STAND_UNDER: dict[str, frozenset[str | None]] = {
    Kind.CITY: frozenset({None}),
    Kind.DISTRICT: frozenset({None, Kind.CITY}),
    Kind.ASSOCIATION: frozenset({None, Kind.CITY, Kind.DISTRICT}),
    Kind.BLOCK: frozenset({Kind.ASSOCIATION, Kind.BLOCK}),
}


def may_change_tree(actor: User | None) -> bool:
    """May they found, add and move associations and place households? ``None`` is the system itself."""
    return actor is None or (actor.is_active and actor.is_superuser)


def may_stand_under(kind: str, parent_kind: str | None) -> bool:
    """May a node of ``kind`` stand under one of ``parent_kind``, or at the top for ``None``?"""
    return parent_kind in MAY_STAND_UNDER[kind]


def holds_households(kind: str) -> bool:
    """Do households stand under nodes of this kind?"""
    return kind == Kind.BLOCK
