"""The inbox: what a person was told, grouped by what it belongs to, and how much of it is unread."""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    Count,
    F,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
    Window,
)
from django.db.models.functions import RowNumber
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.errors import DomainError, NotFound
from notifications import kinds
from notifications.kinds import audiences
from notifications.models import Broadcast, BroadcastReceipt, Mute, Notification
from notifications.selectors.facts import Row, rows_about, seen_by

PAGE_SIZE = 20
# Of each group so many are looked at, in case that the newest may not be seen any more.
LOOKED_AT = 5
MOST_COUNTED = 99

Group = tuple[str, str, int, bool]
Position = tuple[datetime, int, int]


@dataclass(frozen=True)
class Item:
    """One line of the inbox.

    Attributes:
        row: the newest notification of the group, or the broadcast.
        count: how many happenings it stands for.
    """

    row: Row
    headline: str
    detail: str
    label: str | Promise
    count: int
    is_unread: bool
    is_muted: bool
    at: datetime

    @property
    def is_broadcast(self) -> bool:
        """Whether it was told to many at once."""
        return isinstance(self.row, Broadcast)


@dataclass(frozen=True)
class Page:
    """A piece of the inbox; ``following`` is the cursor of the next piece, empty at the end."""

    items: Sequence[Item]
    following: str


def unread_count(person: User) -> int:
    """How many lines of the inbox are unread, in one query; the header of every page asks it."""
    groups = (
        Notification.objects.filter(recipient=person, read_at=None)
        .order_by()
        .values_list("kind", "within_type", "within_id")
        .distinct()
    )
    unopened = _broadcasts(person).filter(opened_at=None).order_by()
    # Two of a kind within the same thing are two lines here, hence the key.
    return groups.union(unopened.values_list("kind", "within_type", "pk"), all=True).count()


def page_of_inbox(person: User, *, after: str = "", size: int = PAGE_SIZE) -> Page:
    """A page of the inbox, the newest first, in a flat number of queries however much a person was told.

    Raises:
        DomainError: the cursor is none of ours.
    """
    position = _position(after) if after else None
    groups = list(_groups(person, position)[: size + 1])
    broadcasts = list(_broadcasts(person, position)[: size + 1])
    rows = _newest_of(person, groups)
    abouts = rows_about([*(row for listed in rows.values() for row in listed), *broadcasts])
    muted = set(Mute.objects.filter(person=person).values_list("within_type", "within_id"))
    found: list[tuple[Position, Item | None]] = []
    for group in groups:
        key = _key(group)
        seen = seen_by(person, rows.get(key, []), abouts)
        count = group["number"] - (len(rows.get(key, [])) - len(seen))
        item = _item(seen, count, is_unread=key[3], muted=muted)
        found.append(((group["latest"], 1, group["newest"]), item))
    for broadcast in broadcasts:
        seen = seen_by(person, [broadcast], abouts)
        item = _item(seen, 1, is_unread=broadcast.opened_at is None, muted=muted)
        found.append(((broadcast.at, 0, broadcast.pk), item))
    found.sort(key=lambda entry: entry[0], reverse=True)
    following = _cursor(found[size - 1][0]) if len(found) > size else ""
    return Page([item for _position, item in found[:size] if item is not None], following)


def notification_for(person: User, pk: int) -> tuple[Notification, str]:
    """The one door to a notification, with the path to what it is about.

    Raises:
        NotFound: there is none, it is somebody else's, or the person may not see it any more.
    """
    row = Notification.objects.filter(recipient=person, pk=pk).select_related("actor").first()
    if row is None:
        raise NotFound
    return row, _address(person, row)


def item_of(person: User, row: Notification) -> Item | None:
    """One notification alone, as a line of the inbox; ``None`` if the person may not see it."""
    seen = seen_by(person, [row], rows_about([row]))
    muted = Mute.objects.filter(person=person, within_type=row.within_type, within_id=row.within_id)
    found = set(muted.values_list("within_type", "within_id"))
    return _item(seen, 1, is_unread=row.read_at is None, muted=found)


def broadcast_for(person: User, pk: int) -> tuple[Broadcast, str]:
    """The one door to a broadcast, with the path to what it is about.

    Raises:
        NotFound: there is none, it is for others, or the person may not see it any more.
    """
    row = _broadcasts(person).filter(pk=pk).first()
    if row is None:
        raise NotFound
    return row, _address(person, row)


