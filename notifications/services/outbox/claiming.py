"""Claims: which worker holds which delivery, until when, and what becomes of those whose worker died.

Only here is asked for locked rows. PostgreSQL skips those that another worker is claiming; SQLite lets one
transaction write at a time, so nobody meets a locked row there.
"""

import random
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Event, Thread

import structlog
from django.db import DatabaseError, connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import User
from core import audit
from core.errors import Conflict, NotAllowed
from notifications.models import Channel, Delivery
from notifications.rules import may_see_undelivered

log = structlog.get_logger("yoriai.outbox")

# Short, so that the work of a killed worker goes on within half a minute; renewed while the worker lives.
LEASE = timedelta(seconds=15)
SECONDS_BETWEEN_RENEWALS = 5.0
MOST_ATTEMPTS = 8
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)

State = Delivery.State
HELD = (State.CLAIMED, State.SENDING)
RELEASED = {"leased_until": None, "claim": None}


@transaction.atomic
def claim(*, size: int, now: datetime | None = None) -> tuple[uuid.UUID, Sequence[int]]:
    """Takes up to ``size`` deliveries that are due, the urgent ones first, so that no other worker does.

    Returns:
        The name of the claim, and the keys of the rows.
    """
    now = now or timezone.now()
    token = uuid.uuid4()
    due = (
        Delivery.objects.select_for_update(skip_locked=True)
        .filter(state=State.PENDING, due_at__lte=now)
        .order_by("-is_urgent", "due_at", "pk")
    )
    keys = list(due.values_list("pk", flat=True)[:size])
    if keys:
        Delivery.objects.filter(pk__in=keys).update(
            state=State.CLAIMED, claim=token, leased_until=now + LEASE, attempts=F("attempts") + 1
        )
    return token, keys


def renew(token: uuid.UUID) -> None:
    """Says that the worker of a claim is alive."""
    held = Delivery.objects.filter(claim=token, state__in=HELD)
    held.update(leased_until=timezone.now() + LEASE)


@contextmanager
def kept_alive(token: uuid.UUID) -> Iterator[None]:
    """Renews a claim as long as the block runs and the process lives."""
    done = Event()

    def keep() -> None:
        try:
            while not done.wait(SECONDS_BETWEEN_RENEWALS):
                renew(token)
        except DatabaseError:
            # The lease runs out; whoever records the results later finds its claim gone and writes nothing.
            log.warning("a claim could not be renewed")
        finally:
            connection.close()

    keeper = Thread(target=keep, name="outbox-lease", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        done.set()
        # It closes its own connection; a test's database must be free of it.
        keeper.join()


@transaction.atomic
def recover(*, now: datetime | None = None) -> int:
    """Frees what dead workers held. Returns how many deliveries that were.

    What was only claimed is due again. What was on its way goes out again where the channel recognises the
    repeat; a mail may have left or not, so it is marked as unclear. Whatever killed its workers again and again is
    given up.
    """
    now = now or timezone.now()
    lost = Delivery.objects.filter(state__in=HELD, leased_until__lt=now)
    unclear = lost.filter(state=State.SENDING, channel=Channel.EMAIL)
    ends = RELEASED | {"reason": "worker_lost", "done_at": now}
    number = unclear.update(state=State.UNKNOWN, **ends)
    number += lost.filter(attempts__gte=MOST_ATTEMPTS).update(state=State.DEAD, **ends)
    number += lost.update(state=State.PENDING, due_at=now, reason="worker_lost", **RELEASED)
    return number


def wait_after(attempts: int) -> timedelta:
    """How long to wait after so many attempts: twice as long each time, and never two workers' worth at once.

    Exponential back-off with jitter of ± 50 %, from half a minute up to an hour.
    """
    wait = min(FIRST_WAIT * int(2 ** min(attempts - 1, 20)), LONGEST_WAIT)
    # Not for secrets: only so that what failed together does not come back together.
    return wait * random.uniform(0.5, 1.5)  # noqa: S311


@transaction.atomic
def try_again(*, actor: User, delivery: Delivery) -> Delivery:
    """Sends once more what was given up or is unclear, with the same key.

    Raises:
        NotAllowed: neither city staff nor an administrator.
        Conflict: it is neither given up nor unclear.
    """
    if not may_see_undelivered(actor):
        raise NotAllowed
    changed = Delivery.objects.filter(
        Q(state=State.DEAD) | Q(state=State.UNKNOWN), pk=delivery.pk
    ).update(state=State.PENDING, attempts=0, due_at=timezone.now(), done_at=None)
    if not changed:
        raise Conflict
    audit.record(actor=actor, act="notifications.tried_again", target=delivery)
    delivery.refresh_from_db()
    return delivery
