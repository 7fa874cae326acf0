"""People for tests, made as the city's desk makes them."""

from itertools import count
from typing import Any

from django.test import Client

from accounts.models import User
from accounts.services import open_account

PASSWORD = "a long enough word"
_numbers = count(1)


def new_person(username: str = "", **fields: Any) -> User:
    """Opens an account through the real service; :data:`PASSWORD` signs in.

    Args:
        username: made up if not given.
        fields: arguments of ``accounts.services.open_account``.
    """
    username = username or f"person{next(_numbers)}"
    given: dict[str, Any] = {
        "actor": None,
        "display_name": f"{username} さん",
        "password": PASSWORD,
    } | fields
    return open_account(username=username, **given)


def signed_in_client(person: User) -> Client:
    """A browser without eyes in which ``person`` has signed in."""
    client = Client()
    client.force_login(person)
    return client
