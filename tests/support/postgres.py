"""A throw-away PostgreSQL cluster: in a temporary folder, on a Unix socket only, gone when we are gone.

``python -m tests.support.postgres COMMAND`` runs a command with DATABASE_URL pointing to one, for example
``python -m tests.support.postgres python -m pytest tests/issues``.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from tests.support.processes import Started
from tests.support.programs import POSTGRESQL

# PostgreSQL refuses to run as root; its packages bring the first of these users.
USERS_IF_ROOT = ("postgres", "nobody")
OPTIONS = {
    # The folder of the socket is closed to everybody else: no port, no password.
    "listen_addresses": "",
    # What is lost in a power cut is thrown away anyway.
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "autovacuum": "off",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "log_min_messages": "fatal",
    "log_min_error_statement": "panic",
}


class CannotRun(Exception):
    """There is no PostgreSQL on this machine, or it does not come up."""


@contextmanager
def cluster(**options: str) -> Iterator[str]:
    """Runs a new, empty PostgreSQL and yields the URL of a database in it.

    Args:
        options: settings of the server besides :data:`OPTIONS`, for example ``fsync="on"``.

    Raises:
        CannotRun: there is none on this machine.
        DidNotStart: it did not come up.
    """
    programs = POSTGRESQL.find()
    if programs is None:
        raise CannotRun(POSTGRESQL.reason)
    user = _ordinary_user() if os.geteuid() == 0 else None
    # Short, because the path of a socket may have 107 characters.
    folder = Path(tempfile.mkdtemp(prefix="yoriai-pg-"))
    try:
        if user is not None:
            shutil.chown(folder, user)
        _initialise(programs, folder, user=user)
        settings = OPTIONS | {"unix_socket_directories": str(folder)} | options
        server = Started(
            [
                programs / "postgres",
                *("-D", folder / "data"),
                *(word for name, value in settings.items() for word in ("-c", f"{name}={value}")),
            ],
            log=folder / "postgres.log",
            # Immediate shutdown: nobody will read these files again.
            ending=signal.SIGQUIT,
            folder=folder,
            user=user,
        )
        try:
            server.wait_until(lambda: _answers(folder))
            yield f"postgresql://postgres@/{quote(f'{folder}/postgres', safe='')}"
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _ordinary_user() -> str:
    known = {person.pw_name for person in pwd.getpwall()}
    return next(user for user in USERS_IF_ROOT if user in known)


def _initialise(programs: Path, folder: Path, *, user: str | None) -> None:
    command = [
        str(programs / "initdb"),
        "-D",
        str(folder / "data"),
        "-U",
        "postgres",
        "-A",
        "trust",
    ]
    command += ["-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"]
    done = subprocess.run(
        command,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        user=user,
        group=None if user is None else pwd.getpwnam(user).pw_gid,
        extra_groups=None if user is None else [],
    )
    if done.returncode:
        raise CannotRun(f"initdb failed: {done.stderr.strip()}")


def _answers(folder: Path) -> bool:
    import psycopg

    try:
        psycopg.connect(host=str(folder), user="postgres", dbname="postgres").close()
    except psycopg.OperationalError:
        return False
    return True


def main(*command: str) -> int:
    # A polite stop unwinds the stack like Ctrl-C does, so that nothing stays behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with cluster() as url:
            return subprocess.run(command, env=os.environ | {"DATABASE_URL": url}).returncode
    except CannotRun as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
