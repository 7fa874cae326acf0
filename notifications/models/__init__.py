"""What the room keeps: what happened, who was told how, and how people want to be told."""

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
    "Mute",
    "Notification",
    "Rhythm",
    "Wish",
]
