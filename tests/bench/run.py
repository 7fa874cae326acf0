"""The procedure of a measure: contestants in turn, round by round, size by size."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from tests.bench.mathematics import Spread, growth_exponent, paired_ratio, spread
from tests.bench.measure import Goal, Measure

T = TypeVar("T")
QUICK_REPEATS = 2


@dataclass(frozen=True)
class Result:
    """What a measure has shown.

    Attributes:
        measure: which.
        sizes: at which sizes.
        samples: contestant → size → figure → one value a round.
        facts: names and versions of what this measure used.
        left_out: contestants that need something that is not installed.
        quick: a short run, not to be quoted.
    """

    measure: Measure[Any]
    sizes: tuple[int, ...]
    samples: Mapping[str, Mapping[int, Mapping[str, Sequence[float]]]]
    facts: Mapping[str, str]
    left_out: tuple[str, ...]
    quick: bool

    @property
    def contestants(self) -> list[str]:
        """Who ran, the subject first."""
        return list(self.samples)

    @property
    def rounds(self) -> int:
        """How often each contestant ran at each size."""
        runs = self.samples[self.measure.subject.name][self.sizes[0]]
        return len(runs[self.measure.figures[0].key])

    def highest(self, key: str) -> float:
        """The highest value of a figure, whoever ran at whatever size."""
        return max(
            value
            for sizes in self.samples.values()
            for figures in sizes.values()
            for value in figures[key]
        )

    def value(self, contestant: str, size: int, key: str) -> Spread:
        """A figure of one contestant over the rounds."""
        return spread(self.samples[contestant][size][key])

    def ratio(self, baseline: str, size: int, key: str) -> Spread:
        """The subject's figure divided by the baseline's, round by round."""
        subject = self.samples[self.measure.subject.name][size][key]
        return paired_ratio(subject, self.samples[baseline][size][key])

    def exponent(self, contestant: str, key: str) -> float:
        """How the figure grows with the size; see :func:`growth_exponent`."""
        medians = [self.value(contestant, size, key).median for size in self.sizes]
        return growth_exponent(self.sizes, medians)

    def is_met(self, goal: Goal) -> bool | None:
        """Whether the goal is met at all of its sizes; ``None`` if it could not be measured."""
        sizes = self.sizes if goal.sizes is None or self.quick else goal.sizes
        if goal.against not in self.samples:
            return None
        return all(
            goal.is_met_by(self.ratio(goal.against, size, goal.key).median) for size in sizes
        )


def run(measure: Measure[Any], *, quick: bool, say: Callable[[str], None]) -> Result:
    """Runs a measure.

    Args:
        measure: which.
        quick: two rounds, and smaller sizes if the measure has any: to see that it works.
        say: called with a line of progress from time to time.

    Raises:
        ValueError: a contestant did not return the figures that the measure names.
    """
    everybody = (measure.subject, *measure.baselines)
    present = [contestant for contestant in everybody if contestant.available()]
    sizes = (quick and measure.quick_sizes) or measure.sizes
    keys = {figure.key for figure in measure.figures}
    samples: dict[str, dict[int, dict[str, list[float]]]] = {
        contestant.name: {size: {figure.key: [] for figure in measure.figures} for size in sizes}
        for contestant in present
    }
    with measure.prepare(quick) as world:
        facts = measure.facts(world)
        for size in sizes:
            measure.before_size(world, size)
            for number in range(QUICK_REPEATS if quick else measure.repeats):
                say(f"{measure.name}: {size} {measure.size_name}, round {number + 1}")
                for contestant in in_turn(present, number):
                    measure.before_run(world, size)
                    sample = contestant.run(world, size)
                    if set(sample) != keys:
                        raise ValueError(f"{contestant.name} returned {sorted(sample)}")
                    for key, value in sample.items():
                        samples[contestant.name][size][key].append(value)
    return Result(
        measure=measure,
        sizes=sizes,
        samples=samples,
        facts=facts,
        left_out=tuple(one.name for one in everybody if one not in present),
        quick=quick,
    )


def in_turn(contestants: Sequence[T], number: int) -> list[T]:
    """Who runs after whom in a round: there and back, so that none is always first after a pause."""
    return list(contestants if number % 2 == 0 else reversed(contestants))
