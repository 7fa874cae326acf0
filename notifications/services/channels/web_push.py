"""By Web Push: a short notice to one browser, encrypted for it alone (RFC 8030, 8291, 8292; pywebpush)."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import requests
from django.conf import settings
from py_vapid import Vapid02
from pywebpush import WebPushException, webpush

from notifications.models import Delivery, PushSubscription
from notifications.services.channels.base import Outgoing, Result
from notifications.services.push_hosts import is_push_service

# Push services take 4,096 bytes encrypted; older ones less. Padding and header take some 100.
LARGEST_PAYLOAD = 3 * 1024
# A browser that was off for a day finds the rest in its inbox.
SECONDS_KEPT = 24 * 3600
SECONDS_TO_CONNECT, SECONDS_TO_ANSWER = 5, 10
LONGEST_WAIT = 24 * 3600


class WebPushAdapter:
    """One request a browser, over connections that stay open for the batch.

    A repeat is recognised twice: the push service replaces what it still holds by ``Topic``, and the browser
    replaces what it shows by its tag. Both are made from the delivery's key, so a request whose answer was lost
    is simply tried again.
    """

    channel = str(Delivery.Channel.WEB_PUSH)
    batch_size = 100

    def send(self, messages: Sequence[Outgoing]) -> Sequence[Result]:
        """Sends one message after the other."""
        if len(messages) > self.batch_size:
            raise ValueError(f"at most {self.batch_size} messages at a time")
        key = Vapid02.from_string(private_key=settings.VAPID_PRIVATE_KEY)
        with requests.Session() as session:
            # Push services do not redirect; somebody who is none might, to a place inside our network.
            session.max_redirects = 0
            return [self._send(session, key, message) for message in messages]

    def _send(self, session: requests.Session, key: Vapid02, message: Outgoing) -> Result:
        if not isinstance(message.address, Mapping):
            raise ValueError("Web Push needs a subscription")
        subscription = message.address
        if not is_push_service(subscription["endpoint"]):
            return Result("dead", "host_not_allowed")
        try:
            webpush(
                {
                    "endpoint": subscription["endpoint"],
                    "keys": {"p256dh": subscription["p256dh"], "auth": subscription["auth"]},
                },
                data=payload(message).decode(),
                vapid_private_key=key,
                vapid_claims={"sub": settings.VAPID_CONTACT},
                ttl=SECONDS_KEPT,
                headers={
                    "Urgency": "high" if message.urgent else "normal",
                    "Topic": topic(message),
                },
                # One for connecting, one for the answer; requests takes both.
                timeout=(SECONDS_TO_CONNECT, SECONDS_TO_ANSWER),
                requests_session=session,
            )
        except WebPushException as error:
            return self._refused(error, subscription)
        except requests.TooManyRedirects:
            return Result("dead", "redirected")
        except requests.RequestException:
            return Result("retry", "cut_off")
        except ValueError:
            # Keys that are no point on the curve: nobody can ever encrypt for them.
            _forget(subscription)
            return Result("dead", "malformed", drop_address=True)
        return Result("sent")

    def _refused(self, error: WebPushException, subscription: Mapping[str, str]) -> Result:
        status = error.status_code
        if status is None:
            _forget(subscription)
            return Result("dead", "malformed", drop_address=True)
        if status in {404, 410}:
            _forget(subscription)
            return Result("dead", "gone", drop_address=True)
        if status in {401, 403, 408, 429} or status >= 500:
            # 401 and 403 are about our key: somebody can mend it, and the browser is not to blame.
            return Result("retry", f"http_{status}", seconds_until(error.retry_after))
        return Result("dead", f"http_{status}")


def topic(message: Outgoing) -> str:
    """What a push service knows a repeat by: the key in base64url (at most 32 characters, RFC 8030)."""
    return urlsafe_b64encode(message.key.bytes).decode().rstrip("=")


def payload(message: Outgoing) -> bytes:
    """What the service worker is given, as JSON of at most :data:`LARGEST_PAYLOAD` bytes."""
    told: dict[str, Any] = {
        "title": message.subject,
        "body": message.text,
        "url": message.url,
        "tag": str(message.key),
        "lang": message.language.split("-")[0],
        "urgent": message.urgent,
    }
    for field in ("body", "title"):
        while len(packed := _packed(told)) > LARGEST_PAYLOAD and told[field]:
            too_much = len(packed) - LARGEST_PAYLOAD
            kept = told[field].encode()[: -too_much - len("…".encode())]
            told[field] = kept.decode(errors="ignore") + "…" if kept else ""
    return _packed(told)


def seconds_until(value: str | None) -> int | None:
    """``Retry-After`` in seconds, whether it is a number or a date; ``None`` if it is neither."""
    if not value:
        return None
    if value.strip().isdecimal():
        return min(int(value), LONGEST_WAIT)
    try:
        at = parsedate_to_datetime(value)
    except ValueError:
        return None
    if at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
    return max(0, min(int((at - datetime.now(UTC)).total_seconds()), LONGEST_WAIT))


def _packed(told: dict[str, Any]) -> bytes:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def _forget(subscription: Mapping[str, str]) -> None:
    PushSubscription.objects.filter(
        pk=subscription["id"], endpoint=subscription["endpoint"]
    ).delete()
