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
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from tests.support.processes import running
from tests.support.programs import POSTGRESQL

# PostgreSQL refuses to run as root; its packages bring the first of these users.
USERS_IF_ROOT = ("postgres", "nobody")
INITDB = ("--encoding=UTF8", "--locale=C.UTF-8")
OPTIONS = {
    # The folder of the socket is closed to everybody else: no network, no password.
    "listen_addresses": "",
    # Part of the socket's name.
    "port": "5432",
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
    with server(**options) as folder:
        yield f"postgresql://postgres@/{quote(f'{folder}/postgres', safe='')}"


@contextmanager
def server(initdb: Sequence[str] = INITDB, **options: str) -> Iterator[Path]:
    """Like :func:`cluster`, but yields the folder of the socket, which the superuser ``postgres`` may use freely.

    Args:
        initdb: what initdb is to be told besides.
        options: settings of the server besides :data:`OPTIONS`; over TCP, if at all, it asks for passwords.
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
        _initialise(programs, folder, initdb, user=user)
        settings = OPTIONS | {"unix_socket_directories": str(folder)} | options
        with running(
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
        ) as process:
            process.wait_until(lambda: _answers(folder, settings["port"]))
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _ordinary_user() -> str:
    known = {person.pw_name for person in pwd.getpwall()}
    return next(user for user in USERS_IF_ROOT if user in known)


def _initialise(programs: Path, folder: Path, told: Sequence[str], *, user: str | None) -> None:
    command = [f"{programs}/initdb", f"--pgdata={folder}/data", "--username=postgres", *told]
    command += ["--auth-local=trust", "--auth-host=scram-sha-256", "--no-sync", "--no-instructions"]
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


def _answers(folder: Path, port: str) -> bool:
    import psycopg

    try:
        psycopg.connect(host=str(folder), port=port, user="postgres", dbname="postgres").close()
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
