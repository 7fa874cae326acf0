"""The harness's own procedure and mathematics, on values planted by hand. Nothing here is measured."""

import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import pytest

from tests.bench.__main__ import find_measures, main
from tests.bench.environment import Environment
from tests.bench.load import percentile
from tests.bench.mathematics import growth_exponent, paired_ratio, spread
from tests.bench.measure import Contestant, Figure, Goal, Measure, stopwatch
from tests.bench.report import number, section, write
from tests.bench.run import in_turn, run

HERE = Environment("2026-12-05", "abc1234", "2 CPUs", {"Python": "3.11"})


class Planted:
    """Contestants that return what the test gave them, and note who ran when."""

    def __init__(self, **values: list[float]) -> None:
        self.values = {name: list(series) for name, series in values.items()}
        self.events: list[str] = []

    @contextmanager
    def prepared(self, quick: bool) -> Iterator["Planted"]:
        self.events.append("prepare quick" if quick else "prepare")
        yield self
        self.events.append("clear away")

    def contestant(self, name: str, *, available: bool = True) -> Contestant["Planted"]:
        def once(world: Planted, size: int) -> Mapping[str, float]:
            world.events.append(f"{name} {size}")
            return {"time": world.values[name].pop(0) * size}

        return Contestant(name, once, lambda: available)


def a_measure(planted: Planted, **changes: object) -> Measure[Planted]:
    parts: dict[str, object] = {
        "name": "planted",
        "what": "Values planted by hand.",
        "sizes": (10, 100, 1000),
        "size_name": "rows",
        "figures": (Figure("time", "s"),),
        "prepare": planted.prepared,
        "subject": planted.contestant("ours"),
        "baselines": (planted.contestant("theirs"),),
        "repeats": 3,
    }
    return Measure(**parts | changes)  # type: ignore[arg-type]


def silent(line: str) -> None:
    pass


def test_the_median_is_the_middle_and_the_extremes_are_kept():
    assert spread([5.0, 1.0, 90.0]) == spread([90.0, 5.0, 1.0])
    assert spread([5.0, 1.0, 90.0]).median == 5
    assert (spread([5.0, 1.0, 90.0]).least, spread([5.0, 1.0, 90.0]).most) == (1, 90)
    assert spread([1.0, 2.0]).median == 1.5


def test_a_busy_neighbour_who_slows_both_does_not_change_the_ratio():
    # The neighbour came for the second and third round, and left both three times slower.
    ours = [2.0, 6.0, 6.0, 2.0, 2.0]
    theirs = [1.0, 3.0, 3.0, 1.0, 1.0]

    assert paired_ratio(ours, theirs).median == 2
    assert paired_ratio([2.0, 6.0, 6.0], [1.0, 3.0, 1.0]).median == 2


def test_a_ratio_needs_pairs_and_is_no_number_over_nothing():
    with pytest.raises(ValueError, match="shorter"):
        paired_ratio([1.0, 2.0], [1.0])
    assert math.isnan(paired_ratio([1.0], [0.0]).median)


@pytest.mark.parametrize("exponent", [0.0, 0.5, 1.0, 2.0, -1.0])
def test_the_exponent_of_a_planted_power_law_is_found(exponent):
    sizes = [1450, 14500, 145000]

    assert growth_exponent(sizes, [7 * size**exponent for size in sizes]) == pytest.approx(exponent)


def test_the_exponent_is_the_least_squares_slope_where_the_law_does_not_fit():
    # ln sizes: 0, 1, 2; ln values: 0, 0, 3; mean 1; slope = (−1·−1 + 0 + 1·2) / 2.
    sizes, values = [1, math.e, math.e**2], [1, 1, math.e**3]

    assert growth_exponent(sizes, values) == pytest.approx(1.5)


def test_a_value_of_nothing_has_no_exponent():
    assert math.isnan(growth_exponent([1, 2, 3], [1, 0, 2]))


@pytest.mark.parametrize(("percent", "value"), [(50, 50), (95, 95), (99, 99), (100, 100), (0, 1)])
def test_percentiles_are_values_that_occurred(percent, value):
    assert percentile(list(range(1, 101)), percent) == value


