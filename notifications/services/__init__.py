"""What the room does: telling people, and keeping what is needed to reach them."""

from notifications.services.choosing import choose, end_mute
from notifications.services.inbox import (
    mark_all_read,
    mark_broadcast_read,
    mark_read,
    mark_seen,
    mute,
    unmute,
)
from notifications.services.telling import notify

__all__ = [
    "choose",
    "end_mute",
    "mark_all_read",
    "mark_broadcast_read",
    "mark_read",
    "mark_seen",
    "mute",
    "notify",
    "unmute",
]
