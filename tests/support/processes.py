"""Programs that tests start: each ends with the test process, whatever becomes of that."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

GUARD = Path(__file__).with_name("guard.py")


class DidNotStart(Exception):
    """A program ended at once or did not answer in time; the message holds what it printed."""


class Started:
    """A running program behind its guard.

    Args:
        command: the program and its arguments.
        log: the file that takes what it prints.
        ending: the signal that asks it to end.
        environment: its whole environment; ours if not given.
        folder: where it runs.
        user: whom it runs as, for example ``postgres`` when we are root.
    """

    def __init__(
        self,
        command: Sequence[str | Path],
        *,
        log: Path,
        ending: signal.Signals = signal.SIGTERM,
        environment: Mapping[str, str] | None = None,
        folder: Path | None = None,
        user: str | None = None,
    ) -> None:
        self.log = log
        # Neither our packages nor anybody's site-packages: the guard is there in some 15 ms.
        guard = [sys.executable, "-I", "-S", str(GUARD), ending.name, str(log), user or "-"]
        self._guard = subprocess.Popen(
            [*guard, *map(str, command)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=None if environment is None else dict(environment),
            cwd=folder,
            start_new_session=True,
        )
        assert self._guard.stdout is not None
        pid = self._guard.stdout.readline()
        if not pid:
            raise DidNotStart(f"{command[0]} cannot be started")
        self.pid = int(pid)

    def wait_until(self, answers: Callable[[], bool], *, seconds: float = 20) -> None:
        """Returns as soon as ``answers()`` is true.

        Raises:
            DidNotStart: the program has ended, or the time is over.
        """
        deadline = time.monotonic() + seconds
        while not answers():
            if not self.is_running or time.monotonic() > deadline:
                state = "is silent" if self.is_running else "ended at once"
                self.stop()
                raise DidNotStart(f"{self.log.stem} {state}:\n{self.printed[-3000:]}")
            time.sleep(0.02)

    @property
    def is_running(self) -> bool:
        return self._guard.poll() is None

    @property
    def printed(self) -> str:
        """What the program has printed so far."""
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def stop(self) -> int:
        """Asks the program to end, waits until it has, and returns its exit status."""
        assert self._guard.stdin is not None
        self._guard.stdin.close()
        return self._wait()

    def kill(self) -> None:
        """Ends the program without a word, as a power cut would."""
        os.kill(self.pid, signal.SIGKILL)
        self._wait()

    def _wait(self) -> int:
        status = self._guard.wait(30)
        for pipe in (self._guard.stdin, self._guard.stdout):
            if pipe is not None:
                pipe.close()
        return status


@contextmanager
def running(command: Sequence[str | Path], **how: Any) -> Iterator[Started]:
    """A program that is asked to end when the block ends; the arguments are those of :class:`Started`."""
    program = Started(command, **how)
    try:
        yield program
    finally:
        program.stop()
