"""The demo city as `make run` fills it, on a server of its own: for tests that look and change nothing.

Run as a module it prints where the registered things of the city stand: see ``tests.support.addresses``.
"""

import json
import subprocess
import sys
from pathlib import Path

from tests.support.server import AppServer

ROOT = Path(__file__).resolve().parents[2]


class DemoCity:
    """A database with all demo content, a web server on it, and the paths to its things.

    Args:
        environment: of the test; its database is replaced by one in ``folder``.
    """

    def __init__(self, environment: dict[str, str], *, folder: Path) -> None:
        folder.mkdir()
        database = f"sqlite:///{folder}/demo.sqlite3"
        self._environment = environment | {"DATABASE_URL": database, "DATA_DIR": str(folder)}
        self._manage("migrate", "--verbosity", "0")
        self._manage("demo")
        self.server = AppServer(self._environment, folder=folder)
        self.server.start()
        # By the name of an address with arguments: where it leads to something.
        self.paths: dict[str, str] = json.loads(self._python("-m", __name__))

    def _manage(self, *words: str) -> None:
        self._python(str(ROOT / "manage.py"), *words)

    def _python(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, *words],
            cwd=ROOT,
            env=self._environment,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


def print_paths() -> None:
    """Prints a JSON object: by the name of each registered address, its path."""
    import django

    django.setup()
    from django.urls import reverse

    from tests.support.addresses import things

    print(json.dumps({name: reverse(name, kwargs=of()) for name, of in things().items()}))


if __name__ == "__main__":
    print_paths()
