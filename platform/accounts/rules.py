"""Who is what in this city. Every room asks here; each predicate costs at most one query for a request."""

from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from accounts.models import Role, User

Visitor = User | AnonymousUser


def has_role(user: Visitor, *roles: Role) -> bool:
    """Whether the person holds at least one of ``roles`` now."""
    return isinstance(user, User) and not user.roles.isdisjoint(roles)


def is_city_staff(user: Visitor) -> bool:
    """Answers officially, posts to any node, reads the figures."""
    return has_role(user, Role.CITY_STAFF)


def is_facilitator(user: Visitor) -> bool:
    """Leads discussions and moderates."""
    return has_role(user, Role.FACILITATOR)


def is_coordinator(user: Visitor) -> bool:
    """Checks student projects and brings the two sides together."""
    return has_role(user, Role.COORDINATOR)


def is_student(user: Visitor) -> bool:
    """Has shown an address of a university."""
    return has_role(user, Role.STUDENT)


def is_administrator(user: Visitor) -> bool:
    """Runs the site: grants roles, opens and closes accounts."""
    if not isinstance(user, User) or not user.is_active:
        return False
    return user.is_superuser or has_role(user, Role.ADMINISTRATOR)


def may_grant_roles(user: Visitor) -> bool:
    """Only administrators say who is who."""
    return is_administrator(user)


def is_official(user: Visitor) -> bool:
    """Whether this person's powers are such that a password alone must not open them."""
    if not isinstance(user, User):
        return False
    if Role.ADMINISTRATOR in settings.MFA_REQUIRED_ROLES and is_administrator(user):
        return True
    return not user.roles.isdisjoint(settings.MFA_REQUIRED_ROLES)


def session_end(user: Visitor) -> datetime:
    """When a sign-in of this person that begins now ends, however much they do until then."""
    officials, others = settings.SESSION_AGE_OF_OFFICIALS, settings.SESSION_COOKIE_AGE
    return timezone.now() + timedelta(seconds=officials if is_official(user) else others)


def must_have_second_factor(user: Visitor) -> bool:
    """Whether this house insists on a second factor for this person."""
    return bool(settings.MFA_REQUIRED) and is_official(user)


def has_second_factor(user: Visitor) -> bool:
    """Whether a passkey or an authenticator app is set up; recovery codes alone are none."""
    factors = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return isinstance(user, User) and bool(
        Authenticator.objects.filter(user_id=user.pk, type__in=factors).exists()
    )


def lacks_second_factor(user: Visitor) -> bool:
    """Whether every door but the set-up of a second factor is closed to this person.

    Pages ask through the middleware; sockets and the API ask here.
    """
    return must_have_second_factor(user) and not has_second_factor(user)
