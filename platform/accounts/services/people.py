"""Opening and closing accounts, names, and how a person wants to read."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import rules
from accounts.models import Role, User, checked_display_name, validators_for_everybody
from accounts.services.roles import grant_role
from accounts.services.sessions import end_sessions
from core import audit
from core.errors import Conflict, NotAllowed


@transaction.atomic
def open_account(
    *,
    actor: User | None,
    username: str,
    display_name: str,
    password: str | None,
    email: str = "",
    is_administrator: bool = False,
) -> User:
    """Opens an account on behalf of somebody, for example at the city's desk or for the demo city.

    Whether the actor may open accounts is for the room to decide that calls this.

    Args:
        actor: who opens it; ``None`` for the system itself. Only the system and administrators give names
            that look like the city's own.
        username: the name to sign in with; letters, digits and ``._-``.
        display_name: the name that others see, up to 50 characters.
        password: ``None`` if the person will sign in by another way.

    Raises:
        NotAllowed: an administrator's account was asked for by somebody who is none.
        ValidationError: a name or address is taken, reserved, or has characters that it must not have.
    """
    if actor is not None and not rules.is_administrator(actor):
        display_name = checked_display_name(display_name)
        for validator in validators_for_everybody:
            validator(username)
    user = User.objects.create_user(
        username, password=password, display_name=display_name, email=email
    )
    audit.record(actor=actor, act="accounts.account_opened", target=user)
    if is_administrator:
        grant_role(actor=actor, person=user, role=Role.ADMINISTRATOR)
    return user


def may_name(actor: User, person: User) -> bool:
    """People name themselves; administrators help them."""
    return actor.pk == person.pk or rules.is_administrator(actor)


@transaction.atomic
def change_display_name(*, actor: User, person: User, display_name: str) -> User:
    """Gives a person another name that others see.

    Raises:
        NotAllowed: it is not the actor's own name, and they are no administrator.
        ValidationError: the name is empty, too long, or imitates an office that the person does not hold.
    """
    if not may_name(actor, person):
        raise NotAllowed
    person.display_name = checked_display_name(display_name, roles=person.roles)
    person.save(update_fields=["display_name"])
    audit.record(actor=actor, act="accounts.display_name_changed", target=person)
    return person


@transaction.atomic
def change_user_name(*, actor: User, person: User, username: str) -> User:
    """Gives a person another name to sign in with.

    Raises:
        NotAllowed: it is not the actor's own name, and they are no administrator.
        ValidationError: the name is taken, reserved, or has characters that it must not have.
    """
    if not may_name(actor, person):
        raise NotAllowed
    person.username = username
    if not rules.is_administrator(actor):
        for validator in validators_for_everybody:
            validator(username)
    try:
        person.full_clean(exclude=["password", "email", "display_name"])
    except ValidationError as error:
        raise ValidationError(
            [message for text in error.message_dict.values() for message in text]
        ) from error
    person.save(update_fields=["username"])
    audit.record(actor=actor, act="accounts.user_name_changed", target=person)
    return person


@transaction.atomic
def forget_strangers_password(*, person: User) -> None:
    """Removes the password of an account that nobody has ever entered.

    Somebody may have signed up with another's address and a password of their own; when the owner of the
    address comes in by a code, the stranger's password must open nothing.
    """
    if person.last_login is None and person.has_usable_password():
        person.set_unusable_password()
        person.save(update_fields=["password"])
        audit.record(actor=None, act="accounts.strangers_password_removed", target=person)


@transaction.atomic
def keep_preferences(
    *, actor: User, language: str | None = None, text_size: str | None = None
) -> User:
    """Remembers how the person wants to read, on every device of theirs and in their mails.

    Args:
        language: a code of ``settings.LANGUAGES``; ``None`` leaves it as it is.
        text_size: one of ``settings.TEXT_SIZES``; ``None`` leaves it as it is.

    Raises:
        ValidationError: there is no such language or size.
    """
    changed = []
    for field, value, known in (
        ("language", language, dict(settings.LANGUAGES)),
        ("text_size", text_size, settings.TEXT_SIZES),
    ):
        if value is None or value == getattr(actor, field):
            continue
        if value not in known:
            raise ValidationError({field: _("Please choose one of the list.")})
        setattr(actor, field, value)
        changed.append(field)
    if changed:
        actor.save(update_fields=changed)
    return actor


@transaction.atomic
def close_account(*, actor: User, person: User) -> User:
    """Keeps a person out for now: nobody signs in to the account until it is opened again.

    Raises:
        NotAllowed: the actor is no administrator.
        Conflict: an administrator cannot close their own account.
    """
    if not rules.is_administrator(actor):
        raise NotAllowed
    if actor.pk == person.pk:
        raise Conflict(_("You cannot close your own account."))
    person.is_active = False
    person.save(update_fields=["is_active"])
    person.forget_roles()
    # Or they would come to life again with the account.
    end_sessions(person)
    audit.record(actor=actor, act="accounts.account_closed", target=person)
    return person


@transaction.atomic
def reopen_account(*, actor: User, person: User) -> User:
    """Lets a person in again whose account was closed; a deleted one stays deleted.

    Raises:
        NotAllowed: the actor is no administrator.
        Conflict: the account was deleted.
    """
    if not rules.is_administrator(actor):
        raise NotAllowed
    if person.erased_at is not None:
        raise Conflict(_("This account was deleted; it cannot be opened again."))
    person.is_active = True
    person.save(update_fields=["is_active"])
    person.forget_roles()
    audit.record(actor=actor, act="accounts.account_reopened", target=person)
    return person
