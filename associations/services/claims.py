"""Associations whose pages the city has made: its officers take them over with a code from the city."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from associations import rules
from associations.models import Association, ClaimCode, Office, OfficeTerm
from associations.services import codes
from associations.services.offices import lock_node, put_in_office
from core import audit
from core.errors import Conflict, NotAllowed, NotFound
from core.times import tokyo_today

VALID_FOR = timedelta(days=90)
WRONG_CODE = _(
    "We do not know this code, or it is not valid any more. Please ask the city for a new one."
)
MAY_CLAIM_AS = (Office.Kind.CHAIR, Office.Kind.DEPUTY, Office.Kind.ICT)


@dataclass(frozen=True, slots=True)
class PrintedClaim:
    """A code for an association as the city hands it out; it is nowhere else."""

    association: Association
    code: str


@transaction.atomic
def make_claim_code(*, actor: User | None, association: Association) -> PrintedClaim:
    """Makes a code for the officers of an association; one that was made before opens nothing any more.

    The city may also make one for an association that has lost all its officers.

    Raises:
        NotAllowed: the actor does not work for the city.
        Conflict: the node is neither an association nor a federation, or has officers who may send.
    """
    if not (actor is None or rules.may_see_figures(actor)):
        raise NotAllowed
    node = lock_node(association.pk)
    _ensure_can_be_claimed(node)
    now = timezone.now()
    ClaimCode.objects.filter(node=node, revoked_at=None, used_at=None).update(revoked_at=now)
    code = codes.new_code()
    ClaimCode.objects.create(
        node=node,
        code_hash=codes.hashed(code),
        made_by=actor,
        made_at=now,
        expires_at=now + VALID_FOR,
    )
    audit.record(actor=actor, act="associations.claim_code_made", target=node)
    return PrintedClaim(node, code)


def find_claim(typed: str) -> ClaimCode:
    """The claim whose code somebody typed; whoever calls this limits how often it may be wrong.

    Raises:
        NotFound: there is none, or it was used or revoked, or is too old.
    """
    code = codes.normalised(typed)
    found = _usable().filter(code_hash__in=codes.possible_hashes(code)).first() if code else None
    if found is None:
        raise NotFound(WRONG_CODE)
    return found


def claim_in_hand(pk: int) -> ClaimCode:
    """The claim that somebody has opened, if it is still good.

    Raises:
        NotFound: it was used or revoked, or has become too old meanwhile.
    """
    found = _usable().filter(pk=pk).first()
    if found is None:
        raise NotFound(WRONG_CODE)
    return found


@transaction.atomic
def claim_association(
    *, actor: User, claim: ClaimCode, kind: Office.Kind, last_day: date
) -> OfficeTerm:
    """Whoever holds the city's code takes office today; the code is used up by that.

    Args:
        kind: chair, deputy or ICT officer.
        last_day: of the term, a day in Japan.

    Raises:
        NotFound: the code is not good any more.
        Conflict: such an office cannot be taken so, or the association has officers who may send meanwhile.
        ValidationError: the last day is over, or more than five years away.
    """
    if kind not in MAY_CLAIM_AS:
        raise Conflict
    node = lock_node(claim.node_id)
    claim = claim_in_hand(claim.pk)
    _ensure_can_be_claimed(node)
    term = put_in_office(
        node=node, kind=kind, person=actor, first_day=tokyo_today(), last_day=last_day
    )
    claim.used_at = timezone.now()
    claim.save(update_fields=["used_at"])
    audit.record(actor=actor, act="associations.claimed", target=node, detail={"kind": str(kind)})
    return term


def _ensure_can_be_claimed(node: Association) -> None:
    if node.kind == Association.Kind.BLOCK or not node.is_active:
        raise Conflict
    if rules.senders_at(node):
        raise Conflict(_("This association has officers already; they name their successors."))


def _usable() -> "QuerySet[ClaimCode]":
    found: QuerySet[ClaimCode] = ClaimCode.objects.filter(
        revoked_at=None, used_at=None, expires_at__gt=timezone.now()
    ).select_related("node")
    return found
