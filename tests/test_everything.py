"""The one command that tests the house: what it counts as skipped, and when it is content."""

import os
import subprocess
import sys
from collections.abc import Sequence

import pytest

from tests import everything
from tests.support.programs import CHROMIUM, DOES_NOT_APPLY

pytestmark = pytest.mark.once

SOME_TESTS = f"""
import pytest
def test_passes(): pass
def test_lacks_a_program(): pytest.skip({CHROMIUM.reason!r})
@pytest.mark.skipif(True, reason="gettext is missing")
def test_lacks_another(): pass
@pytest.mark.parametrize("number", [1, 2])
def test_lacks_a_third(number): pytest.skip("a font is missing")
@pytest.mark.xfail
def test_is_known_to_fail(): raise AssertionError
"""


def test_every_skip_of_a_run_is_listed_with_its_reason(tmp_path):
    (tmp_path / "test_some.py").write_text(SOME_TESTS)
    bare = ["-p", "no:cacheprovider", "-p", "no:django", "-c", os.devnull, "--rootdir", "."]
    subprocess.run(
        [sys.executable, "-m", "pytest", *bare, "--junitxml=record.xml", "test_some.py"],
        cwd=tmp_path,
        capture_output=True,
        check=True,
    )
    assert everything.reasons_of_skips(tmp_path / "record.xml") == {
        CHROMIUM.reason: 1,
        "gettext is missing": 1,
        "a font is missing": 2,
    }


def an_outcome(*, failed: Sequence[str] = (), skipped: Sequence[str] = ()) -> everything.Outcome:
    outcome = everything.Outcome()
    everything.step(outcome, "a step", lambda: True)
    for name in failed:
        everything.step(outcome, name, lambda: False)
    outcome.skipped.update(skipped)
    return outcome


@pytest.mark.parametrize("strict", [False, True])
def test_a_failed_step_fails_the_whole_and_is_named(capsys, strict):
    assert everything.report(an_outcome(failed=["mypy"]), strict=strict) == 1
    assert "Failed: mypy" in capsys.readouterr().out


@pytest.mark.parametrize(("strict", "status"), [(False, 0), (True, 1)])
def test_a_skip_is_listed_with_its_cure_and_fails_only_where_all_must_run(capsys, strict, status):
    assert everything.report(an_outcome(skipped=[CHROMIUM.reason]), strict=strict) == status
    assert "apt install chromium" in capsys.readouterr().out


def test_what_cannot_apply_on_a_machine_is_listed_and_no_failure(capsys):
    reason = f"{DOES_NOT_APPLY}nobody else can run Python"
    assert everything.report(an_outcome(skipped=[reason]), strict=True) == 0
    assert reason in capsys.readouterr().out


def test_a_failing_check_shows_what_it_printed_and_a_good_one_nothing(capfd):
    good = everything.python("-c", "print('fine')")
    bad = everything.python("-c", "print('wrong here'); raise SystemExit(3)")
    assert everything.run_quietly(good, {})
    assert not everything.run_quietly(bad, {})
    assert "wrong here" in (printed := capfd.readouterr().out)
    assert "fine" not in printed
