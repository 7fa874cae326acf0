"""Every bound of the live layer. ``settings.LIVE_LIMITS`` changes single ones; docs/live-protocol.md explains them."""

from dataclasses import dataclass
from functools import cache

from django.conf import settings


@dataclass(frozen=True)
class Limits:
    """Times are in seconds."""

    # What a client may send: messages in a burst, then a second; faults before it is sent away.
    longest_message: int = 4096
    burst: int = 20
    messages_per_second: float = 2.0
    most_faults: int = 5
    # Open sockets of one web process: in all, of one account, of one network address without an account. A
    # school or a hall may stand behind one address.
    most_sockets: int = 20_000
    most_sockets_of_an_account: int = 50
    most_sockets_of_an_address: int = 2_000
    # Who is further behind reloads the page instead of being told everything.
    most_replayed: int = 1_000
    page: int = 100
    # What waits in the process for one slow client, beyond the buffers of its connection.
    most_waiting_frames: int = 200
    most_waiting_characters: int = 262_144
    # A client that takes nothing for so long is cut off.
    patience: float = 20.0
    # A sign of life for clients.
    heartbeat: float = 25.0
    # Whether session and permission still hold.
    recheck: float = 60.0
    # How often the database is asked for what no hint told of: with Redis, and without.
    sweep: float = 20.0
    sweep_without_redis: float = 2.0
    # At most one word on the number of readers in this time; what a dead process counted is forgotten later.
    presence: float = 3.0
    presence_refresh: float = 20.0
    presence_expiry: float = 60.0
    # What clients that poll are told to wait.
    poll: float = 10.0


@cache
def limits() -> Limits:
    """The bounds of this process."""
    return Limits(**settings.LIVE_LIMITS)
