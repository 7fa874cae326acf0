"""What the header of every page says of the room."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.models import User
from notifications.selectors.inbox import MOST_COUNTED, unread_count


def unread(request: HttpRequest) -> dict[str, Any]:
    """How much is unread; asked only by a page that shows it."""

    def words() -> str:
        # Pages of faults are drawn before anybody knows who asks.
        person = getattr(request, "user", None)
        number = unread_count(person) if isinstance(person, User) else 0
        return f"{MOST_COUNTED}+" if number > MOST_COUNTED else str(number or "")

    return {"unread": SimpleLazyObject(words)}
