"""What can be asked of the outbox and of people's addresses."""

from notifications.selectors.addresses import (
    Addresses,
    MailState,
    addresses_of,
    all_of,
    is_set_up,
    what_we_know,
)
from notifications.selectors.outbox import OUTBOX_LIMIT, outbox_age, outbox_finding

__all__ = [
    "OUTBOX_LIMIT",
    "Addresses",
    "MailState",
    "addresses_of",
    "all_of",
    "is_set_up",
    "outbox_age",
    "outbox_finding",
    "what_we_know",
]
