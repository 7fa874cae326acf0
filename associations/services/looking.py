"""Noting who looks at names: the act of looking writes its row before anything is shown."""

from django.db import transaction

from accounts.models import User
from associations import rules
from associations.models import Association, Look
from core import audit
from core.errors import NotFound

LONGEST_OFFICE = 120


@transaction.atomic
def note_look(
    *,
    actor: User,
    node: Association,
    act: Look.Act,
    first_household: int | None = None,
    last_household: int | None = None,
) -> Look:
    """Notes that an officer is about to see names; whoever shows names calls this first.

    Args:
        node: the block or association whose people they see.
        first_household, last_household: keys of the first and last household on the page; the whole node if
            left out.

    Raises:
        NotFound: the actor may not see names there; to them it does not exist.
    """
    powers = rules.powers_at(actor, node)
    allowed = powers.approve if act == Look.Act.REQUESTS else powers.see_names
    if not allowed:
        raise NotFound
    office = "・".join(dict.fromkeys(f"{t.office.node.name} {t.office}" for t in powers.terms))
    look = Look.objects.create(
        node=node,
        by=actor,
        office=office[:LONGEST_OFFICE],
        act=act,
        first_household=first_household,
        last_household=last_household,
    )
    audit.record(
        actor=actor,
        act="associations.names_seen",
        target=node,
        detail={"what": str(act), "households": [first_household, last_household]},
    )
    return look
