"""Runs a program that ends when its starter ends, however that ends: Ctrl-C, an error, kill -9.

usage: python guard.py SIGNAL LOG USER program [argument ...]

The starter holds the other end of our standard input. When it closes, the program gets SIGNAL, and is killed
with its children if it has not ended ten seconds later. Its process id is all that we print; what it prints itself is added to LOG.
USER is whom it runs as, or a hyphen. A script of its own that imports nothing of ours, so that it starts at once.
"""

import os
import pwd
import signal
import subprocess
import sys
import threading
from typing import Any

PATIENCE_SECONDS = 10


def main(signal_name: str, log: str, user: str, *command: str) -> int:
    # Ctrl-C reaches everything in the terminal at once; who started us decides when we end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with open(log, "ab") as output:
        program = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            **identity(user),
        )
    os.write(1, f"{program.pid}\n".encode())

    def end_with_the_starter() -> None:
        while os.read(0, 1024):
            pass
        program.send_signal(signal.Signals[signal_name])
        try:
            program.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            # With all that it has started.
            os.killpg(program.pid, signal.SIGKILL)

    threading.Thread(target=end_with_the_starter, daemon=True).start()
    return program.wait()


def identity(user: str) -> dict[str, Any]:
    """What makes a process run as ``user`` with that user's own group and no other."""
    if user == "-":
        return {}
    return {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}


if __name__ == "__main__":
    status = main(*sys.argv[1:])
    sys.exit(status if status >= 0 else 128 - status)
