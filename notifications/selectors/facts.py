"""From rows to facts: what happened as it is now, for whoever may see it now."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from accounts.models import User
from notifications import kinds
from notifications.models import Broadcast, Notification

Row = Notification | Broadcast


def rows_about(rows: Iterable[Row]) -> Mapping[tuple[str, int], Any]:
    """What the rows are about, by kind and key: one look-up for each way of looking up, however many rows."""
    known = kinds.known()
    wanted: dict[kinds.Lookup, set[int]] = defaultdict(set)
    names: dict[kinds.Lookup, set[str]] = defaultdict(set)
    for row in rows:
        # A kind that was given up leaves rows behind; nobody can word them any more.
        if kind := known.get(row.kind):
            wanted[kind.find].add(row.about_id)
            names[kind.find].add(row.kind)
    found: dict[tuple[str, int], Any] = {}
    for find, keys in wanted.items():
        for key, about in find(keys).items():
            for name in names[find]:
                found[name, key] = about
    return found


def fact_of(row: Row, abouts: Mapping[tuple[str, int], Any]) -> kinds.Fact | None:
    """The fact that a row stands for; ``None`` if what it is about is gone."""
    about = abouts.get((row.kind, row.about_id))
    if about is None:
        return None
    return kinds.Fact(about=about, actor=row.actor, context=row.context, at=row.at)


def seen_by(
    person: User, rows: Collection[Row], abouts: Mapping[tuple[str, int], Any]
) -> dict[Row, kinds.Fact]:
    """The rows that the person may see now, with their facts."""
    found = {}
    for row in rows:
        fact = fact_of(row, abouts)
        if fact is not None and kinds.get(row.kind).may_see(person, fact.about):
            found[row] = fact
    return found
