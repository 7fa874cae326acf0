"""The demo city: Kanazawa's real towns, districts as we divide them, and invented people.

``manage.py demo --scale city`` makes all of it; smaller scales take associations from the head of the plan.
"""

from collections.abc import Iterator, Sequence

import accounts.demo
from associations.demo import offices
from associations.demo.people import households_of
from associations.demo.plan import (
    FEDERATION_NAME,
    AssociationPlan,
    district_name,
    first_associations,
)
from associations.models import Association
from associations.services import (
    HouseholdOutline,
    NodeOutline,
    count_everything,
    import_households,
    import_offices,
    import_tree,
)
from core.demo import Scale
from core.times import tokyo_today

Kind = Association.Kind

FEDERATION = NodeOutline(Kind.CITY, FEDERATION_NAME, "かなざわしちょうかいれんごうかい")


def load(scale: Scale) -> str:
    """Adds the associations, households and people that are missing for a city of this size."""
    # Some of the demo accounts live here and must be able to sign in.
    accounts.demo.load(scale)
    plan = first_associations(scale.households)
    keys = import_tree(actor=None, outline=outline_of(plan))
    new = import_households(actor=None, households=_households(plan, keys))
    seats = import_offices(actor=None, offices=offices.offices_of(plan, keys, tokyo_today()))
    if new or seats:
        offices.begin_something(keys)
        count_everything()
    districts = len({association.district.name for association in plan})
    households = sum(association.households for association in plan)
    return (
        f"{districts} districts, {len(plan)} associations, "
        f"{households} households, {new} of them new"
    )


def outline_of(plan: Sequence[AssociationPlan]) -> NodeOutline:
    """The delivery tree of these associations, from the city federation down to the blocks."""
    by_district: dict[str, list[AssociationPlan]] = {}
    for association in plan:
        by_district.setdefault(association.district.name, []).append(association)
    return NodeOutline(
        FEDERATION.kind,
        FEDERATION.name,
        FEDERATION.kana,
        children=[
            NodeOutline(
                Kind.DISTRICT,
                district_name(associations[0]),
                f"{associations[0].district.kana}ちくちょうかいれんごうかい",
                children=[_outline_of_association(association) for association in associations],
            )
            for associations in by_district.values()
        ],
    )


def _outline_of_association(association: AssociationPlan) -> NodeOutline:
    return NodeOutline(
        Kind.ASSOCIATION,
        association.name,
        association.kana,
        towns=association.towns,
        children=[
            NodeOutline(Kind.BLOCK, block.name, f"{block.name.removesuffix('班')}はん")
            for block in association.blocks
        ],
    )


def _households(
    plan: Sequence[AssociationPlan], keys: dict[tuple[str, ...], int]
) -> Iterator[HouseholdOutline]:
    for association in plan:
        above = (FEDERATION.name, district_name(association), association.name)
        block_ids = {block.name: keys[*above, block.name] for block in association.blocks}
        yield from households_of(association, block_ids)
