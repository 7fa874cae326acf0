"""Bringing in who holds which office, many at once: what a city knows already, and the demo city."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import islice

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from associations import rules
from associations.models import Office, OfficeTerm
from core import audit
from core.errors import NotAllowed

TERMS_A_TRANSACTION = 2000


@dataclass(frozen=True, slots=True)
class OfficeOutline:
    """Somebody holds an office of the usual kind at a node."""

    node_id: int
    kind: Office.Kind
    username: str
    first_day: date
    last_day: date


def import_offices(*, actor: User | None, offices: Iterable[OfficeOutline]) -> int:
    """Puts people into office where nobody has held that office yet; what is there stays as it is.

    Returns:
        The number of terms that are new.

    Raises:
        NotAllowed: the actor is no administrator.
    """
    if not rules.may_change_tree(actor):
        raise NotAllowed
    remaining = iter(offices)
    added = 0
    while chunk := list(islice(remaining, TERMS_A_TRANSACTION)):
        with transaction.atomic():
            added += _import_chunk(actor, chunk)
    return added


def _import_chunk(actor: User | None, chunk: list[OfficeOutline]) -> int:
    nodes = {wanted.node_id for wanted in chunk}
    standing = {
        (office.node_id, office.kind): office
        for office in Office.objects.filter(node__in=nodes, title="")
    }
    held = set(OfficeTerm.objects.filter(office__node__in=nodes).values_list("office", flat=True))
    new: dict[tuple[int, str], Office] = {}
    for wanted in chunk:
        key = (wanted.node_id, wanted.kind)
        if key not in standing and key not in new:
            send, names, approve, manage = rules.USUAL_POWERS[wanted.kind]
            new[key] = Office(
                node_id=wanted.node_id,
                kind=wanted.kind,
                may_send=send,
                may_see_names=names,
                may_approve=approve,
                may_manage=manage,
            )
    Office.objects.bulk_create(new.values())
    standing |= new
    people = dict(
        User.objects.filter(
            username__in={wanted.username for wanted in chunk}, is_active=True
        ).values_list("username", "pk")
    )
    now = timezone.now()
    terms = [
        OfficeTerm(
            office=standing[wanted.node_id, wanted.kind],
            person_id=people[wanted.username],
            first_day=wanted.first_day,
            last_day=wanted.last_day,
            named_by=actor,
            accepted_at=now,
        )
        for wanted in chunk
        if wanted.username in people and standing[wanted.node_id, wanted.kind].pk not in held
    ]
    OfficeTerm.objects.bulk_create(terms)
    if terms:
        audit.record(actor=actor, act="associations.offices_imported", detail={"terms": len(terms)})
    return len(terms)
