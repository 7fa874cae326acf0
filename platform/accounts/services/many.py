"""Opening many accounts at once, for imports and the demo city."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import transaction

from accounts import rules
from accounts.models import User
from core import audit
from core.errors import NotAllowed
from core.text import one_line


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
        NotAllowed: the actor is no administrator.
        ValidationError: a name is empty, too long, or has characters that it must not have.
    """
    if actor is not None and not rules.is_administrator(actor):
        raise NotAllowed
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
