"""The harness's mathematics. Small on purpose: medians, paired ratios, and one slope."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Spread:
    """Values of repeated runs: the middle one and the extremes."""

    median: float
    least: float
    most: float


def spread(values: Sequence[float]) -> Spread:
    """The median and the extremes.

    Raises:
        StatisticsError: there are no values.
    """
    return Spread(statistics.median(values), min(values, default=0.0), max(values, default=0.0))


def paired_ratio(subject: Sequence[float], baseline: Sequence[float]) -> Spread:
    """How the subject relates to the baseline: the median of the ratios of runs of the same round.

    Two runs of a round lie seconds apart, so a neighbour that is busy for a minute slows both; the ratio of two
    medians, which may come from different minutes, would show it.

    Raises:
        ValueError: not the same number of runs.
    """
    pairs = zip(subject, baseline, strict=True)
    return spread([ours / theirs if theirs else math.nan for ours, theirs in pairs])


def growth_exponent(sizes: Sequence[float], values: Sequence[float]) -> float:
    """The exponent k of the power law value = c · size^k that fits best.

    Least squares in log-log: with x = ln size and y = ln value,

        k = Σ (x − x̄)(y − ȳ) / Σ (x − x̄)².

    1 is work that grows with the size, 2 with its square, 0 not at all. Not a number if a value is not positive.
    """
    if any(value <= 0 for value in values):
        return math.nan
    x = [math.log(size) for size in sizes]
    y = [math.log(value) for value in values]
    return statistics.linear_regression(x, y).slope
