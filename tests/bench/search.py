"""Measures the search: ``python -m tests.bench.search [sizes…]``, on the empty database of ``DATABASE_URL``.

Every word is looked for by index and by ``LIKE``, in the same run and with the same filter on who may see what;
the hits must be the same. Without ``DATABASE_URL`` it is a SQLite file of this run's own.
"""

import argparse
import json
import os
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
django.setup()

# Only now: these need the apps that the line above loaded.
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.db.models import QuerySet  # noqa: E402

from search import engine, selectors, services  # noqa: E402
from search.kinds import PUBLIC, SIGNED_IN, Entry  # noqa: E402
from search.models import SearchDocument  # noqa: E402
from search.queries import parse  # noqa: E402
from search.selectors import Order, Results  # noqa: E402
from tests.bench.japanese import documents  # noqa: E402

SIZES = (10_000, 30_000, 100_000)
WORDS = ("清掃", "図書", "停電", "地域清掃", "粗大回収", "除雪 町会", "雪", "です", "獅子舞の見学")
READER = frozenset({PUBLIC, SIGNED_IN, "association:12"})
CHUNK = 500
# Written one by one at the end, as acts do.
ALONE = 200
_BEGINNING = datetime(2023, 11, 1, tzinfo=UTC)
_THREE_YEARS = 3 * 365 * 24 * 3600


@dataclass(frozen=True)
class Timed:
    """Milliseconds: the middle one and the least of several runs; and what the last returned."""

    ms: float
    least: float
    result: object


def timed(act: Callable[[], object], *, for_seconds: float = 0.5, at_most: int = 31) -> Timed:
    """Runs ``act`` at least three times, and then until the time is up."""
    act()
    samples: list[float] = []
    while len(samples) < 3 or (sum(samples) < for_seconds and len(samples) < at_most):
        began = time.perf_counter()
        result = act()
        samples.append(time.perf_counter() - began)
    return Timed(statistics.median(samples) * 1000, min(samples) * 1000, result)