def test_subject_and_baseline_take_turns_and_turn_about():
    planted = Planted(ours=[1.0] * 9, theirs=[1.0] * 9)
    run(a_measure(planted), quick=False, say=silent)

    assert planted.events[:7] == [
        "prepare",
        *("ours 10", "theirs 10"),
        *("theirs 10", "ours 10"),
        *("ours 10", "theirs 10"),
    ]
    assert planted.events[-1] == "clear away"
    assert len(planted.events) == 2 + 3 * 3 * 2


def test_with_more_than_two_each_is_as_often_early_as_late():
    positions = dict.fromkeys("abc", 0)
    for number_of_round in range(4):
        for position, name in enumerate(in_turn("abc", number_of_round)):
            positions[name] += position

    assert set(positions.values()) == {4}


def test_a_result_has_the_ratio_and_exponent_of_what_was_planted():
    planted = Planted(ours=[3.0, 2.0, 2.0] * 3, theirs=[4.0, 4.0, 5.0] * 3)
    result = run(a_measure(planted), quick=False, say=silent)

    assert result.value("ours", 100, "time").median == 200
    assert result.ratio("theirs", 100, "time").median == pytest.approx(0.5)
    assert result.exponent("ours", "time") == pytest.approx(1)
    assert result.rounds == 3


def test_preparations_of_a_size_and_of_a_run_come_before_them():
    planted = Planted(ours=[1.0] * 9, theirs=[1.0] * 9)
    measure = a_measure(
        planted,
        repeats=1,
        before_size=lambda world, size: world.events.append(f"grow to {size}"),
        before_run=lambda world, size: world.events.append("reset"),
    )
    run(measure, quick=False, say=silent)

    assert planted.events[1:6] == ["grow to 10", "reset", "ours 10", "reset", "theirs 10"]


def test_what_is_not_installed_is_left_out_and_named():
    planted = Planted(ours=[1.0] * 9)
    goal = Goal("time", against="theirs", at_most=1)
    measure = a_measure(
        planted, baselines=(planted.contestant("theirs", available=False),), goals=(goal,)
    )
    result = run(measure, quick=False, say=silent)
    text = section(result, HERE, "make bench")

    assert result.is_met(goal) is None
    assert "not measured, as not installed: theirs" in text
    assert "at most 1 × theirs: not measured" in text


def test_a_run_that_forgets_a_figure_is_refused():
    planted = Planted(ours=[1.0] * 9, theirs=[1.0] * 9)
    measure = a_measure(planted, figures=(Figure("time", "s"), Figure("memory", "MiB")))

    with pytest.raises(ValueError, match="ours returned"):
        run(measure, quick=False, say=silent)
    assert planted.events[-1] != "ours 1000"


def test_a_quick_run_is_smaller_and_says_so():
    planted = Planted(ours=[1.0] * 9, theirs=[1.0] * 9)
    result = run(a_measure(planted, quick_sizes=(1, 2, 3)), quick=True, say=silent)

    assert planted.events[0] == "prepare quick"
    assert "ours 3" in planted.events
    assert "ours 10" not in planted.events
    assert "do not quote it" in section(result, HERE, "make bench")


@pytest.mark.parametrize(
    ("bound", "verdict"),
    [({"at_most": 0.51}, True), ({"at_most": 0.49}, False), ({"at_least": 0.49}, True), ({"at_least": 0.51}, False)],
)  # fmt: skip
def test_a_goal_is_met_where_its_bound_holds_at_every_size(bound, verdict):
    planted = Planted(ours=[2.0] * 9, theirs=[4.0] * 9)
    goal = Goal("time", against="theirs", **bound)
    result = run(a_measure(planted, goals=(goal,)), quick=False, say=silent)

    assert result.is_met(goal) is verdict
    assert ("**missed** (0.50, 0.50, 0.50)" in section(result, HERE, "make bench")) is not verdict


def test_a_goal_may_hold_at_one_size_only():
    planted = Planted(ours=[1.0] * 3 + [9.0] * 6, theirs=[1.0] * 9)
    result = run(a_measure(planted), quick=False, say=silent)

    assert result.is_met(Goal("time", against="theirs", at_most=1, sizes=(10,)))
    assert not result.is_met(Goal("time", against="theirs", at_most=1, sizes=(10, 100)))
    assert not result.is_met(Goal("time", against="theirs", at_most=1))


def test_no_number_meets_no_goal():
    assert not Goal("time", against="theirs", at_least=0).is_met_by(math.nan)
    assert not Goal("time", against="theirs", at_most=9).is_met_by(math.nan)


