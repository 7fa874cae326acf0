"""Letters to households: a code on paper by which the people of one household join."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from associations import rules
from associations.models import Association, Household, HouseholdMember, Letter
from associations.services import codes
from associations.services.households import place, present_household
from core import audit
from core.errors import Conflict, NotAllowed, NotFound

VALID_FOR = timedelta(days=60)
# More than the largest association of the city has; a page of more would not print well.
MOST_AT_ONCE = 600

WRONG_CODE = _(
    "We do not know this code, or it is not valid any more. Please look at the letter again, or ask your block leader for a new one."
)


@dataclass(frozen=True, slots=True)
class PrintedLetter:
    """A letter as it is printed; the code is nowhere else."""

    household: Household
    code: str


@transaction.atomic
def make_letters(
    *, actor: User | None, node: Association, households: Sequence[Household]
) -> list[PrintedLetter]:
    """Makes a new letter for each household; a letter that it had before opens nothing any more.

    Args:
        actor: an officer who lets members in at ``node``; ``None`` for the system itself.
        households: at or under ``node``, at most 600.

    Raises:
        NotAllowed: the actor does not let members in there.
        Conflict: more than 600, or none.
        NotFound: one of them stands elsewhere, or has moved away.
    """
    if not (actor is None or rules.may_approve_members(actor, node)):
        raise NotAllowed
    if not households:
        raise Conflict(_("There is no household left that needs a letter."))
    if len(households) > MOST_AT_ONCE:
        raise Conflict(
            _("These are too many letters for one page. Please print them block by block.")
        )
    keys = {household.pk for household in households}
    # In the order of keys, so that two who print at once wait for each other.
    locked = Household.objects.select_for_update().of_subtree(node).filter(pk__in=keys)
    if len(list(locked.order_by("pk").values_list("pk"))) != len(keys):
        raise NotFound
    now = timezone.now()
    Letter.objects.live().filter(household__in=keys).update(revoked_at=now)
    printed = [PrintedLetter(household, codes.new_code()) for household in households]
    Letter.objects.bulk_create(
        [
            Letter(
                household=letter.household,
                code_hash=codes.hashed(letter.code),
                made_by=actor,
                made_at=now,
                expires_at=now + VALID_FOR,
            )
            for letter in printed
        ]
    )
    audit.record(
        actor=actor,
        act="associations.letters_made",
        target=node,
        detail={"letters": len(printed)},
    )
    return printed


@transaction.atomic
def revoke_letter(*, actor: User, household: Household) -> None:
    """Makes the letter of a household useless, for example one that was lost.

    Raises:
        NotAllowed: the actor neither lets members in there nor belongs to the household.
    """
    if not (
        rules.may_keep_households(actor, household.block) or rules.belongs_to(actor, household)
    ):
        raise NotAllowed
    live = Letter.objects.live().filter(household=household)
    if live.update(revoked_at=timezone.now()):
        audit.record(actor=actor, act="associations.letter_revoked", target=household)


def find_letter(typed: str) -> Letter:
    """The letter whose code somebody typed; whoever calls this limits how often it may be wrong.

    Raises:
        NotFound: there is none, or it was revoked or closed, or is too old: all look alike.
    """
    code = codes.normalised(typed)
    letter = _usable().filter(code_hash__in=codes.possible_hashes(code)).first() if code else None
    if letter is None:
        raise NotFound(WRONG_CODE)
    return letter


def letter_in_hand(pk: int) -> Letter:
    """The letter that somebody has opened, if it is still good.

    Raises:
        NotFound: it was revoked, closed or has become too old meanwhile.
    """
    letter = _usable().filter(pk=pk).first()
    if letter is None:
        raise NotFound(WRONG_CODE)
    return letter


@transaction.atomic
def join_by_letter(*, actor: User, letter: Letter, lives_here: bool = True) -> HouseholdMember:
    """Whoever holds the letter joins its household; doing it twice is as doing it once.

    Raises:
        NotFound: the letter is not good any more.
        Conflict: the person lives in another household.
    """
    if not actor.is_active:
        raise NotAllowed
    household = present_household(letter.household_id)
    letter = letter_in_hand(letter.pk)
    there: HouseholdMember | None = household.members.present().filter(person=actor).first()
    if there is not None:
        return there
    if (
        lives_here
        and HouseholdMember.objects.present().filter(person=actor, lives_here=True).exists()
    ):
        raise Conflict(
            _(
                "You live in another household here already. Leave it on your page first, or join as family living away."
            )
        )
    member = place(household, actor, lives_here=lives_here)
    audit.record(
        actor=actor,
        act="associations.joined_by_letter",
        target=household,
        detail={"lives_here": lives_here},
    )
    return member


@transaction.atomic
def close_letter(*, actor: User, household: Household) -> None:
    """The household says that all who want to join have joined: the letter opens nothing any more.

    Raises:
        NotAllowed: the actor does not belong to the household.
    """
    if not rules.belongs_to(actor, household):
        raise NotAllowed
    live = Letter.objects.live().filter(household=household)
    if live.update(closed_at=timezone.now()):
        audit.record(actor=actor, act="associations.letter_closed", target=household)


def _usable() -> "QuerySet[Letter]":
    found: QuerySet[Letter] = (
        Letter.objects.live()
        .filter(expires_at__gt=timezone.now(), household__left_at=None)
        .select_related("household__block")
    )
    return found
