"""How a person wants to be told."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from accounts.models import User
from core import audit
from core.errors import NotFound
from notifications import kinds
from notifications.kinds.precedence import OUTSIDE
from notifications.models import MailRefusal, Mute, Rhythm, Wish


@transaction.atomic
def choose(*, actor: User, wanted: Mapping[str, set[str]], rhythm: Mapping[str, Any]) -> None:
    """Keeps a person's wishes. Only what differs from the defaults is written, so that better defaults reach them.

    Args:
        wanted: by category the channels outside the house that are wanted.
        rhythm: the columns of :class:`Rhythm`.
    """
    # The person's row is the lock: a double click ends as one set of wishes.
    User.objects.select_for_update().get(pk=actor.pk)
    Wish.objects.filter(person=actor).delete()
    # What a click in a mail had stopped stands on the page as it is now.
    MailRefusal.objects.filter(person=actor).delete()
    Wish.objects.bulk_create(
        Wish(person=actor, category=category.slug, channel=channel, is_on=is_on)
        for category in kinds.categories()
        if category.slug in wanted
        for channel in OUTSIDE
        if (is_on := channel in wanted[category.slug]) != (channel in category.channels)
    )
    Rhythm.objects.update_or_create(person=actor, defaults=dict(rhythm))
    audit.record(actor=actor, act="notifications.chosen", target=actor)


@transaction.atomic
def end_mute(*, actor: User, pk: int) -> None:
    """Lets a person hear of a thing again.

    Raises:
        NotFound: they have no such mute.
    """
    deleted, _ = Mute.objects.filter(person=actor, pk=pk).delete()
    if not deleted:
        raise NotFound
