"""A copy of the project in a folder of its own, in which `make run` is really run."""

import os
import pwd
import shutil
import signal
import sqlite3
import subprocess
import sys
import sysconfig
import time
from pathlib import Path
from typing import Any

import psutil

from core.embedded import free_port
from tests.support import environment

ROOT = Path(__file__).resolve().parents[2]
LEFT_OUT = (".git", ".venv", "var", "staticfiles", "__pycache__", "*.mo", ".*_cache")
# These change by the mere passing of time.
RESTLESS_TABLES = {"core_heartbeat", "django_session", "sqlite_sequence"}
OPEN = "The city is open"

# Stands in for pip in the copy's environment, whose packages are those of the run itself: notes what it was asked.
PIP = """
import pathlib, sys
with open(pathlib.Path(sys.prefix) / "pip-was-asked", "a") as notes:
    print(*sys.argv[1:], file=notes)
"""


class Copy:
    """The project in ``folder``, with an environment that needs no installing.

    Args:
        folder: is made; may have spaces in its name.
        python: the interpreter of the environment, of the same version as ours; ours if not given.
        user: whose folder it is, and who runs what runs in it; ourselves if not given.
    """

    def __init__(
        self,
        folder: Path,
        *,
        python: Path | None = None,
        user: str | None = None,
    ) -> None:
        self.folder = folder
        self._as_user: dict[str, Any] = {}
        _copy_project(folder)
        subprocess.run(
            [
                python or Path(sys.executable).resolve(),
                "-m",
                "venv",
                "--without-pip",
                folder / ".venv",
            ],
            env=environment.bare(),
            check=True,
        )
        self.python = folder / ".venv" / "bin" / "python"
        self._packages = next((folder / ".venv" / "lib").glob("python*/site-packages"))
        # Ours come as an editable install lays them; everybody else's are those of the run itself.
        paths = [folder / "platform", folder, sysconfig.get_path("purelib")]
        (self._packages / "city.pth").write_text("".join(f"{path}\n" for path in paths))
        self.add_package("pip")
        (self._packages / "pip" / "__main__.py").write_text(PIP)
        if user is not None:
            uid, gid = _ids_of(user)
            self._as_user = {"user": uid, "group": gid, "extra_groups": []}
            for path in (folder, *folder.rglob("*")):
                os.chown(path, uid, gid, follow_symlinks=False)

    def add_package(self, name: str) -> None:
        """Puts an empty package before one of the same name that is installed."""
        (self._packages / name).mkdir()
        (self._packages / name / "__init__.py").touch()

    @property
    def pip_was_asked(self) -> list[str]:
        """The arguments of every call of pip."""
        notes = self.folder / ".venv" / "pip-was-asked"
        return notes.read_text().splitlines() if notes.exists() else []

    def rows(self) -> dict[str, list[tuple[object, ...]]]:
        """Everything in the city's database but for what time itself changes."""
        # A second address for the file, so that reading never waits and never writes.
        with sqlite3.connect(self.folder / "var" / "yoriai.sqlite3") as database:
            tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            names = {name for (name,) in tables} - RESTLESS_TABLES
            return {name: list(database.execute(f'SELECT * FROM "{name}"')) for name in names}

    def run(self, *command: str | Path, **extra: str) -> subprocess.CompletedProcess[str]:
        """Runs a command in the copy to its end, which must come within a minute."""
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **self._how(extra)
        ) as process:
            try:
                printed, complained = process.communicate(timeout=60)
            except subprocess.TimeoutExpired:
                for child in psutil.Process(process.pid).children(recursive=True):
                    child.kill()
                process.kill()
                raise
        return subprocess.CompletedProcess(command, process.returncode, printed, complained)

    def start(self, **extra: str) -> "Run":
        """``make run`` as somebody starts it in a terminal; on a free port unless PORT is given."""
        how = self._how({"PORT": str(free_port())} | extra)
        return Run(self.folder / "make-run.log", how)

    def _how(self, extra: dict[str, str]) -> dict[str, Any]:
        own = environment.bare() | {"HOME": str(self.folder)} | extra
        return {"cwd": self.folder, "env": own, "stdin": subprocess.DEVNULL, **self._as_user}


class Run:
    """A running ``make run`` and all that it has started."""

    def __init__(self, output: Path, how: dict[str, Any]) -> None:
        self.address = f"http://localhost:{how['env']['PORT']}/"
        self._output = output
        self._processes: set[psutil.Process] = set()
        with output.open("wb") as file:
            self._make = subprocess.Popen(
                ["make", "run"],
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                **how,
            )

    @property
    def printed(self) -> str:
        """What stands on the terminal."""
        return self._output.read_text(errors="replace")

    def wait_until_open(self, *, seconds: float = 120) -> float:
        """Returns when it says that it is open, and how many seconds that took."""
        began = time.monotonic()
        while OPEN not in self.printed:
            assert self._make.poll() is None, self.printed
            assert time.monotonic() - began < seconds, self.printed
            time.sleep(0.1)
        return time.monotonic() - began

    def processes(self) -> set[psutil.Process]:
        """Everything that was started and has been seen here, alive or not."""
        if self._make.poll() is None:
            make = psutil.Process(self._make.pid)
            self._processes |= {make, *make.children(recursive=True)}
        return self._processes

    def left(self) -> list[psutil.Process]:
        """What is still alive."""
        return [
            process
            for process in self._processes
            if process.is_running() and process.status() != psutil.STATUS_ZOMBIE
        ]

    def press_ctrl_c(self) -> int:
        """What a terminal does: SIGINT to all in the foreground. Returns the exit status of make."""
        return self.send(signal.SIGINT)

    def send(self, signum: signal.Signals) -> int:
        """Sends a signal to the foreground group and returns the exit status of make."""
        self.processes()
        os.killpg(self._make.pid, signum)
        return self.wait()

    def wait(self) -> int:
        """Waits for the end of make and returns its exit status."""
        return self._make.wait(30)

    def clear_away(self) -> None:
        """Ends whatever a failed test has left."""
        self.processes()
        for process in self.left():
            process.kill()
        self._make.wait(10)


def _ids_of(user: str) -> tuple[int, int]:
    entry = pwd.getpwnam(user)
    return entry.pw_uid, entry.pw_gid


def _copy_project(folder: Path) -> None:
    """Copies what git knows or would add; without git, everything but what is made anew anyway."""
    if not (ROOT / ".git").exists() or shutil.which("git") is None:
        shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(*LEFT_OUT))
        return
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    for name in os.fsdecode(listed.stdout).split("\0"):
        source = ROOT / name
        # A file that is deleted and not yet committed is still listed.
        if name and source.is_file():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
