"""The ways out of the house: one adapter for each channel, all spoken to through :mod:`.base`."""

from django.utils.module_loading import import_string

from notifications.models import Delivery
from notifications.services.channels import addresses
from notifications.services.channels.base import Adapter, Destination, Outgoing, Result, combined

__all__ = [
    "OUTSIDE",
    "Adapter",
    "Destination",
    "Outgoing",
    "Result",
    "adapter",
    "addresses",
    "combined",
]

# Loaded when something is sent: LINE's library alone takes a second.
_ADAPTERS = {
    str(Delivery.Channel.LINE): "notifications.services.channels.line.LineAdapter",
    str(Delivery.Channel.EMAIL): "notifications.services.channels.email.EmailAdapter",
    str(Delivery.Channel.WEB_PUSH): "notifications.services.channels.web_push.WebPushAdapter",
}

#: The channels that lead out of the house, in the order in which one stands in for another.
OUTSIDE: tuple[str, ...] = tuple(_ADAPTERS)


def adapter(channel: str) -> Adapter:
    """The adapter of a channel; take a new one for each batch.

    Raises:
        ValueError: the channel does not lead out of the house.
    """
    if channel not in _ADAPTERS:
        raise ValueError(f"{channel!r} does not lead out of the house")
    made: Adapter = import_string(_ADAPTERS[channel])()
    return made