def _address(person: User, row: Row) -> str:
    fact = seen_by(person, [row], rows_about([row])).get(row)
    if fact is None:
        raise NotFound
    return kinds.get(row.kind).address(fact.about)


def _groups(person: User, before: Position | None) -> QuerySet[Any, Any]:
    groups: QuerySet[Any, Any] = (
        _with_unread(Notification.objects.filter(recipient=person, kind__in=kinds.known()))
        .order_by()
        .values("kind", "within_type", "within_id", "is_unread")
        .annotate(latest=Max("at"), newest=Max("pk"), number=Count("pk"))
    )
    if before is not None:
        at, source, pk = before
        same = Q(latest=at, newest__lt=pk) if source == 1 else Q(pk__in=[])
        groups = groups.filter(Q(latest__lt=at) | same)
    return groups.order_by("-latest", "-newest")


def _broadcasts(person: User, before: Position | None = None) -> QuerySet[Any]:
    receipt = BroadcastReceipt.objects.filter(broadcast=OuterRef("pk"), person=person)
    # Whoever joins today is not told what was said to everybody last year.
    found = (
        Broadcast.objects.filter(
            audiences.of(person), kind__in=kinds.known(), at__gte=person.date_joined
        )
        .exclude(actor=person.pk)
        .annotate(opened_at=Subquery(receipt.values("read_at")))
        .select_related("actor")
    )
    if before is not None:
        at, source, pk = before
        same = Q(at=at, pk__lt=pk) if source == 0 else Q(at=at)
        found = found.filter(Q(at__lt=at) | same)
    return found.order_by("-at", "-pk")


def _newest_of(
    person: User, groups: Sequence[Mapping[str, Any]]
) -> dict[Group, list[Notification]]:
    if not groups:
        return {}
    wanted = Q(pk__in=[])
    for group in groups:
        wanted |= Q(
            kind=group["kind"], within_type=group["within_type"], within_id=group["within_id"]
        )
    place = Window(
        RowNumber(),
        partition_by=["kind", "within_type", "within_id", "is_unread"],
        order_by=F("pk").desc(),
    )
    rows = (
        _with_unread(Notification.objects.filter(wanted, recipient=person))
        .annotate(place=place)
        .filter(place__lte=LOOKED_AT)
        .select_related("actor")
        .order_by("-pk")
    )
    found: dict[Group, list[Notification]] = {}
    for row in rows:
        found.setdefault(
            (row.kind, row.within_type, row.within_id, row.read_at is None), []
        ).append(row)
    return found


def _with_unread(rows: QuerySet[Notification]) -> QuerySet[Any]:
    return rows.annotate(
        is_unread=Case(
            When(read_at=None, then=Value(True)),
            default=Value(False),
            output_field=BooleanField(),
        )
    )


def _key(group: Mapping[str, Any]) -> Group:
    return group["kind"], group["within_type"], group["within_id"], bool(group["is_unread"])


def _item(
    seen: Mapping[Row, kinds.Fact], count: int, *, is_unread: bool, muted: set[tuple[str, int]]
) -> Item | None:
    for row, fact in seen.items():
        kind = kinds.get(row.kind)
        return Item(
            row=row,
            headline=kind.headline(fact, count),
            detail=kind.detail(fact),
            label=kind.category.label,
            count=count,
            is_unread=is_unread,
            is_muted=(row.within_type, row.within_id) in muted,
            at=fact.at,
        )
    return None


def _cursor(position: Position) -> str:
    at, source, pk = position
    text = json.dumps([at.isoformat(), source, pk])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _position(cursor: str) -> Position:
    try:
        at, source, pk = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        moment = datetime.fromisoformat(at)
        if moment.tzinfo is None or source not in (0, 1) or isinstance(pk, bool):
            raise ValueError("not ours")
        if not isinstance(pk, int) or not 0 < pk < 2**63:
            raise ValueError("no key")
    except (ValueError, TypeError, binascii.Error, OverflowError) as error:
        raise DomainError(
            _("This page of the list does not exist. Please start from its beginning.")
        ) from error
    return moment, source, pk