@pytest.mark.parametrize("bounds", [{}, {"at_least": 1, "at_most": 2}])
def test_a_goal_has_one_bound(bounds):
    with pytest.raises(ValueError, match="either"):
        Goal("time", against="theirs", **bounds)


@pytest.mark.parametrize(
    "flaw",
    [
        {"sizes": (10, 10, 100)},
        {"sizes": (10, 100)},
        {"quick_sizes": (3, 2, 1)},
        {"goals": (Goal("time", against="nobody", at_most=1),)},
        {"goals": (Goal("weight", against="theirs", at_most=1),)},
    ],
)
def test_a_measure_with_a_flaw_is_refused_before_it_runs(flaw):
    with pytest.raises(ValueError, match="planted"):
        a_measure(Planted(), **flaw)


def test_the_section_tells_command_commit_versions_and_every_figure():
    planted = Planted(ours=[2.0] * 9, theirs=[4.0] * 9)
    measure = a_measure(
        planted,
        figures=(Figure("time", "s"),),
        facts=lambda world: {"PostgreSQL": "15"},
    )
    text = section(run(measure, quick=False, say=silent), HERE, 'make bench ARGS="planted"')

    assert "| 1,000 | theirs | 4,000 (4,000–4,000) | **0.50** |" in text
    assert "| exponent | ours | 1.00 |" in text
    for part in ('`make bench ARGS="planted"`', "commit abc1234", "3 rounds", "2 CPUs", "Python 3.11", "PostgreSQL 15"):  # fmt: skip
        assert part in text


@pytest.mark.parametrize(
    ("value", "shown"),
    [(1234.5, "1,234"), (12.345, "12.3"), (0.12345, "0.123"), (0, "0"), (math.nan, "–"), (100, "100")],
)  # fmt: skip
def test_numbers_have_three_digits_that_matter(value, shown):
    assert number(value) == shown


def test_writing_a_table_leaves_text_and_other_tables_as_they_are(tmp_path):
    document = tmp_path / "BENCHMARKS.md"
    document.write_text(
        "# Figures\n\nHow to read them.\n\n<!-- bench: one -->\nold\n<!-- end: one -->\n\nBetween.\n\n"
        "<!-- bench: two -->\nkept\n<!-- end: two -->\n\nThe end.\n"
    )
    write(document, "one", "new \\1 words\n")

    assert document.read_text() == (
        "# Figures\n\nHow to read them.\n\n<!-- bench: one -->\nnew \\1 words\n<!-- end: one -->\n\nBetween.\n\n"
        "<!-- bench: two -->\nkept\n<!-- end: two -->\n\nThe end.\n"
    )


def test_a_new_table_goes_to_the_end_and_a_second_writing_replaces_it(tmp_path):
    document = tmp_path / "BENCHMARKS.md"
    document.write_text("# Figures\n")
    write(document, "one", "first")
    write(document, "two", "second")
    write(document, "one", "third")

    assert document.read_text() == (
        "# Figures\n\n<!-- bench: one -->\nthird\n<!-- end: one -->\n\n<!-- bench: two -->\nsecond\n<!-- end: two -->\n"
    )


def test_a_name_that_begins_like_another_has_a_table_of_its_own(tmp_path):
    document = tmp_path / "BENCHMARKS.md"
    write(document, "page-home", "long")
    write(document, "page", "short")
    write(document, "page", "shorter")

    assert document.read_text().count("long") == 1
    assert document.read_text().count("short") == 1


def test_a_marker_without_its_partner_is_not_guessed_at(tmp_path):
    document = tmp_path / "BENCHMARKS.md"
    document.write_text("<!-- bench: one -->\nmuch text\n")

    with pytest.raises(ValueError, match="not a pair"):
        write(document, "one", "new")
    assert "much text" in document.read_text()


def test_every_measure_is_found_and_can_be_asked_for_by_name(capsys):
    known = find_measures()

    assert "page-healthz" in known
    assert all(name == measure.name for name, measure in known.items())
    with pytest.raises(SystemExit):
        main(["no-such-measure"])
    assert "no such measure" in capsys.readouterr().err


def test_a_stopwatch_tells_the_time_of_its_block():
    with stopwatch() as watch:
        assert math.isnan(watch.seconds)
    assert 0 <= watch.seconds < 5
