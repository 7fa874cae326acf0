"""Everything that must hold, in one command: ``make test`` runs this.

usage: python -m tests.everything [--strict]

Every step runs even if one before it failed. At the end stands what failed, and what was skipped for want of a
program with the words that cure it. With ``--strict``, or CI=true in the environment, a skip is a failure.
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from xml.etree import ElementTree

from tests.support import environment, postgres
from tests.support.programs import DOES_NOT_APPLY, POSTGRESQL

ROOT = Path(__file__).resolve().parent.parent
MOST_WORKERS = 4
SLOWEST_SHOWN = 8

# Values with which a city could go live, but for the names in them.
SAFE_PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "config.settings.production",
    "SECRET_KEY": "example-" + "0123456789abcdefghij" * 3,
    "ALLOWED_HOSTS": "yoriai.example.lg.jp",
    "CSRF_TRUSTED_ORIGINS": "https://yoriai.example.lg.jp",
    "SITE_URL": "https://yoriai.example.lg.jp",
    "DATABASE_URL": "postgresql://yoriai:example@localhost/yoriai",
    "REDIS_URL": "redis://:example@redis:6379/0",
    "EMAIL_HOST": "smtp.example.lg.jp",
    "DEFAULT_FROM_EMAIL": "yoriai@example.lg.jp",
}


@dataclass
class Outcome:
    """What came of all steps."""

    failed: list[str] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)
    seconds: dict[str, float] = field(default_factory=dict)


def python(*words: str) -> list[str]:
    """A command for the interpreter that runs us."""
    return [sys.executable, *words]


TEST_SETTINGS = {"DJANGO_SETTINGS_MODULE": "config.settings.test"}
CHECKS: tuple[tuple[str, list[str], dict[str, str]], ...] = (
    ("ruff check", python("-m", "ruff", "check", "."), {}),
    ("ruff format --check", python("-m", "ruff", "format", "--check", "."), {}),
    ("mypy", python("-m", "mypy"), {}),
    ("lint-imports", [str(Path(sys.executable).with_name("lint-imports"))], {}),
    (
        "makemigrations --check",
        python("manage.py", "makemigrations", "--check", "--dry-run"),
        TEST_SETTINGS,
    ),
    ("manage.py check", python("manage.py", "check", "--fail-level", "WARNING"), TEST_SETTINGS),
    (
        "manage.py check --deploy",
        python("manage.py", "check", "--deploy", "--fail-level", "WARNING"),
        SAFE_PRODUCTION,
    ),
    ("djlint", python("-m", "djlint", "templates", "--lint", "--quiet"), {}),
)


def main() -> int:
    parser = argparse.ArgumentParser(description="Runs every check and every test.")
    parser.add_argument("--strict", action="store_true", help="a skip is a failure")
    strict = parser.parse_args().strict or os.environ.get("CI", "").lower() in {"1", "true"}
    # A polite stop unwinds the stack like Ctrl-C does, so that nothing we started stays behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    outcome = Outcome()
    try:
        for name, command, settings in CHECKS:
            step(outcome, name, partial(run_quietly, command, settings))
        step(outcome, "tests on SQLite", lambda: run_tests(outcome, {}))
        if POSTGRESQL.find() is None:
            outcome.skipped[f"the whole run on PostgreSQL: {POSTGRESQL.reason}"] += 1
        else:
            step(outcome, "tests on PostgreSQL", lambda: run_tests_on_postgresql(outcome))
    except KeyboardInterrupt:
        print("\nStopped before the end.")
        return 130
    return report(outcome, strict=strict)


def step(outcome: Outcome, name: str, work: Callable[[], bool]) -> None:
    """Does one step, says how long it took and notes whether it held."""
    print(f"→ {name}", flush=True)
    began = time.perf_counter()
    try:
        held = work()
    except postgres.CannotRun as error:
        print(error)
        held = False
    outcome.seconds[name] = time.perf_counter() - began
    print(f"  {'ok' if held else 'FAILED'}  {outcome.seconds[name]:.1f} s", flush=True)
    if not held:
        outcome.failed.append(name)


def run_quietly(command: list[str], settings: dict[str, str]) -> bool:
    """Runs a check; what it prints is shown only if it fails."""
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=environment.bare() | settings,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        print(done.stdout.strip())
    return done.returncode == 0


def run_tests_on_postgresql(outcome: Outcome) -> bool:
    """The same tests on a PostgreSQL of this run; those that say the same on any database are left out."""
    with postgres.cluster() as url:
        return run_tests(outcome, {"DATABASE_URL": url}, "-m", "not once")


def run_tests(outcome: Outcome, settings: dict[str, str], *selection: str) -> bool:
    """Runs pytest in parallel and collects why tests were skipped."""
    workers = str(max(1, min(os.cpu_count() or 1, MOST_WORKERS)))
    with ExitStack() as clean_up:
        folder = Path(clean_up.enter_context(tempfile.TemporaryDirectory(prefix="yoriai-run-")))
        # A server that runs as another user must get through to its own folder in here.
        folder.chmod(0o711)
        record = folder / "tests.xml"
        options = ["-p", "no:cacheprovider", "-n", workers, "--dist", "loadgroup"]
        options += [f"--durations={SLOWEST_SHOWN}", "--durations-min=1", f"--junitxml={record}"]
        process = subprocess.Popen(
            python("-m", "pytest", *options, *selection),
            cwd=ROOT,
            # Folders of the run lie inside ours, so that even a killed worker leaves none.
            env=environment.bare() | {"TMPDIR": str(folder)} | settings,
            stdin=subprocess.DEVNULL,
        )
        try:
            status = process.wait()
        except KeyboardInterrupt:
            # In a terminal Ctrl-C has reached it too; otherwise we pass the word on.
            process.send_signal(signal.SIGINT)
            process.wait(30)
            raise
        if record.exists():
            outcome.skipped.update(reasons_of_skips(record))
    return status == 0


def reasons_of_skips(record: Path) -> Counter[str]:
    """How many tests were skipped for which reason, read from the file that pytest writes."""
    skips = ElementTree.parse(record).iterfind(".//testcase/skipped")
    return Counter(
        skip.get("message", "no reason given")
        for skip in skips
        if skip.get("type") == "pytest.skip"
    )


def report(outcome: Outcome, *, strict: bool) -> int:
    """Prints what failed and what was skipped; returns the exit status."""
    print(f"\n{'─' * 78}")
    for name, seconds in outcome.seconds.items():
        print(f"{seconds:7.1f} s  {'FAILED  ' if name in outcome.failed else ''}{name}")
    print(f"{sum(outcome.seconds.values()):7.1f} s  together")
    wanting = [reason for reason in outcome.skipped if not reason.startswith(DOES_NOT_APPLY)]
    if outcome.skipped:
        print("\nSkipped:")
        for reason, count in outcome.skipped.most_common():
            print(f"  {count} × {reason}")
    failed = bool(outcome.failed) or (strict and bool(wanting))
    if outcome.failed:
        print(f"\nFailed: {', '.join(outcome.failed)}")
    elif failed:
        print("\nFailed: nothing may be skipped here (--strict, or CI=true).")
    elif wanting:
        print("\nAll that ran is in order. Install what is missing to run the rest.")
    else:
        print("\nAll is in order.")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
