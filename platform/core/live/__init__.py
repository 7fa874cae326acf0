"""The live layer: numbered streams of events that reach every open page, none lost, none twice, in order.

A room registers a stream kind when its app is ready and calls :func:`publish` in the transaction in which its
service writes events. The database is the truth; Redis carries only the hint and the frame from the process that
wrote to the web processes that have readers. The protocol is written down in docs/live-protocol.md, the reasons in
docs/adr/0011-live-layer.md.
"""

from core.live.publishing import end_session, publish, withdraw, withdraw_person
from core.live.registry import Event, Reader, StreamKind, register

__all__ = [
    "Event",
    "Reader",
    "StreamKind",
    "end_session",
    "publish",
    "register",
    "withdraw",
    "withdraw_person",
]
