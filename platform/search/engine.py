"""The one place that knows the database: PostgreSQL looks in a GIN index, SQLite in an FTS5 table.

Both hold the pairs of ``search.grams`` and find the same documents. Whoever asks adds a look at the folded
text itself, which makes longer words exact; the index only has to be fast and to miss nothing.
"""

from collections.abc import Iterable, Sequence
from typing import Protocol

from django.db import connection
from django.db.models import BooleanField, Expression, Func, Value

from search import grams
from search.models import SearchDocument


class Engine(Protocol):
    """What the search needs of a database beyond plain SQL."""

    def matches(self, wanted: grams.Wanted) -> Expression:
        """The condition that a document has all of ``wanted`` in the index, for ``SearchDocument`` querysets."""
        ...

    def matches_any(self, wanted: grams.Wanted) -> Expression:
        """The condition that a document has at least one of the entries of ``wanted`` in the index."""
        ...

    def stored(self, kind: str, object_ids: Sequence[int]) -> Sequence[SearchDocument]:
        """What :meth:`forget` needs of these documents, before their rows change or go."""
        ...

    def forget(self, documents: Iterable[SearchDocument]) -> None:
        """Takes documents out of the index, as they were stored."""
        ...

    def learn(self, documents: Iterable[SearchDocument]) -> None:
        """Takes saved documents into the index; what was there of them must be forgotten before."""
        ...

    def forget_everything(self) -> None:
        """Empties the index; the rows are the caller's."""
        ...

    def settle(self) -> None:
        """After very many changes: puts the index and the database's figures about it in order."""
        ...

    def wait_for_rebuild(self) -> None:
        """Acts call this before they write: they wait for a chunk of a rebuild, never for each other.

        Held until the transaction ends.
        """
        ...

    def wait_for_acts(self) -> None:
        """A rebuild calls this before it reads a chunk: what it reads then stays true until it is written."""
        ...


class PostgreSQL:
    """A ``tsvector`` of pairs in each row under a GIN index, which PostgreSQL keeps in step by itself."""

    # Any number will do, as long as nobody else in the house locks the same one.
    lock_number = 7_202_611

    def matches(self, wanted: grams.Wanted) -> Expression:
        entries = [f"'{entry}'" for entry in wanted.entries]
        beginnings = [f"'{beginning}':*" for beginning in wanted.beginnings]
        return self._matching(" & ".join(entries + beginnings))

    def matches_any(self, wanted: grams.Wanted) -> Expression:
        return self._matching(" | ".join(f"'{entry}'" for entry in wanted.entries))

    def _matching(self, query: str) -> Expression:
        return Func(
            "grams",
            Value(query),
            arg_joiner=" @@ ",
            template="%(expressions)s::tsquery",
            output_field=BooleanField(),
        )

    def stored(self, kind: str, object_ids: Sequence[int]) -> Sequence[SearchDocument]:
        return ()

    def forget(self, documents: Iterable[SearchDocument]) -> None:
        """The index hangs on the rows."""

    def learn(self, documents: Iterable[SearchDocument]) -> None:
        """The index hangs on the rows."""

    def forget_everything(self) -> None:
        """The index hangs on the rows."""

    def settle(self) -> None:
        # Without figures it takes rare pairs for common ones and reads the whole table.
        _execute("ANALYZE search_searchdocument")

    def wait_for_rebuild(self) -> None:
        _execute("SELECT pg_advisory_xact_lock_shared(%s)", self.lock_number)

    def wait_for_acts(self) -> None:
        _execute("SELECT pg_advisory_xact_lock(%s)", self.lock_number)


class SQLite:
    """An FTS5 table of pairs without content of its own: it must be told what to forget, word for word."""

    # From here on it is quicker to go through the documents from the newest than to sort all hits by date.
    many_hits = 1000

    def matches(self, wanted: grams.Wanted) -> Expression:
        entries = [f'"{entry}"' for entry in wanted.entries]
        beginnings = [f'"{beginning}" *' for beginning in wanted.beginnings]
        return self._matching(" AND ".join(entries + beginnings))

    def matches_any(self, wanted: grams.Wanted) -> Expression:
        return self._matching(" OR ".join(f'"{entry}"' for entry in wanted.entries))

    def _matching(self, query: str) -> Expression:
        # With a plus SQLite may not look the hits up one by one.
        template = "+%(expressions)s)" if self._has_many_hits(query) else "%(expressions)s)"
        return Func(
            "id",
            Value(query),
            arg_joiner=" IN (SELECT rowid FROM search_grams WHERE search_grams MATCH ",
            template=template,
            output_field=BooleanField(),
        )

    def stored(self, kind: str, object_ids: Sequence[int]) -> Sequence[SearchDocument]:
        found = SearchDocument.objects.filter(kind=kind, object_id__in=object_ids)
        return list(found.only("folded"))

    def forget(self, documents: Iterable[SearchDocument]) -> None:
        sql = "INSERT INTO search_grams(search_grams, rowid, grams) VALUES ('delete', %s, %s)"
        self._write(sql, documents)

    def learn(self, documents: Iterable[SearchDocument]) -> None:
        self._write("INSERT INTO search_grams(rowid, grams) VALUES (%s, %s)", documents)

    def forget_everything(self) -> None:
        _execute("INSERT INTO search_grams(search_grams) VALUES ('delete-all')")

    def settle(self) -> None:
        _execute("INSERT INTO search_grams(search_grams) VALUES ('optimize')")

    def wait_for_rebuild(self) -> None:
        """There is one writer at a time anyway."""

    def wait_for_acts(self) -> None:
        """There is one writer at a time anyway."""

    def _write(self, sql: str, documents: Iterable[SearchDocument]) -> None:
        rows = []
        for document in documents:
            title, _, text = document.folded.partition("\n")
            rows.append((document.pk, " ".join(grams.of_document(title, text))))
        if rows:
            with connection.cursor() as cursor:
                cursor.executemany(sql, rows)

    def _has_many_hits(self, query: str) -> bool:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM"
                " (SELECT 1 FROM search_grams WHERE search_grams MATCH %s LIMIT %s)",
                (query, self.many_hits),
            )
            (count,) = cursor.fetchone()
        return bool(count == self.many_hits)


def current() -> Engine:
    """The engine of the database that the city runs on."""
    return PostgreSQL() if connection.vendor == "postgresql" else SQLite()


def _execute(sql: str, *parameters: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
