"""Leaving: what a person contributed stays without a name, everything that says who they were goes."""

import secrets
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, OuterRef, ProtectedError
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy, override

from accounts import rules
from accounts.models import PersonSkill, RoleGrant, StudentAddress, User
from accounts.services.personal_data import erase_everywhere
from accounts.services.roles import refuse_to_lose_last_administrator
from accounts.services.sessions import end_sessions
from core import audit
from core.errors import Conflict, NotAllowed

UNFINISHED_FOR = timedelta(days=1)


@transaction.atomic
def erase_account(*, actor: User, person: User) -> User:
    """Deletes an account for good. Contributions stay, under the name of a former member.

    Names, addresses, passkeys, connections and sessions go at once; the audit log keeps acts without names.

    Raises:
        NotAllowed: it is not the actor's own account, and they are no administrator.
        Conflict: it is the last administrator's, or it was deleted already.
    """
    if actor.pk != person.pk and not rules.is_administrator(actor):
        raise NotAllowed
    if person.erased_at is not None:
        raise Conflict(gettext_lazy("This account was deleted already."))
    if person.is_superuser:
        refuse_to_lose_last_administrator(person)
    erase_everywhere(person)
    with override("ja"):
        # Also for places that show the name as it stands, without asking what it means.
        person.display_name = gettext("Former member")
    person.username = f"former-{secrets.token_hex(8)}"
    person.email = ""
    person.set_unusable_password()
    person.is_active = person.is_staff = person.is_superuser = False
    person.last_login = None
    person.language = person.text_size = ""
    person.erased_at = timezone.now()
    person.save()
    audit.record(actor=actor, act="accounts.account_erased", target=person)
    return person


def forget_who_it_was(person: User) -> None:
    """What this room forgets about a person who leaves."""
    end_sessions(person)
    EmailAddress.objects.filter(user=person).delete()
    SocialAccount.objects.filter(user=person).delete()
    Authenticator.objects.filter(user=person).delete()
    StudentAddress.objects.filter(person=person).delete()
    PersonSkill.objects.filter(person=person).delete()
    RoleGrant.objects.filter(person=person, ended_at=None).update(ended_at=timezone.now())
    person.forget_roles()
    person.groups.clear()
    person.user_permissions.clear()
    # The administration's own log names what was changed.
    people = ContentType.objects.get_for_model(User)
    LogEntry.objects.filter(content_type=people, object_id=str(person.pk)).update(object_repr="")


def forget_what_ended(*, now: datetime | None = None) -> dict[str, int]:
    """Removes sessions that have ended and sign-ups that nobody finished within a day.

    An address that somebody else typed by mistake is free again for its owner.

    Returns:
        How many of each were removed.
    """
    now = now or timezone.now()
    ended, _ = Session.objects.filter(expire_date__lt=now).delete()
    alive = Session.objects.filter(session_key=OuterRef("session_key"))
    UserSession.objects.filter(~Exists(alive)).delete()
    unfinished = 0
    for person in User.objects.filter(
        last_login=None,
        date_joined__lt=now - UNFINISHED_FOR,
        password__startswith=UNUSABLE_PASSWORD_PREFIX,
        emailaddress__verified=False,
        socialaccount=None,
        role_grants=None,
        erased_at=None,
    ).distinct():
        unfinished += _forgotten(person)
    return {"sessions": ended, "sign_ups": unfinished}


@transaction.atomic
def _forgotten(person: User) -> bool:
    try:
        person.delete()
    except ProtectedError:
        # Somebody has given this account a task already; it waits for its owner.
        return False
    return True
