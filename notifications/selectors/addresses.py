"""Where people can be reached, and what their page about it shows."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db.models.functions import Lower

from accounts.models import User
from notifications.models import Delivery, LineLink, MailRefusal, MailTrouble, PushSubscription

Channel = Delivery.Channel
Address = str | Mapping[str, str]


def mail_addresses(people: Collection[int], *, category: str = "") -> dict[int, list[Address]]:
    """By person: the address that they have proved, unless mails to it came back or are not wanted.

    Args:
        category: of the mail, if it can be refused.
    """
    found: dict[int, list[Address]] = {}
    rows = (
        EmailAddress.objects.filter(user_id__in=people, verified=True)
        .alias(plain=Lower("email"))
        .exclude(plain__in=MailTrouble.objects.filter(person__in=people).values("address"))
        .order_by("-primary", "pk")
    )
    if category:
        rows = rows.exclude(user__in=MailRefusal.objects.filter(category=category).values("person"))
    for person, email in rows.values_list("user_id", "email"):
        found.setdefault(person, [email])
    return found


def push_addresses(people: Collection[int]) -> dict[int, list[Address]]:
    """By person: the browsers that take push notices from the key that we have now."""
    found: dict[int, list[Address]] = defaultdict(list)
    rows = PushSubscription.objects.filter(
        person__in=people, server_key=settings.VAPID_PUBLIC_KEY
    ).order_by("pk")
    for key, person, endpoint, p256dh, auth in rows.values_list(
        "id", "person_id", "endpoint", "p256dh", "auth"
    ):
        found[person].append({"id": str(key), "endpoint": endpoint, "p256dh": p256dh, "auth": auth})
    return dict(found)


def line_addresses(people: Collection[int]) -> dict[int, list[Address]]:
    """By person: the LINE user id, as long as they are friends of the official account."""
    rows = LineLink.objects.filter(person__in=people, is_friend=True)
    return {person: [user_id] for person, user_id in rows.values_list("person_id", "line_user_id")}


_LOOK_UPS = {
    Channel.WEB_PUSH: push_addresses,
    Channel.LINE: line_addresses,
}


def is_set_up(channel: str) -> bool:
    """Whether the city has given what this channel needs; mail always works somehow."""
    if channel == Channel.WEB_PUSH:
        return bool(settings.VAPID_PRIVATE_KEY)
    if channel == Channel.LINE:
        return bool(settings.LINE_MESSAGING_TOKEN and settings.LINE_MESSAGING_SECRET)
    return channel == Channel.EMAIL


def addresses_of(
    channel: str, people: Collection[int], *, category: str = ""
) -> dict[int, list[Address]]:
    """Where people can be reached by a channel; whoever cannot be reached is missing. One query.

    Args:
        people: their keys.
        category: of what is to be sent, if it can be refused: whoever has stopped mails of it gets none.

    Raises:
        ValueError: the channel does not lead out of the house.
    """
    if channel != Channel.EMAIL and channel not in _LOOK_UPS:
        raise ValueError(f"{channel!r} needs no address")
    if not is_set_up(channel):
        return {}
    if channel == Channel.EMAIL:
        return mail_addresses(people, category=category)
    return _LOOK_UPS[Channel(channel)](people)


@dataclass(frozen=True)
class MailState:
    """The e-mail address of a person: proved or not yet, and what is wrong with it."""

    address: str
    is_proved: bool
    trouble: MailTrouble | None


@dataclass(frozen=True)
class Addresses:
    """All that the page about one's addresses shows."""

    mail: MailState | None
    line: LineLink | None
    browsers: list[PushSubscription]


def all_of(person: User) -> Addresses:
    """Everything about where a person can be reached; four queries."""
    mails = EmailAddress.objects.filter(user=person).order_by("-verified", "-primary", "pk")
    mail = mails.first()
    trouble = mail and MailTrouble.objects.filter(person=person, address__iexact=mail.email).first()
    return Addresses(
        mail=MailState(mail.email, mail.verified, trouble) if mail else None,
        line=LineLink.objects.filter(person=person).first(),
        browsers=list(PushSubscription.objects.filter(person=person).order_by("pk")),
    )


def what_we_know(person: User) -> dict[str, Any]:
    """For the archive of a person's data."""
    link = LineLink.objects.filter(person=person).first()
    return {
        "line": link
        and {
            "line_user_id": link.line_user_id,
            "linked": link.linked_at,
            "friend": link.is_friend,
        },
        "browsers": list(
            PushSubscription.objects.filter(person=person)
            .order_by("pk")
            .values("device", "created_at", "endpoint")
        ),
        "mail_troubles": list(
            MailTrouble.objects.filter(person=person)
            .order_by("pk")
            .values("address", "kind", "since")
        ),
        "mails_stopped": list(
            MailRefusal.objects.filter(person=person).order_by("pk").values("category", "at")
        ),
    }
