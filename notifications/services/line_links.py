"""Whose LINE account is whose: a one-time code shown here and sent there, or the LINE account one signs in with."""

import secrets
from datetime import datetime, timedelta

from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core import audit
from core.errors import Conflict, NotFound
from core.text import half_width
from notifications.models import LineLink, LineLinkCode
from notifications.services import limits

DIGITS = 8
VALID = timedelta(minutes=10)
# Whoever guesses has ten minutes, five tries, and a hundred million codes.
TRIES_OF_ONE = 5
TRIES_OF_ALL = 300
CODES_OF_ONE = 5


class NoSuchCode(Conflict):
    """Nobody has this code, or no longer."""

    default_sentence = _("This code can no longer be used. Please ask for a new one.")


@transaction.atomic
def issue_code(*, actor: User) -> str:
    """A new code for the person, as ``1234-5678``; an older one ends.

    Raises:
        TooMany: more than :data:`CODES_OF_ONE` in ten minutes.
    """
    limits.spend("line_code", actor.pk, times=CODES_OF_ONE, seconds=int(VALID.total_seconds()))
    LineLinkCode.objects.filter(Q(person=actor) | Q(expires_at__lt=timezone.now())).delete()
    code = _unused_code()
    LineLinkCode.objects.create(
        person=actor, digest=_digest(code), expires_at=timezone.now() + VALID
    )
    return f"{code[:4]}-{code[4:]}"


def digits_in(text: str) -> str:
    """The digits of a message that is a code and nothing else, whatever width they have; else empty."""
    plain = half_width(text)
    digits = "".join(
        character for character in plain if character.isascii() and character.isdigit()
    )
    rest = {character for character in plain if not character.isdigit()}
    return digits if len(digits) == DIGITS and rest <= set("-‐‑–—―−ー 　") else ""


def redeem(*, line_user_id: str, digits: str, at: datetime) -> LineLink:
    """Links the LINE account from which a code came with the person who was shown it.

    A LINE account and a person have one link at most: an older one of either ends.

    Args:
        at: when LINE got the message.

    Raises:
        NoSuchCode: it is nobody's, too old, or used.
        TooMany: too many wrong codes from this LINE account, or from all together.
    """
    seconds = int(VALID.total_seconds())
    limits.spend("line_try", line_user_id, times=TRIES_OF_ONE, seconds=seconds)
    limits.refuse_if_spent("line_try", "all", times=TRIES_OF_ALL, seconds=seconds)
    with transaction.atomic():
        code = (
            LineLinkCode.objects.select_for_update(of=("self",))
            .select_related("person")
            .filter(digest=_digest(digits), expires_at__gt=timezone.now(), person__is_active=True)
            .first()
        )
        if code is not None:
            code.delete()
            return _link(code.person, line_user_id, at)
    limits.spend("line_try", "all", times=TRIES_OF_ALL, seconds=seconds)
    raise NoSuchCode


@transaction.atomic
def befriended(*, line_user_id: str, at: datetime) -> LineLink | None:
    """Somebody has added the official account, or unblocked it.

    Whoever signs in here with this very LINE account is linked at once, unless they have another link. LINE gives
    both channels the same user id if they belong to the same provider in its console; otherwise nobody matches.

    Returns:
        The link, if it is known whose account it is.
    """
    link = LineLink.objects.select_for_update().filter(line_user_id=line_user_id).first()
    if link is not None:
        _remember(link, is_friend=True, at=at)
        return link
    known = (
        SocialAccount.objects.filter(
            provider="line", uid=line_user_id, user__is_active=True, user__line_link=None
        )
        .select_related("user")
        .first()
    )
    return _link(known.user, line_user_id, at) if known else None


@transaction.atomic
def blocked(*, line_user_id: str, at: datetime) -> None:
    """Somebody has blocked the official account: nothing reaches them there any more."""
    link = LineLink.objects.select_for_update().filter(line_user_id=line_user_id).first()
    if link is not None:
        _remember(link, is_friend=False, at=at)


@transaction.atomic
def unlink(*, actor: User) -> None:
    """Sends nothing more to the person's LINE account.

    Raises:
        NotFound: they have linked none.
    """
    link = LineLink.objects.filter(person=actor).first()
    if link is None:
        raise NotFound
    audit.record(actor=actor, act="notifications.line_unlinked", target=link)
    link.delete()


def _link(person: User, line_user_id: str, at: datetime) -> LineLink:
    LineLink.objects.filter(Q(person=person) | Q(line_user_id=line_user_id)).delete()
    link = LineLink.objects.create(person=person, line_user_id=line_user_id, friendship_at=at)
    audit.record(actor=person, act="notifications.line_linked", target=link)
    return link


def _remember(link: LineLink, *, is_friend: bool, at: datetime) -> None:
    """Keeps what happened last, in whatever order it is told."""
    if at >= link.friendship_at:
        link.is_friend, link.friendship_at = is_friend, at
        link.save(update_fields=["is_friend", "friendship_at"])


def _unused_code() -> str:
    while True:
        code = "".join(secrets.choice("0123456789") for _digit in range(DIGITS))
        if not LineLinkCode.objects.filter(digest=_digest(code)).exists():
            return code


def _digest(digits: str) -> str:
    return salted_hmac("notifications.line_link", digits, secret=settings.SECRET_KEY).hexdigest()
