"""Ending what was begun by signing in."""

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction

from accounts import rules
from accounts.models import User
from core import audit
from core.errors import NotAllowed


@transaction.atomic
def sign_out_everywhere(*, actor: User, person: User) -> None:
    """Ends every session of a person, for example when a phone was stolen.

    Raises:
        NotAllowed: it is not the actor's own account, and they are no administrator.
    """
    if actor.pk != person.pk and not rules.is_administrator(actor):
        raise NotAllowed
    end_sessions(person)
    audit.record(actor=actor, act="accounts.signed_out_everywhere", target=person)


def end_sessions(person: User) -> None:
    """Signs the person out on every device; the part of other services."""
    sessions = UserSession.objects.filter(user=person)
    Session.objects.filter(session_key__in=sessions.values("session_key")).delete()
    sessions.delete()
