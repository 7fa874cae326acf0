"""Requests to LINE, kept before they are made, so that a repeat is the same request."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone

from notifications.models import LineBatch, LineBatchMember

_NAMESPACE = UUID("0e0f5a3c-6c0a-5f0e-9d9b-2f6f1c7a9b10")
# LINE knows a retry key for 24 hours; a little less, as clocks differ.
KNOWN_TO_LINE = timedelta(hours=23, minutes=50)
KEPT = timedelta(days=3)


def retry_key(keys: Sequence[UUID]) -> UUID:
    """The key of a request, made from those of its deliveries; their order does not matter."""
    return uuid5(_NAMESPACE, " ".join(sorted(map(str, keys))))


@transaction.atomic
def keep(*, keys: Sequence[UUID], request: dict[str, Any]) -> LineBatch:
    """Writes a request down.

    Args:
        keys: of its deliveries.
        request: as the SDK gives it.

    Raises:
        IntegrityError: one of the deliveries is in another request already.
    """
    forget_old()
    batch = LineBatch.objects.create(retry_key=retry_key(keys), request=request)
    LineBatchMember.objects.bulk_create(LineBatchMember(batch=batch, key=key) for key in keys)
    return batch


def of(keys: Sequence[UUID]) -> dict[UUID, LineBatch]:
    """By delivery: the request that it is in."""
    members = LineBatchMember.objects.filter(key__in=keys).select_related("batch")
    return {member.key: member.batch for member in members}


def accepted(batch: LineBatch) -> None:
    """LINE has taken it; the user ids in it are needed no more."""
    LineBatch.objects.filter(pk=batch.pk).update(state=LineBatch.State.ACCEPTED, request={})


def refused(batch: LineBatch) -> None:
    """LINE has not taken it and never will; its deliveries may go into others."""
    batch.delete()


def is_forgotten_by_line(batch: LineBatch) -> bool:
    """Whether LINE would take a repeat for a new request."""
    return timezone.now() - batch.created_at > KNOWN_TO_LINE


def forget_old() -> int:
    """Removes requests that nobody will repeat; says how many."""
    old = LineBatch.objects.filter(created_at__lt=timezone.now() - KEPT)
    _rows, by_model = old.delete()
    return by_model.get(LineBatch._meta.label, 0)
