"""A short way to make things findable and to look for them."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from django.db import transaction

from search import queries, selectors, services
from search.kinds import PUBLIC, Entry, Kind
from search.ranking import Rank
from search.selectors import Order, Results

NOON = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
STRANGER = frozenset({PUBLIC})


def entry(
    object_id: int,
    text: str = "",
    *,
    title: str = "",
    kind: str = "issue",
    days_ago: float = 0,
    audience: Iterable[str] = (PUBLIC,),
    parent_title: str = "",
    url: str = "",
) -> Entry:
    """Something to find, public and of today unless said otherwise."""
    return Entry(
        kind=kind,
        object_id=object_id,
        title=title,
        text=text,
        url=url or f"/{kind}s/{object_id}/",
        changed_at=NOON - timedelta(days=days_ago),
        audience=frozenset(audience),
        parent_title=parent_title,
    )


def put(*entries: Entry) -> None:
    """Makes them findable, as a room's service does."""
    with transaction.atomic():
        services.index(entries)


def find(typed: str, *, reader: Iterable[str] = STRANGER, **options: object) -> Results:
    """The first page for what somebody typed."""
    return selectors.find(queries.parse(typed), reader=frozenset(reader), **options)  # type: ignore[arg-type]


def found(
    typed: str,
    *,
    reader: Iterable[str] = STRANGER,
    order: Order = Order.BEST,
    kind: Kind | None = None,
) -> list[int]:
    """The object ids of all pages, in order. Assumes the addresses that :func:`entry` gives."""
    ids: list[int] = []
    after = None
    while True:
        page = find(typed, reader=reader, order=order, kind=kind, after=after)
        ids += [int(hit.url.split("/")[2]) for hit in page.hits]
        if not page.next:
            return ids
        after = Rank.read(page.next)
