"""What may happen to a person's account."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import transaction

from accounts.models import User
from core import audit
from core.text import one_line


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

    Args:
        actor: who opens it; ``None`` for the system itself.
        username: the name to sign in with; letters, digits and ``._-``.
        display_name: the name that others see, up to 50 characters.
        password: ``None`` if the person will sign in by another way.

    Raises:
        ValidationError: a name or address is taken or has characters that it must not have.
    """
    user = User.objects.create_user(
        username,
        password=password,
        display_name=display_name,
        email=email,
        is_staff=is_administrator,
        is_superuser=is_administrator,
    )
    audit.record(actor=actor, act="accounts.account_opened", target=user)
    return user


@dataclass(frozen=True, slots=True)
class Accounts:
    """Keys of accounts by user name, and which of them were open before."""

    keys: dict[str, int]
    known: frozenset[int]


@transaction.atomic
def open_accounts(*, actor: User | None, people: Mapping[str, str]) -> Accounts:
    """Opens many accounts without a password, a few thousand at a time; those that are open stay as they are.

    Args:
        actor: who opens them; ``None`` for the system itself.
        people: display names by user name; user names are kept in lower case.

    Raises:
        ValidationError: a name is empty, too long, or has characters that it must not have.
    """
    names = {username.lower(): one_line(shown) for username, shown in people.items()}
    known = dict(User.objects.filter(username__in=names).values_list("username", "pk"))
    new = [
        User(
            username=username,
            display_name=shown,
            # Never a hash, as Django's own unusable passwords; those cost 40 draws each.
            password=UNUSABLE_PASSWORD_PREFIX + secrets.token_urlsafe(30),
        )
        for username, shown in names.items()
        if username not in known
    ]
    for user in new:
        user.clean_fields()
    User.objects.bulk_create(new)
    if new:
        audit.record(actor=actor, act="accounts.accounts_opened", detail={"count": len(new)})
    keys = known | {user.username: user.pk for user in new}
    return Accounts(
        keys={username: keys[username.lower()] for username in people},
        known=frozenset(known.values()),
    )
