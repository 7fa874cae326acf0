"""Addresses whose mails come back: noted once, no more mails, and the person can say that it is mended."""

from typing import Any

from allauth.account.models import EmailAddress
from anymail.signals import AnymailTrackingEvent, EventType, RejectReason, tracking
from django.db import transaction

from accounts.models import User
from core import audit
from notifications.models import MailTrouble

# Other rejections are about one mail or one provider's policy, and pass.
_HOPELESS = frozenset({RejectReason.INVALID, RejectReason.BOUNCED})


@transaction.atomic
def note(*, address: str, kind: str, reason: str = "") -> MailTrouble | None:
    """Notes that mails to an address come back or are not wanted; nothing if it is nobody's here.

    Args:
        kind: one of ``MailTrouble.Kind``.
        reason: what the other side said, as a short code.
    """
    owner = EmailAddress.objects.filter(email__iexact=address).order_by("-verified", "pk").first()
    if owner is None:
        return None
    trouble, is_new = MailTrouble.objects.get_or_create(
        address=address.lower(),
        defaults={"person": owner.user, "kind": kind, "reason": reason[:40]},
    )
    if is_new:
        audit.record(
            actor=None, act="notifications.mail_stopped", target=owner.user, detail={"kind": kind}
        )
    return trouble


@transaction.atomic
def use_again(*, actor: User) -> bool:
    """Sends mails to the person's own addresses again; says whether anything had stopped them."""
    removed, _ = MailTrouble.objects.filter(person=actor).delete()
    if removed:
        audit.record(actor=actor, act="notifications.mail_resumed", target=actor)
    return bool(removed)


def connect() -> None:
    """Listens to what mail providers tell through Anymail's webhook."""
    tracking.connect(_heard, dispatch_uid="notifications.mail_troubles")


def _heard(sender: object, event: AnymailTrackingEvent, **kwargs: Any) -> None:
    if not event.recipient:
        return
    if event.event_type in {EventType.COMPLAINED, EventType.UNSUBSCRIBED}:
        kind = MailTrouble.Kind.COMPLAINED
    elif (
        event.event_type in {EventType.BOUNCED, EventType.REJECTED}
        and event.reject_reason in _HOPELESS
        and not _may_pass(event)
    ):
        kind = MailTrouble.Kind.BOUNCED
    else:
        return
    note(address=event.recipient, kind=kind, reason=event.reject_reason or "")


def _may_pass(event: AnymailTrackingEvent) -> bool:
    """Whether the provider calls it soft, as with a full mailbox. Anymail does not tell that apart."""
    told = event.esp_event
    names = [told.get(key, "") for key in ("Type", "type", "event")] if hasattr(told, "get") else []
    return any("soft" in str(name).lower() for name in names)
