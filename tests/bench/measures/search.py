"""The search against ``LIKE``, on PostgreSQL and on SQLite: the same newest 20 hits in the same run."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from tempfile import TemporaryDirectory
from typing import Any

from tests.bench.measure import Contestant, Figure, Goal, Measure, Sample
from tests.bench.servers import ROOT, our_environment, private_postgresql

# What the figures look for; how many hits each has among 100,000 documents.
WORDS = {"rare": "停電", "usual": "図書", "common": "清掃", "rare_long": "粗大回収"}
INDEX, LIKE = "Yoriai", "LIKE"


@dataclass(frozen=True)
class Library:
    """A process that has documents and looks for words in them."""

    process: "subprocess.Popen[str]"
    database: str
    loaded: dict[str, float]

    def ask(self, **order: object) -> dict[str, Any]:
        """One order, one answer."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer

    def newest(self, way: str) -> Sample:
        """Milliseconds for the newest 20 of each word; both ways must find the same."""
        answers = {key: self.ask(newest=way, word=word) for key, word in WORDS.items()}
        other = "like" if way == "index" else "index"
        for key, word in WORDS.items():
            if answers[key]["ids"] != self.ask(newest=other, word=word)["ids"]:
                raise AssertionError(f"{word}: the index does not find what LIKE finds")
        return {key: answer["ms"] for key, answer in answers.items()} | {
            "size": self.loaded["ratio"],
            "write": self.loaded["each"],
        }


def opened(database: str) -> Callable[[bool], AbstractContextManager[Library]]:
    """An empty library on a database of its own."""

    @contextmanager
    def library(quick: bool) -> Iterator[Library]:
        with ExitStack() as stack:
            environment = our_environment()
            environment["DATA_DIR"] = stack.enter_context(
                TemporaryDirectory(prefix="yoriai-bench-")
            )
            environment.pop("DATABASE_URL", None)
            if database == "PostgreSQL":
                environment["DATABASE_URL"] = stack.enter_context(private_postgresql())
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.bench.search", "--answer"],
                cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            )  # fmt: skip
            stack.enter_context(process)
            assert process.stdin is not None
            # Closed before the block of the process waits for its end, and before the database goes.
            stack.callback(process.stdin.close)
            yield Library(process, database, {})

    return library


def fill(library: Library, size: int) -> None:
    """Indexes until there are ``size`` documents."""
    library.loaded.update(library.ask(load=size))


def facts(library: Library) -> Mapping[str, str]:
    """On which database."""
    return {"database": library.database}


MEASURES = tuple(
    Measure(
        name=f"search-{database.lower()}",
        what=f"The newest 20 of what a reader may see and holds a word, on {database}: a rare word of two characters"
        " (停電), a usual one (図書), a common one (清掃), a rare one of four (粗大回収); documents of 200 characters.",
        sizes=(10_000, 30_000, 100_000),
        quick_sizes=(3_000, 10_000, 30_000),
        size_name="documents",
        figures=(
            Figure("rare", "ms, rare"),
            Figure("usual", "ms, usual"),
            Figure("common", "ms, common"),
            Figure("rare_long", "ms, rare and long"),
            Figure("size", "index ÷ text", compared=False),
            Figure("write", "ms to write a document, in chunks", compared=False),
        ),
        prepare=opened(database),
        before_size=fill,
        subject=Contestant(INDEX, lambda library, size: library.newest("index")),
        baselines=(Contestant(LIKE, lambda library, size: library.newest("like")),),
        goals=(
            Goal("rare", against=LIKE, at_most=0.1, sizes=(30_000, 100_000)),
            Goal("rare_long", against=LIKE, at_most=0.1, sizes=(30_000, 100_000)),
        ),
        facts=facts,
    )
    for database in ("PostgreSQL", "SQLite")
)
