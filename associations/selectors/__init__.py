"""What pages and other rooms ask of the tree, the households and the offices."""

from associations.selectors.tree import (
    PAGE_SIZE,
    Branch,
    Home,
    Named,
    Page,
    Part,
    PublicFacts,
    districts,
    home_of,
    households_under,
    node_with_above,
    parts_of,
    place_in_words,
    public_facts,
    register_part,
    search,
)

__all__ = [
    "PAGE_SIZE",
    "Branch",
    "Home",
    "Named",
    "Page",
    "Part",
    "PublicFacts",
    "districts",
    "home_of",
    "households_under",
    "node_with_above",
    "parts_of",
    "place_in_words",
    "public_facts",
    "register_part",
    "search",
]
