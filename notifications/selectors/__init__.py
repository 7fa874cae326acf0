"""What can be asked of the outbox and of people's addresses."""

from notifications.selectors.outbox import OUTBOX_LIMIT, outbox_age, outbox_finding

__all__ = ["OUTBOX_LIMIT", "outbox_age", "outbox_finding"]
