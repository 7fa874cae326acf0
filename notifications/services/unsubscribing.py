"""「このメールを止める」: one click in a mail, without signing in, stops mails of its category (RFC 8058)."""

from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse

from accounts.models import User
from core import audit
from core.errors import NotFound
from notifications.models import MailRefusal

# No expiry: whoever opens an old mail and wants no more of them is right. No colon: mail programs that make a link
# of an address in a text may end it there.
_SIGNER = signing.Signer(salt="notifications.unsubscribe", sep=".")


@dataclass(frozen=True)
class Request:
    """Who wants no more mails of what."""

    person: User
    category: str


def url_for(*, recipient_id: int, category: str) -> str:
    """The absolute address for ``Outgoing.unsubscribe_url``. It opens nothing but this one switch.

    Args:
        category: its slug.
    """
    token = _SIGNER.sign_object([recipient_id, category])
    site: str = settings.SITE_URL.rstrip("/")
    return site + reverse("notifications:unsubscribe", args=[token])


def read(token: str) -> Request:
    """Whose mail it stands in, and of what category.

    Raises:
        NotFound: it is not one of ours, or the person has left.
    """
    try:
        recipient_id, category = _SIGNER.unsign_object(token)
    except (signing.BadSignature, ValueError) as error:
        raise NotFound from error
    person = User.objects.filter(pk=recipient_id, is_active=True).first()
    if person is None:
        raise NotFound
    return Request(person, category)


@transaction.atomic
def stop(*, person: User, category: str) -> None:
    """No more mails of this category; doing it again changes nothing.

    Whoever has the mail may do it: mail programs press the button themselves.
    """
    _row, is_new = MailRefusal.objects.get_or_create(person=person, category=category)
    if is_new:
        audit.record(
            actor=None,
            act="notifications.mails_stopped",
            target=person,
            detail={"category": category},
        )


@transaction.atomic
def resume(*, person: User, category: str) -> None:
    """Mails of this category again."""
    removed, _ = MailRefusal.objects.filter(person=person, category=category).delete()
    if removed:
        audit.record(
            actor=None,
            act="notifications.mails_resumed",
            target=person,
            detail={"category": category},
        )
