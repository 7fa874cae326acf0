"""Results as Markdown: printed, and kept in docs/BENCHMARKS.md between the markers of their measure."""

import math
import re
from collections.abc import Iterator
from pathlib import Path

from tests.bench.environment import Environment
from tests.bench.mathematics import Spread
from tests.bench.measure import Figure
from tests.bench.run import Result


def section(result: Result, surroundings: Environment, command: str) -> str:
    """The Markdown of one measure, from its heading to its goals."""
    return "\n".join(_lines(result, surroundings, command)) + "\n"


def _lines(result: Result, surroundings: Environment, command: str) -> Iterator[str]:
    measure = result.measure
    yield f"### {measure.name}"
    yield ""
    yield measure.what
    yield ""
    yield from _table(result)
    yield ""
    yield from _goals(result)
    for figure in measure.figures:
        if not figure.compared:
            yield f"- {figure.unit}: {number(result.highest(figure.key))} at most"
    if result.left_out:
        yield f"- not measured, as not installed: {', '.join(result.left_out)}"
    yield ""
    yield " · ".join(_circumstances(result, surroundings, command))


def _circumstances(result: Result, surroundings: Environment, command: str) -> Iterator[str]:
    yield f"`{command}`"
    yield surroundings.day
    yield f"commit {surroundings.commit}"
    yield f"{result.rounds} rounds"
    yield surroundings.machine
    yield ", ".join(
        f"{name} {it}" for name, it in {**surroundings.versions, **result.facts}.items()
    )
    if result.quick:
        yield "**a quick run: do not quote it**"


def _table(result: Result) -> Iterator[str]:
    figures = [figure for figure in result.measure.figures if figure.compared]
    header = [result.measure.size_name, ""]
    for figure in figures:
        header += [figure.unit, "Yoriai ÷ this"]
    yield _row(header)
    yield _row(["---:", "---"] + ["---:"] * (len(header) - 2))
    for size in result.sizes:
        for contestant in result.contestants:
            cells = [f"{size:,}", contestant]
            for figure in figures:
                cells.append(_with_extremes(result.value(contestant, size, figure.key)))
                cells.append(_ratio(result, contestant, size, figure))
            yield _row(cells)
    for contestant in result.contestants:
        cells = ["exponent", contestant]
        for figure in figures:
            exponent = result.exponent(contestant, figure.key)
            cells += ["–" if math.isnan(exponent) else f"{exponent:.2f}", ""]
        yield _row(cells)


def _ratio(result: Result, contestant: str, size: int, figure: Figure) -> str:
    if contestant == result.measure.subject.name:
        return "1"
    return f"**{result.ratio(contestant, size, figure.key).median:.2f}**"


def _goals(result: Result) -> Iterator[str]:
    units = {figure.key: figure.unit for figure in result.measure.figures}
    for goal in result.measure.goals:
        met = result.is_met(goal)
        if met is None:
            verdict = "not measured"
        else:
            ratios = (result.ratio(goal.against, size, goal.key).median for size in result.sizes)
            verdict = (
                "met" if met else "**missed**"
            ) + f" ({', '.join(f'{r:.2f}' for r in ratios)})"
        where = "" if goal.sizes is None else f" at {', '.join(f'{size:,}' for size in goal.sizes)}"
        yield f"- goal: {units[goal.key]} {goal}{where}: {verdict}"


def _with_extremes(value: Spread) -> str:
    return f"{number(value.median)} ({number(value.least)}–{number(value.most)})"


def number(value: float) -> str:
    """A number with three digits that matter, and commas: ``1,234``, ``12.3``, ``0.123``."""
    if not math.isfinite(value):
        return "–"
    if value == 0:
        return "0"
    decimals = max(0, 2 - math.floor(math.log10(abs(value))))
    return f"{value:,.{decimals}f}"


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def write(document: Path, name: str, text: str) -> None:
    """Puts a measure's section between its markers, at the end if it has none yet; all else stays as it is.

    Raises:
        ValueError: a marker has no partner.
    """
    begin, end = f"<!-- bench: {name} -->", f"<!-- end: {name} -->"
    content = document.read_text() if document.exists() else ""
    if (content.count(begin), content.count(end)) not in {(0, 0), (1, 1)}:
        raise ValueError(f"{document.name}: the markers of {name} are not a pair")
    block = f"{begin}\n{text.strip()}\n{end}"
    if begin in content:
        pattern = re.escape(begin) + r".*?" + re.escape(end)
        content = re.sub(pattern, lambda match: block, content, flags=re.DOTALL)
    else:
        content = f"{content.rstrip()}\n\n{block}\n".lstrip()
    document.write_text(content)
