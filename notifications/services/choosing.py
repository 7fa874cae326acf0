"""How a person wants to be told."""

from collections.abc import Mapping
from typing import Any

from django.core import signing
from django.db import transaction

from accounts.models import User
from core import audit
from core.errors import NotFound
from notifications import kinds
from notifications.models import Channel, Mute, Rhythm, Wish
from notifications.kinds.precedence import OUTSIDE

UNSUBSCRIBE = "notifications.unsubscribe"
# Of a summary: all that can be refused.
EVERYTHING = "digest"


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
    Wish.objects.bulk_create(
        Wish(person=actor, category=category.slug, channel=channel, is_on=is_on)
        for category in kinds.categories()
        if category.slug in wanted
        for channel in OUTSIDE
        if (is_on := channel in wanted[category.slug]) != (channel in category.channels)
    )
    Rhythm.objects.update_or_create(person=actor, defaults=dict(rhythm))
    audit.record(actor=actor, act="notifications.chosen", target=actor)


def category_of(token: str) -> tuple[int, str]:
    """Whose mails of which category a link of ours ends.

    Raises:
        NotFound: the link is none of ours.
    """
    try:
        person, category = signing.loads(token, salt=UNSUBSCRIBE)
    except (signing.BadSignature, ValueError) as error:
        raise NotFound from error
    return int(person), str(category)


@transaction.atomic
def unsubscribe(*, token: str) -> None:
    """Ends the mails of a category. Whoever holds the link, which stands in the mail alone, may do that.

    Raises:
        NotFound: the link is none of ours, or the account is gone.
    """
    key, slug = category_of(token)
    person = User.objects.filter(pk=key, is_active=True).first()
    if person is None:
        raise NotFound
    for category in kinds.categories():
        if slug in (category.slug, EVERYTHING):
            Wish.objects.update_or_create(
                person=person,
                category=category.slug,
                channel=Channel.EMAIL,
                defaults={"is_on": False},
            )
    audit.record(
        actor=person, act="notifications.unsubscribed", target=person, detail={"category": slug}
    )


@transaction.atomic
def end_mute(*, actor: User, pk: int) -> None:
    """Lets a person hear of a thing again.

    Raises:
        NotFound: they have no such mute.
    """
    deleted, _ = Mute.objects.filter(person=actor, pk=pk).delete()
    if not deleted:
        raise NotFound
