"""The audit log: who did what, to what, when, from where. Rows are added and never changed.

Services call :func:`record` inside their own transaction, so that an act and its row stand or fall together.
"""

from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.db import models

from core.models import AuditEntry


@dataclass(frozen=True)
class Origin:
    """Where the current work comes from: the network address and the id of its request."""

    address: str = ""
    request_id: str = ""


_origin: ContextVar[Origin] = ContextVar("audit_origin", default=Origin())  # noqa: B039  (frozen)


def remember_origin(*, address: str, request_id: str) -> None:
    """Notes for the current request or task where its acts come from."""
    _origin.set(Origin(address=address, request_id=request_id))


def record(
    *,
    actor: models.Model | None,
    act: str,
    target: models.Model | None = None,
    detail: dict[str, Any] | None = None,
) -> AuditEntry:
    """Adds a row to the audit log; call it in the transaction of the act itself.

    Args:
        actor: the person who acts; ``None`` for the system itself.
        act: a dotted name of the room and the act, for example ``issues.stage_changed``.
        target: the row that the act concerns.
        detail: what a later reader needs to understand the act, as JSON; names of people do not belong here.

    Raises:
        ValueError: the act's name has no dot, or a row that is not saved yet was given.
    """
    if "." not in act:
        raise ValueError(f"an act is named room.act, not {act!r}")
    if target is not None and target.pk is None:
        raise ValueError("the target must be saved before it is named in the log")
    origin = _origin.get()
    return AuditEntry.objects.create(
        actor_id=actor.pk if actor is not None else None,
        act=act,
        target_type=target._meta.label_lower if target is not None else "",
        target_id=str(target.pk) if target is not None else "",
        detail=detail or {},
        address=origin.address or None,
        request_id=origin.request_id,
    )
