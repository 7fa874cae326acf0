"""Leaving a household, moving away, and forgetting: what says who somebody was goes after a stated time.

Numbers stay: households that moved away keep their row without label and people.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from associations import rules
from associations.models import (
    ClaimCode,
    Household,
    HouseholdMember,
    JoinRequest,
    Letter,
    Look,
)
from associations.services.figures import count_again
from associations.services.households import present_household
from associations.services.offices import end_all_terms
from core import audit
from core.errors import Conflict, NotAllowed

ROWS_A_TRANSACTION = 500


@transaction.atomic
def leave_household(*, actor: User, member: HouseholdMember) -> HouseholdMember:
    """A person leaves a household; their place is forgotten after the stated time.

    Raises:
        NotAllowed: the actor is neither the person nor an officer who lets members in there.
        Conflict: the person has left already.
    """
    household = present_household(member.household_id)
    if member.person_id != actor.pk and not rules.may_keep_households(actor, household.block):
        raise NotAllowed
    left = household.members.present().filter(pk=member.pk).update(left_at=timezone.now())
    if not left:
        raise Conflict(_("This person has left the household already."))
    audit.record(
        actor=actor,
        act="associations.household_left",
        target=household,
        detail={"person": member.person_id},
    )
    count_again(household.block)
    member.refresh_from_db()
    return member


@transaction.atomic
def household_moved_away(*, actor: User, household: Household) -> Household:
    """A household has left the association: its people leave it, its letter opens nothing any more.

    Raises:
        NotAllowed: the actor does not let members in there.
        NotFound: it has moved away already.
    """
    if not rules.may_keep_households(actor, household.block):
        raise NotAllowed
    household = present_household(household.pk)
    now = timezone.now()
    household.left_at = now
    household.save(update_fields=["left_at"])
    household.members.present().update(left_at=now)
    Letter.objects.live().filter(household=household).update(revoked_at=now)
    audit.record(actor=actor, act="associations.household_moved_away", target=household)
    count_again(household.block)
    return household


def leave_everything(person: User) -> None:
    """What this room forgets about a person who deletes their account; part of that transaction.

    Raises:
        Conflict: they are the last in one of their associations who may send circulars.
    """
    end_all_terms(person)
    blocks = [
        member.household.block
        for member in HouseholdMember.objects.present()
        .filter(person=person)
        .select_related("household__block")
    ]
    HouseholdMember.objects.filter(person=person).delete()
    JoinRequest.objects.filter(person=person).delete()
    for block in blocks:
        count_again(block)


def forget_who_left(*, now: datetime | None = None) -> dict[str, int]:
    """Forgets who left long enough ago, a chunk in a transaction: what is done stays done when it breaks off.

    Returns:
        How many rows of each kind were forgotten.
    """
    now = now or timezone.now()
    gone = now - timedelta(days=settings.ASSOCIATIONS_FORGET_AFTER_DAYS)
    old = now - timedelta(days=settings.ASSOCIATIONS_LOOKS_KEPT_DAYS)
    return {
        "members": _in_chunks(HouseholdMember.objects.filter(left_at__lt=gone)),
        "households": _nameless_households(gone),
        "requests": _in_chunks(JoinRequest.objects.filter(decided_at__lt=gone)),
        "letters": _in_chunks(Letter.objects.filter(expires_at__lt=gone)),
        "claim_codes": _in_chunks(ClaimCode.objects.filter(expires_at__lt=gone)),
        "looks": _in_chunks(Look.objects.filter(at__lt=old)),
    }


def _in_chunks(rows) -> int:  # type: ignore[no-untyped-def]
    forgotten = 0
    while True:
        with transaction.atomic():
            keys = list(rows.order_by("pk").values_list("pk", flat=True)[:ROWS_A_TRANSACTION])
            if not keys:
                return forgotten
            rows.model.objects.filter(pk__in=keys).delete()
        forgotten += len(keys)


def _nameless_households(before: datetime) -> int:
    """Takes the label from households that moved away; the row stays, because circulars were counted by it."""
    forgotten = 0
    while True:
        with transaction.atomic():
            some = list(
                Household.objects.filter(left_at__lt=before)
                .exclude(label="")
                .order_by("pk")[:ROWS_A_TRANSACTION]
            )
            for household in some:
                household.label = ""
            Household.objects.bulk_update(some, ["label"])
        if not some:
            return forgotten
        forgotten += len(some)
