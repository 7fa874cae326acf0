"""Audiences too large for a row each: who belongs to one is asked of the database, never listed in Python."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from accounts.models import User


@dataclass(frozen=True)
class Audience:
    """A kind of audience, for example all members of an association.

    Args:
        name: names it in the table of broadcasts.
        members: who belongs to the audience with this key now, as a query.
        mine: which broadcasts are a person's: a condition on their column ``audience_key``, in SQL only, as every
            page of the person asks it.
    """

    name: str
    members: Callable[[str], QuerySet[User]]
    mine: Callable[[User], Q]


_audiences: dict[str, Audience] = {}


class UnknownAudience(LookupError):
    """No room has registered an audience of this name."""


def register(audience: Audience) -> None:
    """Adds a kind of audience; rooms call this when their app is ready.

    Raises:
        ValueError: there is another one of this name.
    """
    if audience.name in _audiences:
        raise ValueError(f"there is an audience {audience.name!r} already")
    _audiences[audience.name] = audience


def get(name: str) -> Audience:
    """The audience of this name.

    Raises:
        UnknownAudience: there is none.
    """
    try:
        return _audiences[name]
    except KeyError:
        raise UnknownAudience(name) from None


def of(person: User) -> Q:
    """A condition on broadcasts: those of which the person is the audience."""
    condition = Q(pk__in=[])
    for audience in _audiences.values():
        condition |= Q(audience=audience.name) & audience.mine(person)
    return condition


# Everybody with an account.
EVERYBODY = Audience(
    name="everybody",
    members=lambda key: User.objects.filter(is_active=True),
    mine=lambda person: Q(audience_key=""),
)
register(EVERYBODY)
