"""What the room keeps: what happened, who was told how, how people want to be told, and where they can be reached."""

from notifications.models.addresses import (
    LineLink,
    LineLinkCode,
    MailRefusal,
    MailTrouble,
    PushSubscription,
)
from notifications.models.batches import LineBatch, LineBatchMember
from notifications.models.delivery import ChannelPace, Delivery
from notifications.models.happenings import Broadcast, BroadcastReceipt, Notification
from notifications.models.wishes import Channel, Digest, Mute, Rhythm, Wish

__all__ = [
    "Broadcast",
    "BroadcastReceipt",
    "Channel",
    "ChannelPace",
    "Delivery",
    "Digest",
    "LineBatch",
    "LineBatchMember",
    "LineLink",
    "LineLinkCode",
    "MailRefusal",
    "MailTrouble",
    "Mute",
    "Notification",
    "PushSubscription",
    "Rhythm",
    "Wish",
]
