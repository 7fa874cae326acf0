"""The outbox: what is due is claimed, decided, sent and written down, by as many workers as there are.

The table is the truth (docs/adr/0005). A round is: claim a batch, ask permission, preference and language of each
recipient, send, record. A worker that dies in between leaves a lease that runs out.
"""

from notifications.services.outbox.broadcasting import write_deliveries
from notifications.services.outbox.claiming import recover, try_again
from notifications.services.outbox.digests import write_digests
from notifications.services.outbox.rounds import dispatch, one_round

__all__ = ["dispatch", "one_round", "recover", "try_again", "write_deliveries", "write_digests"]
