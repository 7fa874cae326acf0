"""What could not be delivered, and why: no names of people and no words of messages."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError, NotFound
from notifications.models import Delivery
from notifications.selectors.why import reason_in_words

PAGE_SIZE = 50
OPEN = (Delivery.State.DEAD, Delivery.State.UNKNOWN)


@dataclass(frozen=True)
class Lost:
    """A delivery that was given up or is unclear."""

    delivery: Delivery
    kind: str
    reason: str | Promise


@dataclass(frozen=True)
class Page:
    """A piece of the list; ``following`` is the cursor of the next piece, empty at the end."""

    lost: Sequence[Lost]
    following: str


def page_of_undelivered(*, after: str = "", size: int = PAGE_SIZE) -> Page:
    """The newest first, in one query.

    Raises:
        DomainError: the cursor is none of ours.
    """
    rows = Delivery.objects.filter(state__in=OPEN).select_related("notification", "broadcast")
    if after:
        if not (after.isascii() and after.isdigit() and len(after) < 19):
            raise DomainError(
                _("This page of the list does not exist. Please start from its beginning.")
            )
        rows = rows.filter(pk__lt=int(after))
    found = list(rows.order_by("-pk")[: size + 1])
    lost = []
    for row in found[:size]:
        told = row.notification or row.broadcast
        lost.append(Lost(row, told.kind if told else "", reason_in_words(row.reason)))
    return Page(lost, str(found[size - 1].pk) if len(found) > size else "")


def delivery_for(pk: int) -> Delivery:
    """One of them.

    Raises:
        NotFound: there is none.
    """
    found = Delivery.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found
