"""Who can be reached where: what the outbox asks before it words a message."""

from collections.abc import Collection

from notifications import selectors
from notifications.services.channels.base import Destination


def of(channel: str, people: Collection[int]) -> dict[int, list[Destination]]:
    """By person: their addresses in a channel. Whoever cannot be reached there is missing. One query.

    A person has one address for mail and one for LINE, and as many for Web Push as browsers.

    Raises:
        ValueError: the channel does not lead out of the house.
    """
    return selectors.addresses_of(channel, people)
