"""Offices and terms: making offices, naming who holds them, accepting, ending.

Lock protocol: whoever changes an office or a term first locks the row of the node at which the office stands.
So of two successors who accept at once one wins, and of the last two senders who resign at once one stays.
"""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from associations import rules
from associations.models import Association, Office, OfficeTerm
from core import audit
from core.errors import Conflict, NotAllowed, NotFound
from core.times import tokyo_today

LONGEST_TERM_IN_DAYS = 5 * 366

LAST_SENDER = _(
    "Nobody else here may send circulars now. Please let a successor take office first, then do this again."
)
ANSWERED = _("This has been answered already.")


def lock_node(node_id: int) -> Association:
    """Holds every other change to the offices of this node off until the transaction ends.

    Raises:
        NotFound: there is no such node.
    """
    node: Association | None = (
        Association.objects.select_for_update().filter(pk=node_id).order_by().first()
    )
    if node is None:
        raise NotFound
    return node


@transaction.atomic
def make_office(
    *,
    actor: User | None,
    node: Association,
    kind: Office.Kind,
    title: str = "",
    powers: tuple[bool, bool, bool, bool] | None = None,
) -> Office:
    """Makes an office at a node.

    Args:
        actor: who manages the offices of the node; ``None`` for the system itself.
        title: what an office of kind ``OTHER`` is called, up to 30 characters.
        powers: send circulars, see names, let members in, manage offices; the usual ones of the kind if left out.

    Raises:
        NotAllowed: the actor does not manage offices here.
        Conflict: there is this office here already.
        ValidationError: another office without a title, or a title that is too long.
    """
    _ensure_manages(actor, node)
    node = lock_node(node.pk)
    office = Office(node=node, kind=kind, title=title if kind == Office.Kind.OTHER else "")
    _give(office, powers or rules.USUAL_POWERS[kind])
    office.clean()
    office.clean_fields()
    if kind == Office.Kind.OTHER and not office.title:
        raise ValidationError({"title": _("Please write what the office is called.")})
    try:
        with transaction.atomic():
            office.save()
    except IntegrityError as error:
        raise Conflict(_("There is this office here already.")) from error
    audit.record(
        actor=actor,
        act="associations.office_made",
        target=office,
        detail={"node": node.pk, "kind": str(kind), "powers": _powers_of(office)},
    )
    return office


@transaction.atomic
def change_powers(
    *, actor: User | None, office: Office, powers: tuple[bool, bool, bool, bool]
) -> Office:
    """Gives an office other powers: send circulars, see names, let members in, manage offices.

    Raises:
        NotAllowed: the actor does not manage offices here.
        Conflict: nobody would be left who may send circulars.
    """
    _ensure_manages(actor, office.node)
    node = lock_node(office.node_id)
    office = Office.objects.select_related("node").get(pk=office.pk)
    had_senders = bool(rules.senders_at(node))
    before = _powers_of(office)
    _give(office, powers)
    office.save()
    if had_senders and not rules.senders_at(node):
        raise Conflict(LAST_SENDER)
    audit.record(
        actor=actor,
        act="associations.powers_changed",
        target=office,
        detail={"before": before, "after": _powers_of(office)},
    )
    return office


@transaction.atomic
def name_successor(
    *,
    actor: User | None,
    office: Office,
    person: User,
    first_day: date,
    last_day: date,
    follows: OfficeTerm | None = None,
) -> OfficeTerm:
    """Names somebody for an office; they hold it only when they have accepted.

    Args:
        actor: who manages the offices, or the holder who names their own successor; ``None`` for the system.
        first_day, last_day: both included, days in Japan.
        follows: the term whose holder goes; of several who are named for it the first to accept follows.

    Raises:
        NotAllowed: the actor neither manages offices here nor holds this one.
        Conflict: the person's account is closed, or they are named already.
        ValidationError: the term ends before it begins, is over already, or is longer than five years.
    """
    if not (_manages(actor, office.node) or (actor is not None and _holds(actor, office))):
        raise NotAllowed
    lock_node(office.node_id)
    if last_day < first_day:
        raise ValidationError({"last_day": _("The last day lies before the first day.")})
    if last_day < tokyo_today():
        raise ValidationError({"last_day": _("This day is over. Please choose a later one.")})
    if (last_day - first_day).days > LONGEST_TERM_IN_DAYS:
        raise ValidationError({"last_day": _("A term of office has at most five years.")})
    if not person.is_active:
        raise Conflict(_("This account is closed."))
    if follows is not None and follows.office_id != office.pk:
        raise Conflict
    if follows is not None and _is_followed(follows):
        raise Conflict(_("Somebody has accepted to follow already."))
    if office.terms.waiting().filter(person=person).exists():
        raise Conflict(_("This person has been named already and has not answered yet."))
    term = OfficeTerm.objects.create(
        office=office,
        person=person,
        first_day=first_day,
        last_day=last_day,
        follows=follows,
        named_by=actor,
    )
    audit.record(
        actor=actor,
        act="associations.successor_named",
        target=term,
        detail={"office": office.pk, "person": person.pk, "days": [str(first_day), str(last_day)]},
    )
    return term


