"""The talk's city with the patience of a real one."""

from tests.core.live.city.settings import *  # noqa: F403

# All readers come from this machine, as guests.
LIVE_LIMITS = {"most_sockets_of_an_address": 20_000}
