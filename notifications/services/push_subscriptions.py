"""Browsers that take push notices: added by a press in that browser, removed by one anywhere."""

import re
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.selectors import device_in_words
from core import audit
from core.errors import Conflict, DomainError, NotFound
from notifications.models import PushSubscription
from notifications.services.push_hosts import is_push_service

_GRAPHIC = re.compile(r"[!-~]+")
MOST_BROWSERS = 10
LONGEST_ENDPOINT = 1000


class BadSubscription(DomainError):
    """What the browser sent is no subscription, or one of a push service that we do not know."""

    default_sentence = _(
        "Your browser sent something that we cannot use. Please reload the page and try again."
    )


@transaction.atomic
def subscribe(*, actor: User, subscription: Any, user_agent: str) -> PushSubscription:
    """Keeps where a browser takes push notices. The same browser again stays one; another person takes it over.

    Args:
        subscription: what ``PushSubscription.toJSON()`` of the Push API gives, parsed.
        user_agent: what the browser says it is.

    Raises:
        BadSubscription: it is none.
        Conflict: the person has :data:`MOST_BROWSERS` already.
    """
    endpoint, p256dh, auth = _checked(subscription)
    digest = sha256(endpoint.encode()).hexdigest()
    others = PushSubscription.objects.filter(person=actor).exclude(endpoint_digest=digest)
    if others.count() >= MOST_BROWSERS:
        raise Conflict(_("You have added many devices. Please remove one that you no longer use."))
    row, is_new = PushSubscription.objects.update_or_create(
        endpoint_digest=digest,
        defaults={
            "person": actor,
            "endpoint": endpoint,
            "p256dh": p256dh,
            "auth": auth,
            "server_key": settings.VAPID_PUBLIC_KEY,
            "device": device_in_words(user_agent)[:40],
        },
    )
    if is_new:
        audit.record(actor=actor, act="notifications.browser_added", target=row)
    return row


@transaction.atomic
def renew(*, actor: User, old_endpoint: str, subscription: Any) -> PushSubscription:
    """Follows a browser that got another address from its push service.

    Raises:
        NotFound: the person has no browser with the old address.
        BadSubscription: the new one is none.
    """
    digest = sha256(old_endpoint.encode()).hexdigest()
    row = PushSubscription.objects.filter(person=actor, endpoint_digest=digest).first()
    if row is None:
        raise NotFound
    endpoint, p256dh, auth = _checked(subscription)
    new_digest = sha256(endpoint.encode()).hexdigest()
    PushSubscription.objects.filter(endpoint_digest=new_digest).exclude(pk=row.pk).delete()
    row.endpoint, row.endpoint_digest, row.p256dh, row.auth = endpoint, new_digest, p256dh, auth
    row.server_key = settings.VAPID_PUBLIC_KEY
    row.save()
    return row


@transaction.atomic
def unsubscribe(*, actor: User, key: int) -> None:
    """Sends nothing more to one of the person's browsers.

    Raises:
        NotFound: it is none of theirs.
    """
    row = PushSubscription.objects.filter(person=actor, pk=key).first()
    if row is None:
        raise NotFound
    audit.record(actor=actor, act="notifications.browser_removed", target=row)
    row.delete()


def _checked(subscription: Any) -> tuple[str, str, str]:
    if not isinstance(subscription, Mapping):
        raise BadSubscription
    endpoint, keys = subscription.get("endpoint"), subscription.get("keys")
    if not isinstance(endpoint, str) or not isinstance(keys, Mapping):
        raise BadSubscription
    p256dh, auth = keys.get("p256dh"), keys.get("auth")
    if not isinstance(p256dh, str) or not isinstance(auth, str):
        raise BadSubscription
    # Printable ASCII without spaces: all that an address in a request may hold.
    if len(endpoint) > LONGEST_ENDPOINT or not _GRAPHIC.fullmatch(endpoint):
        raise BadSubscription
    if not is_push_service(endpoint):
        raise BadSubscription
    try:
        # A point that is not on the curve would make every later sending fail.
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _bytes(p256dh))
        if len(_bytes(auth)) != 16:
            raise BadSubscription
    except ValueError as error:
        raise BadSubscription from error
    return endpoint, p256dh.rstrip("="), auth.rstrip("=")


def _bytes(text: str) -> bytes:
    """Base64url, padded or not; at most as long as a key."""
    if len(text) > 100:
        raise ValueError("too long")
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
