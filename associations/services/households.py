"""Registering households, giving people their places in them, and what a household wants."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from associations import rules
from associations.models import Association, Household, HouseholdMember
from associations.services.figures import count_again
from core import audit
from core.errors import Conflict, NotAllowed, NotFound

LABEL_TAKEN = _("There is a household with this label in the block already. Please choose another.")


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
        actor: an officer who lets members in, or an administrator; ``None`` for the system itself.
        label: what officers call it, for example ``3班-12``; no name of a person.
        preference: how circulars arrive; paper until the household says otherwise.

    Raises:
        NotAllowed: the actor may not place households.
        Conflict: the label is taken in this block, or the node is no active block.
        ValidationError: the label is empty or too long.
    """
    if not rules.may_keep_households(actor, block):
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
        raise Conflict(LABEL_TAKEN) from error
    audit.record(actor=actor, act="associations.household_registered", target=household)
    count_again(block)
    return household


@transaction.atomic
def relabel_household(*, actor: User, household: Household, label: str) -> Household:
    """Gives a household another label.

    Raises:
        NotAllowed: the actor does not let members in there.
        Conflict: the label is taken in this block, or the household has moved away.
        ValidationError: the label is empty or too long.
    """
    if not rules.may_keep_households(actor, household.block):
        raise NotAllowed
    household = present_household(household.pk)
    household.label = label
    household.clean()
    household.clean_fields()
    try:
        with transaction.atomic():
            household.save(update_fields=["label"])
    except IntegrityError as error:
        raise Conflict(LABEL_TAKEN) from error
    audit.record(actor=actor, act="associations.household_relabelled", target=household)
    return household


@transaction.atomic
def join_household(
    *, actor: User | None, household: Household, person: User, lives_here: bool = True
) -> HouseholdMember:
    """Gives a person a place in a household.

    Args:
        actor: an officer who lets members in, or an administrator; ``None`` for the system itself.
        lives_here: ``False`` for family living away, who may have a home of their own as well.

    Raises:
        NotAllowed: the actor may not place people.
        Conflict: the person has a place in it already, or lives in another household.
    """
    if not rules.may_keep_households(actor, household.block):
        raise NotAllowed
    member = place(household, person, lives_here=lives_here)
    audit.record(
        actor=actor,
        act="associations.household_joined",
        target=household,
        detail={"person": person.pk, "lives_here": lives_here},
    )
    return member


@transaction.atomic
def say_preference(
    *, actor: User | None, household: Household, preference: Household.Preference
) -> Household:
    """How circulars shall arrive, as the household says, or an officer whom it has told.

    Raises:
        NotAllowed: the actor neither belongs to the household nor lets members in there.
        ValidationError: there is no such preference.
    """
    if not (
        rules.may_keep_households(actor, household.block)
        or (actor is not None and rules.belongs_to(actor, household))
    ):
        raise NotAllowed
    household = present_household(household.pk)
    household.preference = preference
    household.preference_said = True
    household.clean_fields()
    household.save(update_fields=["preference", "preference_said"])
    audit.record(
        actor=actor,
        act="associations.preference_said",
        target=household,
        detail={"preference": str(preference)},
    )
    count_again(household.block)
    return household


def place(household: Household, person: User, *, lives_here: bool) -> HouseholdMember:
    """Writes the place of a person in a household, also of one who comes back; whoever calls it has asked the rules.

    Raises:
        Conflict: the household has moved away, the person has a place in it, or lives in another household.
    """
    household = present_household(household.pk)
    try:
        with transaction.atomic():
            member, is_new = HouseholdMember.objects.get_or_create(
                household=household, person=person, defaults={"lives_here": lives_here}
            )
            if not is_new and member.left_at is None:
                raise Conflict(
                    _("This person has a place in this household already, or lives in another one.")
                )
            if not is_new:
                member.left_at = None
                member.lives_here = lives_here
                member.joined_at = timezone.now()
                member.save()
    except IntegrityError as error:
        raise Conflict(
            _("This person has a place in this household already, or lives in another one.")
        ) from error
    count_again(household.block)
    return member


def present_household(pk: int) -> Household:
    """The household as it is now, locked.

    Raises:
        NotFound: there is none, or it has moved away.
    """
    household: Household | None = (
        Household.objects.select_for_update(of=("self",))
        .select_related("block")
        .present()
        .filter(pk=pk)
        .first()
    )
    if household is None:
        raise NotFound
    return household
