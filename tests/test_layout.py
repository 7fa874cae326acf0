"""The folder `platform/` shares its name with a module of the standard library and must never be a package.

pytest has imported the standard library's long before any test, so only new interpreters can tell.
"""

import os
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.support import environment

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parent.parent
PLATFORM = ROOT / "platform"

# What a stranger's package could shadow: every package and module that stands on our import path.
OURS = sorted(
    path.stem
    for source_root in (ROOT, PLATFORM)
    for path in source_root.iterdir()
    if (path / "__init__.py").is_file() or path.suffix == ".py"
)
TELL_ORIGINS = """
import sys
from importlib.util import find_spec
import platform
platform.system()
for name in sys.argv[1:]:
    print(name, find_spec(name).origin)
"""


def origins(*names: str, folder: Path, **extra: str) -> dict[str, Path]:
    """Where a fresh interpreter that starts in ``folder`` finds these modules."""
    done = subprocess.run(
        [sys.executable, "-c", TELL_ORIGINS, *names],
        cwd=folder,
        env=environment.bare() | extra,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return {
        name: Path(origin)
        for name, _, origin in (line.partition(" ") for line in done.stdout.splitlines())
    }


def test_the_platform_folder_is_no_package():
    assert not (PLATFORM / "__init__.py").exists()


def test_no_module_and_no_test_lies_directly_in_the_platform_folder():
    assert sorted(PLATFORM.glob("*.py")) == []


def test_tests_live_in_the_tests_folder_only():
    strays = [
        path
        for name in OURS
        if name != "tests"
        for pattern in ("test_*.py", "*_test.py", "conftest.py", "tests")
        for source_root in (ROOT, PLATFORM)
        for path in (source_root / name).rglob(pattern)
    ]
    assert strays == []


@pytest.mark.parametrize("elsewhere", [False, True], ids=["in the root", "from elsewhere"])
def test_a_fresh_interpreter_gets_the_standard_librarys_platform(elsewhere, tmp_path):
    found = origins("platform", folder=tmp_path if elsewhere else ROOT)["platform"]
    assert found.is_file()
    assert found.parent == Path(os.__file__).parent


@pytest.mark.parametrize("elsewhere", [False, True], ids=["in the root", "from elsewhere"])
def test_a_fresh_interpreter_gets_our_packages(elsewhere, tmp_path):
    names = ("config", "core", "accounts", "events", "notifications")
    found = origins(*names, folder=tmp_path if elsewhere else ROOT)
    assert found == {
        name: (PLATFORM if name in {"config", "core", "accounts"} else ROOT) / name / "__init__.py"
        for name in names
    }


def test_the_path_of_containers_finds_both(tmp_path):
    found = origins("platform", "config", folder=tmp_path, PYTHONPATH=f"{PLATFORM}:{ROOT}")
    assert found["platform"].parent == Path(os.__file__).parent
    assert found["config"] == PLATFORM / "config" / "__init__.py"


@pytest.mark.parametrize("name", OURS)
def test_no_installed_distribution_brings_a_package_of_our_name(name):
    providers = set(packages_distributions().get(name, []))
    assert providers <= {"yoriai"}
