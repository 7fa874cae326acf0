"""What happened that concerns a person, every attempt to tell them, and where they can be reached."""

from notifications.models.addresses import (
    LineLink,
    LineLinkCode,
    MailRefusal,
    MailTrouble,
    PushSubscription,
)
from notifications.models.batches import LineBatch, LineBatchMember
from notifications.models.delivery import Delivery

__all__ = [
    "Delivery",
    "LineBatch",
    "LineBatchMember",
    "LineLink",
    "LineLinkCode",
    "MailRefusal",
    "MailTrouble",
    "PushSubscription",
]
