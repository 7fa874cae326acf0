"""What the room keeps: what happened, who was told how, and how people want to be told."""

from notifications.models.delivery import Channel, Delivery
from notifications.models.happenings import Broadcast, BroadcastReceipt, Notification
from notifications.models.wishes import Mute

__all__ = [
    "Broadcast",
    "BroadcastReceipt",
    "Channel",
    "Delivery",
    "Mute",
    "Notification",
]
