"""Granting and ending roles."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import rules
from accounts.models import Role, RoleGrant, User, checked_display_name
from core import audit
from core.errors import Conflict, NotAllowed, NotFound


@transaction.atomic
def grant_role(*, actor: User | None, person: User, role: Role) -> RoleGrant:
    """Gives a person a role from now on.

    Args:
        actor: an administrator; ``None`` for the system itself.

    Raises:
        NotAllowed: the actor is no administrator.
        Conflict: the person holds the role already, or their account is closed.
    """
    if actor is not None and not rules.may_grant_roles(actor):
        raise NotAllowed
    if not person.is_active:
        raise Conflict(_("This account is closed."))
    try:
        with transaction.atomic():
            grant = RoleGrant.objects.create(person=person, role=role, granted_by=actor)
    except IntegrityError as error:
        raise Conflict(_("This person holds this role already.")) from error
    if role == Role.ADMINISTRATOR:
        _let_into_administration(person, True)
    person.forget_roles()
    audit.record(
        actor=actor, act="accounts.role_granted", target=person, detail={"role": str(role)}
    )
    return grant


@transaction.atomic
def end_role(*, actor: User | None, person: User, role: Role) -> RoleGrant:
    """Ends a role now. A display name that only this role may bear gives way to the user name.

    Raises:
        NotAllowed: the actor is no administrator.
        NotFound: the person does not hold the role.
        Conflict: it is the last administrator.
    """
    if actor is not None and not rules.may_grant_roles(actor):
        raise NotAllowed
    if role == Role.ADMINISTRATOR:
        refuse_to_lose_last_administrator(person)
    grant = RoleGrant.objects.filter(person=person, role=role, ended_at=None).first()
    if grant is None:
        raise NotFound(_("This person does not hold this role."))
    grant.ended_at = timezone.now()
    grant.save(update_fields=["ended_at"])
    if role == Role.ADMINISTRATOR:
        _let_into_administration(person, False)
    person.forget_roles()
    _take_away_name_of_office(person)
    audit.record(actor=actor, act="accounts.role_ended", target=person, detail={"role": str(role)})
    return grant


def refuse_to_lose_last_administrator(person: User) -> None:
    """Raises Conflict if nobody else could run the site. Call it inside the transaction that takes the power.

    Locks every administrator's row in the order of keys, so that two who leave at once see each other.
    """
    administrators = list(
        User.objects.select_for_update()
        .filter(is_superuser=True, is_active=True)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    if administrators == [person.pk]:
        raise Conflict(
            _("This is the last administrator. Please make somebody else an administrator first.")
        )


def _let_into_administration(person: User, may_enter: bool) -> None:
    person.is_staff = person.is_superuser = may_enter
    person.save(update_fields=["is_staff", "is_superuser"])


def _take_away_name_of_office(person: User) -> None:
    try:
        checked_display_name(person.display_name, roles=person.roles)
    except ValidationError:
        person.display_name = person.username
        person.save(update_fields=["display_name"])
