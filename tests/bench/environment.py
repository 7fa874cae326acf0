"""Where and with what a measure was taken: said beside every result."""

import os
import platform
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("Django", "asgiref", "uvicorn", "uvloop")


@dataclass(frozen=True)
class Environment:
    """The circumstances of a run: when, which commit, on what machine, with which versions."""

    day: str
    commit: str
    machine: str
    versions: Mapping[str, str]


def environment(also: Iterable[str] = ()) -> Environment:
    """The circumstances now.

    Args:
        also: more packages whose versions are of interest.
    """
    return Environment(
        day=datetime.now(UTC).date().isoformat(),
        commit=commit(),
        machine=f"{os.cpu_count()} CPUs, {platform.system()} {platform.machine()}, "
        f"load average {os.getloadavg()[0]:.1f} before the run",
        versions={"Python": platform.python_version()}
        | {name: version_of(name) for name in (*PACKAGES, *also)},
    )


def version_of(package: str) -> str:
    """The version of an installed package, or that it is not there."""
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def commit() -> str:
    """The commit that was measured; with a plus if files have been changed since."""
    try:
        described = _git("rev-parse", "--short=10", "HEAD")
        changed = _git("status", "--porcelain", "--untracked-files=no", "--", ".", ":!docs")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return described + ("+" if changed else "")


def _git(*arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=ROOT, check=True, capture_output=True, text=True
    )  # fmt: skip
    return done.stdout.strip()
