"""Who holds office in the demo city, and what is going on there: a nomination, a request, a look at names."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import islice

from accounts.models import User
from associations.demo.chance import share
from associations.demo.people import households_of_block
from associations.demo.plan import (
    FEDERATION_NAME,
    PICTURED,
    AssociationPlan,
    BlockPlan,
    district_name,
)
from associations.models import Association, JoinRequest, Look, Office
from associations.services import (
    OfficeOutline,
    ask_to_join,
    make_office,
    name_successor,
    note_look,
    set_passcode,
)

Names = tuple[str, ...]

# The officers of these associations have not come yet: the city sends them a code.
CLAIMED = 0.8
NOT_CLAIMED = {"材木町南町会", "小立野2丁目町会"}
CHAIR_ALONE = {"石引4丁目町会"}
# Who of the demo accounts holds which office, by association and block; the chair stands at the association.
CHAIRS = {PICTURED: "kaicho"}
BLOCK_LEADERS = {(PICTURED, "3班"): "hancho"}


def offices_of(
    plan: Sequence[AssociationPlan], keys: Mapping[Names, int], today: date
) -> Iterator[OfficeOutline]:
    """Chairs, deputies, treasurers and block leaders of the associations that have come, for this fiscal year."""
    year = today.year if today.month >= 4 else today.year - 1
    first_day, last_day = date(year, 4, 1), date(year + 1, 3, 31)
    has_chair: set[Names] = set()
    for association in plan:
        if not is_claimed(association):
            continue
        top: Names = (FEDERATION_NAME,)
        district = (*top, district_name(association))
        own = (*district, association.name)
        people = [_some_people_in(association, block) for block in association.blocks]
        known = [names[0] for names in people if names]
        if not known:
            continue
        chair = CHAIRS.get(association.name, known[0])

        def seat(place: Names, kind: Office.Kind, username: str) -> OfficeOutline:
            return OfficeOutline(keys[place], kind, username, first_day, last_day)

        yield seat(own, Office.Kind.CHAIR, chair)
        if association.name not in CHAIR_ALONE and len(known) > 1:
            yield seat(own, Office.Kind.DEPUTY, known[1])
        if len(known) > 2:
            yield seat(own, Office.Kind.TREASURER, known[-1])
        for block, names in zip(association.blocks, people, strict=True):
            # Those who come first are busy with the association itself.
            leader = BLOCK_LEADERS.get((association.name, block.name), names[-1] if names else "")
            if leader:
                yield seat((*own, block.name), Office.Kind.BLOCK_LEADER, leader)
        for federation in (top, district):
            if federation not in has_chair:
                has_chair.add(federation)
                yield seat(federation, Office.Kind.CHAIR, known[0])


def is_claimed(association: AssociationPlan) -> bool:
    """Whether the officers of an association have taken over its page."""
    if association.name in NOT_CLAIMED:
        return False
    return association.number <= 8 or share("claimed", association.name) < CLAIMED


def begin_something(keys: Mapping[Names, int]) -> None:
    """What is going on in the association of the pictures; once."""
    association = Association.objects.filter(name=PICTURED).first()
    people = User.objects.in_bulk(["jumin", "kaicho", "coord"], field_name="username")
    if association is None or len(people) < 3 or hasattr(association, "passcode"):
        return
    chair = people["kaicho"]
    set_passcode(actor=chair, association=association)
    office = make_office(actor=chair, node=association, kind=Office.Kind.ICT)
    running = chair.office_terms.filter(office__node=association).get()
    name_successor(
        actor=chair,
        office=office,
        person=people["jumin"],
        first_day=running.first_day,
        last_day=running.last_day,
    )
    ask_to_join(
        actor=people["coord"],
        association=association,
        words="2班の角、浅野です。手紙をなくしました",
        source=JoinRequest.Source.ADDRESS,
    )
    block = Association.objects.children_of(association).get(name="3班")
    note_look(actor=chair, node=block, act=Look.Act.LIST)


def _some_people_in(association: AssociationPlan, block: BlockPlan) -> list[str]:
    """The first people of the first two households that are not on paper only."""
    reachable = (h for h in households_of_block(association, block, 0) if h.people)
    return [next(iter(household.people)) for household in islice(reachable, 2)]