def _once(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


def entries(count: int) -> Iterator[Entry]:
    """Documents of three years: 60 % public, 20 % for whoever signs in, the rest for one of 200 associations."""
    chance = random.Random(11)
    for number, (title, text) in enumerate(documents(count), 1):
        draw = chance.random()
        key = f"association:{chance.randrange(200)}"
        audience = PUBLIC if draw < 0.6 else SIGNED_IN if draw < 0.8 else key
        yield Entry(
            kind=chance.choice(("post", "post", "post", "issue", "event")),
            object_id=number,
            title=title,
            text=text,
            url=f"/{number}/",
            changed_at=_BEGINNING + timedelta(seconds=chance.randrange(_THREE_YEARS)),
            audience=frozenset({audience}),
        )


def index(some: Iterable[Entry]) -> None:
    """Writes them as a room does, in a transaction."""
    with transaction.atomic():
        services.index(some)


def load(some: Iterator[Entry], count: int) -> float:
    """Indexes the next ``count`` and returns milliseconds a document, in chunks as a rebuild does it."""
    began = time.perf_counter()
    for done in range(0, count, CHUNK):
        index(islice(some, min(CHUNK, count - done)))
    return (time.perf_counter() - began) / count * 1000


def sizes_in_mib() -> tuple[float, float]:
    """The index and the original text, in MiB."""
    if connection.vendor == "postgresql":
        size_of_index = "SELECT pg_relation_size('search_grams')"
        size_of_text = (
            "SELECT sum(octet_length(title) + octet_length(text)) FROM search_searchdocument"
        )
    else:
        size_of_index = "SELECT sum(length(block)) FROM search_grams_data"
        size_of_text = (
            "SELECT sum(length(CAST(title AS BLOB)) + length(CAST(text AS BLOB)))"
            " FROM search_searchdocument"
        )
    with connection.cursor() as cursor:
        sizes = []
        for sql in (size_of_index, size_of_text):
            cursor.execute(sql)
            sizes.append(float(cursor.fetchone()[0]) / 2**20)
    return sizes[0], sizes[1]


def by_index(visible: QuerySet[SearchDocument], typed: str) -> QuerySet[SearchDocument]:
    """What is found in the index."""
    return selectors.matching(visible, parse(typed))


def by_like(visible: QuerySet[SearchDocument], typed: str) -> QuerySet[SearchDocument]:
    """What is found by looking at every text."""
    for word in parse(typed).words:
        visible = visible.filter(folded__contains=word)
    return visible


def newest(
    find: Callable[[QuerySet[SearchDocument], str], QuerySet[SearchDocument]],
    visible: QuerySet[SearchDocument],
    typed: str,
) -> list[int]:
    """The first 20 by date."""
    hits = find(visible, typed).order_by("-changed_at", "-id")
    return list(hits.values_list("id", flat=True)[:20])


def page(typed: str, order: Order) -> Results:
    """What the page asks for: count, kinds, order, marked snippets."""
    return selectors.find(parse(typed), reader=READER, order=order)


def report(lines: Sequence[str]) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


def measure(size: int) -> None:
    """Prints a table for the documents that are there now."""
    report(
        [
            "",
            f"{size:,} documents, {connection.vendor}; median ms (least ms)",
            "word | hits | newest 20, index | newest 20, LIKE | LIKE ÷ index | page, best | page, newest",
        ]
    )
    visible = selectors.visible_to(READER)
    for word in WORDS:
        hits = set(by_index(visible, word).values_list("id", flat=True))
        if hits != set(by_like(visible, word).values_list("id", flat=True)):
            raise AssertionError(f"{word}: the index finds something else than LIKE")
        ours = timed(partial(newest, by_index, visible, word))
        theirs = timed(partial(newest, by_like, visible, word))
        if ours.result != theirs.result:
            raise AssertionError(f"{word}: not the same 20 in the same order")
        columns = [ours, theirs, *(timed(partial(page, word, order)) for order in Order)]
        cells = [f"{column.ms:.2f} ({column.least:.2f})" for column in columns]
        cells.insert(2, f"{theirs.ms / ours.ms:.1f}")
        report([" | ".join([word, f"{len(hits):,}", *cells])])


def load_up_to(size: int, some: Iterator[Entry]) -> float:
    """Indexes until there are ``size`` documents, puts the index in order; milliseconds a document."""
    each = load(some, size - SearchDocument.objects.count())
    engine.current().settle()
    return each


def prepare() -> Iterator[Entry]:
    """Makes the tables and returns all the documents that will ever be asked for.

    Raises:
        SystemExit: somebody else's documents are there.
    """
    call_command("migrate", verbosity=0)
    if SearchDocument.objects.exists():
        raise SystemExit("This database is not empty.")
    return entries(max(SIZES) + ALONE)


def main(sizes: Sequence[int]) -> None:
    some = prepare()
    for size in sorted(sizes):
        each = load_up_to(size, some)
        size_of_index, size_of_text = sizes_in_mib()
        measure(size)
        report(
            [
                f"written in chunks: {each:.3f} ms a document; index {size_of_index:.1f} MiB,"
                f" text {size_of_text:.1f} MiB, ratio {size_of_index / size_of_text:.2f}"
            ]
        )
    alone = [_once(partial(index, [entry])) for entry in islice(some, ALONE)]
    report([f"one act, one document, committed: median {statistics.median(alone):.2f} ms"])


def answer(orders: Iterable[str]) -> None:
    """Does what a measure of another process asks, one JSON object a line.

    ``{"load": 10000}`` fills up; ``{"newest": "index", "word": "停電"}`` says how many milliseconds it took.
    """
    some = prepare()
    find = {"index": by_index, "like": by_like}
    for order in map(json.loads, orders):
        if "load" in order:
            each = load_up_to(order["load"], some)
            size_of_index, size_of_text = sizes_in_mib()
            told: dict[str, object] = {"each": each, "ratio": size_of_index / size_of_text}
        else:
            visible = selectors.visible_to(READER)
            took = timed(partial(newest, find[order["newest"]], visible, order["word"]))
            told = {"ms": took.ms, "ids": took.result}
        report([json.dumps(told)])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.bench.search")
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES)
    parser.add_argument("--answer", action="store_true", help="take orders from a measure")
    options = parser.parse_args()
    if options.answer:
        answer(sys.stdin)
    else:
        main(options.sizes)
