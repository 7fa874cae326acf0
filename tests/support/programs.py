"""Programs that some tests need and a machine may lack, each with the words that say how to get it."""

import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

# A skip for any other cause than a missing program begins so: it is listed, and no failure where all must run.
DOES_NOT_APPLY = "does not apply here: "


@dataclass(frozen=True)
class Program:
    """Something to be installed: its name in plain words, how to find it, and what installs it."""

    name: str
    find: Callable[[], Path | None]
    comes_with: str

    @property
    def reason(self) -> str:
        """Why a test was skipped and what cures it, in one line."""
        return f"{self.name} is missing; it comes with: {self.comes_with}"


def need(*programs: Program) -> None:
    """Skips the test if one of the programs is missing."""
    for program in programs:
        if program.find() is None:
            pytest.skip(program.reason)


def on_path(*names: str) -> Path | None:
    """The first of these programs that is on PATH."""
    return next((Path(found) for name in names if (found := shutil.which(name))), None)


@cache
def _postgresql() -> Path | None:
    """The folder with initdb and postgres; Debian keeps it off the PATH, newest version last."""
    on_path = shutil.which("postgres")
    folders = [Path(on_path).parent] if on_path else []
    folders += sorted(
        Path("/usr/lib/postgresql").glob("*/bin"),
        key=lambda folder: [int(part) for part in folder.parent.name.split(".") if part.isdigit()],
        reverse=True,
    )
    return next(
        (
            folder
            for folder in folders
            if all(os.access(folder / name, os.X_OK) for name in ("initdb", "postgres"))
        ),
        None,
    )


@cache
def _japanese_font() -> Path | None:
    lister = shutil.which("fc-list")
    if lister is None:
        return None
    listed = subprocess.run([lister, ":lang=ja", "file"], capture_output=True, text=True)
    return next((Path(line.rstrip(": ")) for line in listed.stdout.splitlines() if line), None)


POSTGRESQL = Program("the PostgreSQL server", _postgresql, "apt install postgresql")
CHROMIUM = Program(
    "the browser Chromium",
    cache(lambda: on_path("chromium", "chromium-browser", "google-chrome")),
    "apt install chromium",
)
JAPANESE_FONT = Program("a Japanese font", _japanese_font, "apt install fontconfig fonts-noto-cjk")
GETTEXT = Program(
    "GNU gettext (xgettext)", cache(lambda: on_path("xgettext")), "apt install gettext"
)
MAKE = Program("make", cache(lambda: on_path("make")), "apt install make")
GIT = Program("git", cache(lambda: on_path("git")), "apt install git")
ALL = (POSTGRESQL, CHROMIUM, JAPANESE_FONT, GETTEXT, MAKE, GIT)
