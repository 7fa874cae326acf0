"""Asking to join without a letter, by passcode or by address; an officer decides."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from associations import rules
from associations.models import (
    LONGEST_WORDS,
    Association,
    Household,
    HouseholdMember,
    JoinRequest,
    Passcode,
)
from associations.services import codes
from associations.services.households import place, register_household
from core import audit
from core.errors import Conflict, NotAllowed, NotFound
from core.text import one_line

ALREADY_DECIDED = _("This request has been decided already.")


@transaction.atomic
def set_passcode(*, actor: User, association: Association) -> Passcode:
    """Gives the association a new passcode; the one before it leads nowhere any more.

    Raises:
        NotAllowed: the actor does not let members in there.
        Conflict: the node is no association.
    """
    if not rules.may_approve_members(actor, association):
        raise NotAllowed
    if association.kind != Association.Kind.ASSOCIATION:
        raise Conflict
    passcode, _is_new = Passcode.objects.update_or_create(
        node=association, defaults={"code": codes.new_code(), "made_at": timezone.now()}
    )
    audit.record(actor=actor, act="associations.passcode_set", target=association)
    return passcode


@transaction.atomic
def end_passcode(*, actor: User, association: Association) -> None:
    """Takes the passcode away; nobody can ask with it any more.

    Raises:
        NotAllowed: the actor does not let members in there.
    """
    if not rules.may_approve_members(actor, association):
        raise NotAllowed
    Passcode.objects.filter(node=association).delete()
    audit.record(actor=actor, act="associations.passcode_ended", target=association)


def association_of_passcode(typed: str) -> Association | None:
    """The association whose passcode somebody typed, if it is one."""
    code = codes.normalised(typed)
    if not code:
        return None
    found = Passcode.objects.filter(code=code, node__is_active=True).select_related("node").first()
    return found.node if found else None


@transaction.atomic
def ask_to_join(
    *,
    actor: User,
    association: Association,
    words: str,
    source: JoinRequest.Source,
    lives_here: bool = True,
) -> JoinRequest:
    """Asks the officers of an association to be let in; asking again while it waits changes the words.

    Args:
        words: how officers know the household, for example block and number, or the name at the door.

    Raises:
        Conflict: it takes no requests, or the person belongs to it already.
        ValidationError: the words are longer than 200 characters.
    """
    if association.kind != Association.Kind.ASSOCIATION or not association.is_active:
        raise Conflict(_("This association takes no requests. Please choose another one."))
    if rules.is_member(actor, association):
        raise Conflict(_("You belong to this association already."))
    words = one_line(words)
    if len(words) > LONGEST_WORDS:
        raise ValidationError(
            {"words": _("Please write at most %(count)d characters.") % {"count": LONGEST_WORDS}}
        )
    try:
        with transaction.atomic():
            request, is_new = JoinRequest.objects.update_or_create(
                association=association,
                person=actor,
                state=JoinRequest.State.WAITING,
                defaults={"words": words, "source": source, "lives_here": lives_here},
            )
    except IntegrityError as error:
        raise Conflict from error
    if is_new:
        audit.record(actor=actor, act="associations.asked_to_join", target=association)
    return request


@transaction.atomic
def approve_request(
    *,
    actor: User,
    request: JoinRequest,
    household: Household | None = None,
    block: Association | None = None,
    label: str = "",
) -> HouseholdMember:
    """Lets the person into a household of the association, or into a new one.

    Args:
        household: one that is there already.
        block, label: of a new household instead.

    Raises:
        NotAllowed: the actor does not let members in there.
        NotFound: the household stands elsewhere, or has moved away.
        Conflict: decided already, the person lives in another household, or the label is taken.
        ValidationError: the label is empty or too long.
    """
    request = _waiting(request)
    association = request.association
    if household is None:
        if block is None:
            raise Conflict
        household = register_household(actor=actor, block=block, label=label)
    if not (
        household.block.path.startswith(association.path)
        and rules.may_approve_members(actor, household.block)
    ):
        raise NotAllowed
    member = place(household, request.person, lives_here=request.lives_here)
    _decide(request, JoinRequest.State.APPROVED, by=actor)
    audit.record(
        actor=actor,
        act="associations.request_approved",
        target=association,
        detail={"person": request.person_id, "household": household.pk},
    )
    return member


@transaction.atomic
def decline_request(*, actor: User, request: JoinRequest, answer: str) -> JoinRequest:
    """Says no, with words that the person reads.

    Raises:
        NotAllowed: the actor does not let members in there.
        Conflict: decided already.
        ValidationError: no words, or too many.
    """
    request = _waiting(request)
    if not rules.may_approve_members(actor, request.association):
        raise NotAllowed
    answer = one_line(answer)
    if not 0 < len(answer) <= LONGEST_WORDS:
        raise ValidationError(
            {
                "answer": _("Please write why, in at most %(count)d characters.")
                % {"count": LONGEST_WORDS}
            }
        )
    _decide(request, JoinRequest.State.DECLINED, by=actor, answer=answer)
    audit.record(
        actor=actor,
        act="associations.request_declined",
        target=request.association,
        detail={"person": request.person_id},
    )
    return request


@transaction.atomic
def withdraw_request(*, actor: User, request: JoinRequest) -> JoinRequest:
    """The person does not want to join any more.

    Raises:
        NotAllowed: it is somebody else's.
        Conflict: decided already.
    """
    request = _waiting(request)
    if request.person_id != actor.pk:
        raise NotAllowed
    _decide(request, JoinRequest.State.WITHDRAWN, by=actor)
    audit.record(actor=actor, act="associations.request_withdrawn", target=request.association)
    return request


def _waiting(request: JoinRequest) -> JoinRequest:
    """The request as it is now, locked: of two who decide at once one does."""
    found: JoinRequest | None = (
        JoinRequest.objects.select_for_update(of=("self",))
        .select_related("association", "person")
        .filter(pk=request.pk)
        .first()
    )
    if found is None:
        raise NotFound
    if found.state != JoinRequest.State.WAITING:
        raise Conflict(ALREADY_DECIDED)
    return found


def _decide(request: JoinRequest, state: JoinRequest.State, *, by: User, answer: str = "") -> None:
    request.state = state
    request.decided_by = by
    request.decided_at = timezone.now()
    request.answer = answer
    request.save()