@transaction.atomic
def accept_office(*, actor: User, term: OfficeTerm) -> OfficeTerm:
    """The person who was named accepts; the powers begin on the first day.

    Raises:
        NotAllowed: it is somebody else who was named.
        Conflict: answered already, over already, somebody else was faster, or they hold it on these days anyway.
    """
    if term.person_id != actor.pk or not actor.is_active:
        raise NotAllowed
    lock_node(term.office.node_id)
    term = OfficeTerm.objects.select_related("office__node", "follows").get(pk=term.pk)
    if not term.is_waiting or term.ended_at is not None:
        raise Conflict(ANSWERED)
    if term.last_day < tokyo_today():
        raise Conflict(_("This term is over already."))
    if term.follows is not None and _is_followed(term.follows):
        raise Conflict(_("Somebody else has accepted this office before you."))
    if (
        OfficeTerm.objects.filter(
            office=term.office,
            person=actor,
            accepted_at__isnull=False,
            ended_at=None,
            first_day__lte=term.last_day,
            last_day__gte=term.first_day,
        )
        .exclude(pk=term.pk)
        .exists()
    ):
        raise Conflict(_("You hold this office on some of these days already."))
    term.accepted_at = timezone.now()
    term.save(update_fields=["accepted_at"])
    audit.record(actor=actor, act="associations.office_accepted", target=term)
    return term


@transaction.atomic
def decline_office(*, actor: User, term: OfficeTerm) -> OfficeTerm:
    """The person who was named says no, or whoever manages offices takes the nomination back.

    Raises:
        NotAllowed: it is neither of them.
        Conflict: answered already.
    """
    if term.person_id != actor.pk and not _manages(actor, term.office.node):
        raise NotAllowed
    lock_node(term.office.node_id)
    term = OfficeTerm.objects.select_related("office__node").get(pk=term.pk)
    if not term.is_waiting:
        raise Conflict(ANSWERED)
    term.declined_at = timezone.now()
    term.save(update_fields=["declined_at"])
    audit.record(actor=actor, act="associations.office_declined", target=term)
    return term


@transaction.atomic
def end_term(*, actor: User | None, term: OfficeTerm) -> OfficeTerm:
    """Ends a term now: the holder resigns, or whoever manages offices ends it.

    Raises:
        NotAllowed: it is neither of them.
        Conflict: it has ended already, or nobody would be left who may send circulars.
    """
    if not (_manages(actor, term.office.node) or (actor and term.person_id == actor.pk)):
        raise NotAllowed
    node = lock_node(term.office.node_id)
    term = OfficeTerm.objects.select_related("office__node").get(pk=term.pk)
    if term.accepted_at is None or term.ended_at is not None or term.last_day < tokyo_today():
        raise Conflict(_("This term has ended already."))
    had_senders = bool(rules.senders_at(node))
    term.ended_at = timezone.now()
    term.save(update_fields=["ended_at"])
    if had_senders and not rules.senders_at(node):
        raise Conflict(LAST_SENDER)
    audit.record(actor=actor, act="associations.term_ended", target=term)
    return term


@transaction.atomic
def end_all_terms(person: User) -> None:
    """Somebody leaves the platform: their terms end, and nominations are declined.

    Raises:
        Conflict: nobody would be left in one of their associations who may send circulars.
    """
    terms = list(
        OfficeTerm.objects.filter(person=person, declined_at=None, ended_at=None)
        .filter(last_day__gte=tokyo_today())
        .select_related("office")
        .order_by("office__node")
    )
    for node_id in sorted({term.office.node_id for term in terms}):
        lock_node(node_id)
    for term in terms:
        if term.accepted_at is None:
            decline_office(actor=person, term=term)
        else:
            end_term(actor=person, term=term)


def put_in_office(
    *, node: Association, kind: Office.Kind, person: User, first_day: date, last_day: date
) -> OfficeTerm:
    """An office of this kind at ``node`` with its usual powers, held by ``person``; for the system's own acts.

    Whoever calls this has decided that it may be: the city's code, or the demo city.
    """
    office = Office.objects.filter(node=node, kind=kind, title="").first() or make_office(
        actor=None, node=node, kind=kind
    )
    term = name_successor(
        actor=None, office=office, person=person, first_day=first_day, last_day=last_day
    )
    return accept_office(actor=person, term=term)


def _manages(actor: User | None, node: Association) -> bool:
    return actor is None or rules.may_manage_offices(actor, node)


def _ensure_manages(actor: User | None, node: Association) -> None:
    if not _manages(actor, node):
        raise NotAllowed


def _holds(actor: User, office: Office) -> bool:
    return bool(OfficeTerm.objects.in_force(tokyo_today()).filter(person=actor, office=office))


def _is_followed(term: OfficeTerm) -> bool:
    return bool(term.successors.filter(accepted_at__isnull=False, ended_at=None).exists())


def _give(office: Office, powers: tuple[bool, bool, bool, bool]) -> None:
    office.may_send, office.may_see_names, office.may_approve, office.may_manage = powers


def _powers_of(office: Office) -> list[str]:
    return [
        name
        for name in ("may_send", "may_see_names", "may_approve", "may_manage")
        if getattr(office, name)
    ]
