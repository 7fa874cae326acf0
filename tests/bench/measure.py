"""What a measure consists of."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Generic, TypeVar

World = TypeVar("World")
Sample = Mapping[str, float]


@dataclass(frozen=True)
class Figure:
    """Something that is read off every run.

    Args:
        key: its name in samples and goals.
        unit: with what it is printed, for example ``requests/s`` or ``ms``.
        compared: whether subject and baseline are set in relation; false for a figure that only vouches for the others.
    """

    key: str
    unit: str
    compared: bool = True


@dataclass(frozen=True)
class Goal:
    """A bound for the subject's figure divided by a baseline's.

    Args:
        key: which figure.
        against: the name of the baseline.
        at_least, at_most: the bound; exactly one of the two.
        sizes: where it must hold; everywhere if left out.

    Raises:
        ValueError: not exactly one bound.
    """

    key: str
    against: str
    at_least: float | None = None
    at_most: float | None = None
    sizes: tuple[int, ...] | None = None

    def __post_init__(self) -> None:
        if (self.at_least is None) == (self.at_most is None):
            raise ValueError("a goal has either a lower bound or an upper one")

    def is_met_by(self, ratio: float) -> bool:
        """Whether the bound holds; a ratio that is not a number meets nothing."""
        if self.at_least is not None:
            return ratio >= self.at_least
        assert self.at_most is not None
        return ratio <= self.at_most

    def __str__(self) -> str:
        if self.at_least is not None:
            return f"at least {self.at_least:g} × {self.against}"
        return f"at most {self.at_most:g} × {self.against}"


def always() -> bool:
    """For a contestant that needs nothing that may be missing."""
    return True


@dataclass(frozen=True)
class Contestant(Generic[World]):
    """One way to do the work.

    Args:
        name: as it stands in the table.
        run: does the work once at a size, and returns a value for each figure.
        available: false where something it needs is not installed; it is then left out, and the table says so.
    """

    name: str
    run: Callable[[World, int], Sample]
    available: Callable[[], bool] = always


def nothing(world: object, size: int) -> None:
    """No preparation."""


def no_facts(world: object) -> Mapping[str, str]:
    """Nothing particular to report."""
    return {}


@dataclass(frozen=True)
class Measure(Generic[World]):
    """A comparison of the subject with its baselines at three sizes.

    Args:
        name: for the command line and the markers in the document.
        what: one line on what is done.
        sizes: three, each some times the one before, so that an exponent can be read off.
        size_name: what is counted, for example ``households``.
        figures: what every run returns.
        prepare: opened once around everything; told whether the run is a quick one. What it yields goes to the others.
        before_size, before_run: untimed; before the first run of a size, and before every run of a contestant.
        subject, baselines: the contestants.
        goals: from the table of quality goals.
        facts: names and versions of what only this measure uses, for example its database.
        repeats: rounds at each size; odd, so that the median is a run that took place.
        quick_sizes: instead of ``sizes`` in a quick run, if those take too long.

    Raises:
        ValueError: a goal names a figure or baseline that is not there, or the sizes are not three that grow.
    """

    name: str
    what: str
    sizes: tuple[int, int, int]
    size_name: str
    figures: tuple[Figure, ...]
    prepare: Callable[[bool], AbstractContextManager[World]]
    subject: Contestant[World]
    baselines: tuple[Contestant[World], ...]
    goals: tuple[Goal, ...] = ()
    before_size: Callable[[World, int], None] = nothing
    before_run: Callable[[World, int], None] = nothing
    facts: Callable[[World], Mapping[str, str]] = no_facts
    repeats: int = 5
    quick_sizes: tuple[int, int, int] | None = field(default=None)

    def __post_init__(self) -> None:
        for sizes in (self.sizes, self.quick_sizes or self.sizes):
            if len(sizes) != 3 or not 0 < sizes[0] < sizes[1] < sizes[2]:
                raise ValueError(f"{self.name}: a measure has three sizes that grow")
        keys = {figure.key for figure in self.figures}
        names = {baseline.name for baseline in self.baselines}
        for goal in self.goals:
            if goal.key not in keys or goal.against not in names:
                raise ValueError(f"{self.name}: a goal on {goal.key} against {goal.against}?")


@dataclass
class Stopwatch:
    """``seconds`` that the block took; set when it ends."""

    seconds: float = float("nan")


@contextmanager
def stopwatch() -> Iterator[Stopwatch]:
    """Times a block of code by the monotonic clock."""
    watch = Stopwatch()
    began = time.perf_counter()
    yield watch
    watch.seconds = time.perf_counter() - began
