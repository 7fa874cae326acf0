"""Registering households and giving people their places in them."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from associations import rules
from associations.models import Association, Household, HouseholdMember
from core import audit
from core.errors import Conflict, NotAllowed


@transaction.atomic
def register_household(
    *,
    actor: User | None,
    block: Association,
    label: str,
    preference: Household.Preference = Household.Preference.PAPER,
) -> Household:
    """Registers a household in a block.

    Args:
        actor: an administrator; ``None`` for the system itself.
        label: what officers call it, for example ``3班-12``; no name of a person.
        preference: how circulars arrive; paper until the household says otherwise.

    Raises:
        NotAllowed: the actor may not place households.
        Conflict: the label is taken in this block, or the node is no active block.
        ValidationError: the label is empty or too long.
    """
    if not rules.may_change_tree(actor):
        raise NotAllowed
    if not (rules.holds_households(block.kind) and block.is_active):
        raise Conflict(_("Households stand in blocks only. Please choose one of the blocks."))
    household = Household(block=block, label=label, preference=preference)
    household.clean()
    household.clean_fields()
    try:
        with transaction.atomic():
            household.save()
    except IntegrityError as error:
        raise Conflict(
            _("There is a household with this label in the block already. Please choose another.")
        ) from error
    audit.record(actor=actor, act="associations.household_registered", target=household)
    return household


@transaction.atomic
def join_household(
    *, actor: User | None, household: Household, person: User, lives_here: bool = True
) -> HouseholdMember:
    """Gives a person a place in a household.

    Args:
        actor: an administrator; ``None`` for the system itself.
        lives_here: ``False`` for family living away, who may have a home of their own as well.

    Raises:
        NotAllowed: the actor may not place people.
        Conflict: the person has a place in it already, or lives in another household.
    """
    if not rules.may_change_tree(actor):
        raise NotAllowed
    try:
        with transaction.atomic():
            member = HouseholdMember.objects.create(
                household=household, person=person, lives_here=lives_here
            )
    except IntegrityError as error:
        raise Conflict(
            _("This person has a place in this household already, or lives in another one.")
        ) from error
    audit.record(
        actor=actor,
        act="associations.household_joined",
        target=household,
        detail={"person": person.pk, "lives_here": lives_here},
    )
    return member
