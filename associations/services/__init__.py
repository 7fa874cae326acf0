"""What may happen to the tree and its households. Every writer calls these, the demo city included."""

from associations.services.households import join_household, register_household
from associations.services.imports import (
    HouseholdOutline,
    NodeOutline,
    TownOutline,
    import_households,
    import_tree,
)
from associations.services.tree import add_block, cover_town, found_association, move_association

__all__ = [
    "HouseholdOutline",
    "NodeOutline",
    "TownOutline",
    "add_block",
    "cover_town",
    "found_association",
    "import_households",
    "import_tree",
    "join_household",
    "move_association",
    "register_household",
]
