"""From one broadcast to its outbound deliveries: INSERT … SELECT in chunks, each with its mark in one transaction.

Whatever is killed in between goes on behind the last mark (docs/adr/0005). Only here stands SQL of our own: Django
cannot write INSERT … SELECT, and each database makes a key from a text in its own way.
"""

from typing import Any

from django.db import connection, transaction
from django.db.models import (
    BooleanField,
    CharField,
    DateTimeField,
    F,
    IntegerField,
    TextField,
    UUIDField,
    Value,
)
from django.db.models.functions import MD5, Cast, Concat
from django.utils import timezone

from notifications import kinds
from notifications.kinds import audiences
from notifications.models import Broadcast, Delivery

CHUNK = 5_000


def write_deliveries(*, chunk: int = CHUNK, chunks: int = 200) -> int:
    """Writes deliveries of broadcasts until all are written, or so many chunks. Returns the number of chunks."""
    done = 0
    while done < chunks and _write_chunk(chunk):
        done += 1
    return done


@transaction.atomic
def _write_chunk(size: int) -> bool:
    # Another worker may be writing for one; this one takes the next.
    broadcast = (
        Broadcast.objects.select_for_update(skip_locked=True)
        .filter(written_at=None)
        .order_by("pk")
        .first()
    )
    if broadcast is None:
        return False
    now = timezone.now()
    members = (
        audiences.get(broadcast.audience)
        .members(broadcast.audience_key)
        .filter(pk__gt=broadcast.reached)
        .exclude(pk=broadcast.actor_id or 0)
        .order_by("pk")
    )
    keys = members.values_list("pk", flat=True)
    last = keys[size - 1 : size].first() or keys.reverse().first()
    if last is None:
        broadcast.written_at = now
        broadcast.save(update_fields=["written_at"])
        return True
    kind = kinds.known().get(broadcast.kind)
    columns: dict[str, Any] = {
        "key": Cast(
            MD5(
                Concat(
                    Value(f"broadcast {broadcast.pk} {broadcast.at.isoformat()} "),
                    Cast("pk", TextField()),
                )
            ),
            UUIDField(),
        ),
        "broadcast_id": Value(broadcast.pk, IntegerField()),
        "recipient_id": F("pk"),
        "channel": Value("", CharField()),
        "state": Value(str(Delivery.State.PENDING), CharField()),
        "is_urgent": Value(bool(kind and kind.urgent), BooleanField()),
        "due_at": Value(now, DateTimeField()),
        "attempts": Value(0, IntegerField()),
        "reason": Value("", CharField()),
    }
    rows = members.filter(pk__lte=last).order_by().values_list(*columns.values())
    _insert(list(columns), rows)
    broadcast.reached = last
    broadcast.save(update_fields=["reached"])
    return True


def _insert(columns: list[str], rows: object) -> None:
    query, parameters = rows.query.sql_with_params()  # type: ignore[attr-defined]
    quote = connection.ops.quote_name
    names = ", ".join(quote(name) for name in columns)
    table = quote(Delivery._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            # Made of Django's own SQL and the names of our columns; every value is a parameter.
            f"INSERT INTO {table} ({names}) {query} ON CONFLICT ({quote('key')}) DO NOTHING",
            parameters,
        )
