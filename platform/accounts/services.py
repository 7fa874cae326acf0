"""What may happen to a person's account."""

from django.db import transaction

from accounts.models import User
from core import audit


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
