"""The pages of the board on PostgreSQL: lists of up to 100,000 issues, threads of up to 10,000 posts."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from tempfile import TemporaryDirectory

from tests.bench.measure import Contestant, Figure, Goal, Measure, Sample
from tests.bench.servers import ROOT, our_environment, private_postgresql

YORIAI = "Yoriai"
FILTERED = "Yoriai, five filters at once"
PLAIN = "the same page in plain templates with ORM objects"
TEN = "a thread of ten posts"
FULL = "a thread of fifty posts, which fill a page"
WHOLE = "the same thread on one page"
ISSUES = 100_000


@dataclass(frozen=True)
class Board:
    """A process that has issues and opens pages."""

    process: "subprocess.Popen[str]"

    def ask(self, **order: object) -> Sample:
        """One order, one answer."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        answer: Sample = json.loads(self.process.stdout.readline())
        return answer


def opened(issues: int = 0) -> Callable[[bool], AbstractContextManager[Board]]:
    """A board on a PostgreSQL of its own, with so many issues from the beginning."""

    @contextmanager
    def board(quick: bool) -> Iterator[Board]:
        with ExitStack() as stack:
            environment = our_environment()
            environment["DATA_DIR"] = stack.enter_context(
                TemporaryDirectory(prefix="yoriai-bench-")
            )
            environment["DATABASE_URL"] = stack.enter_context(private_postgresql())
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.bench.board"],
                cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            )  # fmt: skip
            stack.enter_context(process)
            assert process.stdin is not None
            # Closed before the block of the process waits for its end, and before the database goes.
            stack.callback(process.stdin.close)
            made = Board(process)
            if issues:
                made.ask(issues=issues // 10 if quick else issues)
            yield made

    return board


def done(answer: Sample) -> None:
    """Nothing to tell of a preparation."""


def opening(name: str, page: str) -> Contestant[Board]:
    """The contestant that opens this page."""
    return Contestant(name, lambda board, size: board.ask(page=page))


def facts(board: Board) -> Mapping[str, str]:
    """On which database."""
    return {"database": "PostgreSQL"}


FIGURES = (
    Figure("cpu", "CPU ms/page"),
    Figure("ms", "ms/page"),
    Figure("queries", "queries", compared=False),
)
MEASURES = (
    Measure(
        name="board-list",
        what="The list of issues, 50 cards a page, as a guest sees it, through all of the middleware; on each view one"
        " of the cards has changed since the last. CPU time is that of the web process.",
        sizes=(1_000, 10_000, 100_000),
        quick_sizes=(300, 1_000, 3_000),
        size_name="issues",
        figures=FIGURES,
        prepare=opened(),
        before_size=lambda board, size: done(board.ask(issues=size)),
        subject=opening(YORIAI, "ours"),
        baselines=(opening(PLAIN, "plain"), opening(FILTERED, "filtered")),
        goals=(Goal("cpu", against=PLAIN, at_most=1 / 3),),
        facts=facts,
    ),
    Measure(
        name="board-thread",
        what=f"The page of an issue with its talk, 50 posts a page, as a guest sees it, among {ISSUES:,} issues.",
        sizes=(100, 1_000, 10_000),
        quick_sizes=(100, 300, 1_000),
        size_name="posts",
        figures=FIGURES,
        prepare=opened(ISSUES),
        before_size=lambda board, size: done(board.ask(posts=size)),
        subject=opening(YORIAI, "long"),
        baselines=(opening(TEN, "short"), opening(FULL, "full"), opening(WHOLE, "whole")),
        goals=(
            Goal("cpu", against=FULL, at_most=1.2),
            Goal("cpu", against=WHOLE, at_most=0.2, sizes=(1_000, 10_000)),
        ),
        facts=facts,
    ),
)
