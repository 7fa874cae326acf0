"""Who can be reached where: what the outbox asks before it words a message."""

from collections.abc import Collection

from notifications import selectors
from notifications.services.channels.base import Destination


def of(
    channel: str, people: Collection[int], *, category: str = ""
) -> dict[int, list[Destination]]:
    """By person: their addresses in a channel. Whoever cannot be reached there is missing. One query.

    A person has one address for mail and one for LINE, and as many for Web Push as browsers.

    Args:
        people: their keys.
        category: of what is to be sent, if it can be refused: whoever has stopped mails of it by a click in one
            (RFC 8058) gets none. Leave it out for what is transactional.

    Raises:
        ValueError: the channel does not lead out of the house.
    """
    return selectors.addresses_of(channel, people, category=category)
