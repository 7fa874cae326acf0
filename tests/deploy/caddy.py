"""The real Caddy with our Caddyfile, and behind it the real uvicorn with an application that says what it sees."""

import json
import re
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tests.deploy import files
from tests.support import environment
from tests.support.processes import Started, running
from tests.support.programs import Program, on_path
from tests.support.wire import Local, Response, answers, free_port, request

CLIENT = "127.0.0.9"
LIMIT = 100_000


def _version(text: str) -> tuple[int, int]:
    """Major and minor version in what Caddy or the compose file says; 0.0 if it says none."""
    found = re.search(r"(\d+)\.(\d+)", text)
    return (int(found[1]), int(found[2])) if found else (0, 0)


# Caddy 2.6, for one, does not hold a request with a body back while the web server is exchanged.
DEPLOYED = _version(files.compose()["services"]["proxy"]["image"])
assert DEPLOYED > (0, 0), "the compose file names no version of Caddy"


@cache
def _caddy() -> Path | None:
    """The one that our own environment brings, else that of the machine; not older than that of the city."""
    for program in (Path(sys.executable).with_name("caddy"), on_path("caddy")):
        if program is not None and program.exists():
            told = subprocess.run([program, "version"], capture_output=True, text=True).stdout
            if _version(told) >= DEPLOYED:
                return program
    return None


CADDY = Program(
    "Caddy {}.{} or newer".format(*DEPLOYED), _caddy, "bin/venv dev, on Linux and macOS"
)


def caddy(*words: str | Path, **surroundings: str) -> str:
    """What ``caddy WORDS`` prints when run with these variables; raises AssertionError with its complaint."""
    program = CADDY.find()
    assert program is not None
    done = subprocess.run(
        [program, *words], env=environment.bare() | surroundings, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def trusting() -> ssl.SSLContext:
    """Caddy signs for localhost by itself; the tests are about what comes after."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


@dataclass(frozen=True)
class Door:
    """The running proxy and the ports that matter: its own three, and the one where it looks for the web server."""

    process: Started
    http: Local
    https: Local
    admin: Local
    upstream: Local

    def ask(self, method: str = "GET", path: str = "/", **more: Any) -> Response:
        """A request as it comes from the street."""
        return request(self.https, method, path, source=CLIENT, tls=trusting(), seconds=50, **more)

    def seen(self, **more: Any) -> dict[str, Any]:
        """What the application saw of a request."""
        found: dict[str, Any] = json.loads(self.ask(**more).body)
        return found


@contextmanager
def proxy(folder: Path, *, patience: str) -> Iterator[Door]:
    """Caddy with our Caddyfile; only ports, the certificate store and the patience are the test's own."""
    folder.mkdir()
    http, https, admin, upstream = (Local(free_port()) for _ in range(4))
    # The certificate is for this name.
    https = Local(https.port, host="localhost")
    surroundings = {
        "HOME": str(folder),
        "SITE_DOMAIN": f"{https.host}:{https.port}",
        "ACME_EMAIL": "webmaster@city.example.lg.jp",
        "MAX_BODY_BYTES": str(LIMIT),
        "WEB_ADDRESS": f"{upstream.host}:{upstream.port}",
        "PAGES_DIR": str(files.ROOT / "deploy/pages"),
    }
    text = files.CADDYFILE.read_text()
    assert "lb_try_duration 30s" in text
    source = folder / "Caddyfile"
    source.write_text(text.replace("lb_try_duration 30s", f"lb_try_duration {patience}"))
    adapted = caddy("adapt", "--config", source, "--adapter", "caddyfile", **surroundings)
    configuration = json.loads(adapted)
    configuration["admin"] = {"listen": f"{admin.host}:{admin.port}"}
    configuration["apps"]["http"] |= {"http_port": http.port, "https_port": https.port}
    configuration["apps"]["pki"] = {"certificate_authorities": {"local": {"install_trust": False}}}
    prepared = folder / "caddy.json"
    prepared.write_text(json.dumps(configuration))
    program = CADDY.find()
    assert program is not None
    with running(
        [program, "run", "--config", prepared],
        environment=environment.bare() | surroundings,
        folder=folder,
        log=folder / "caddy.log",
    ) as process:
        process.wait_until(lambda: _has_certificate(https))
        yield Door(process, http, https, admin, upstream)


def _has_certificate(server: Local) -> bool:
    try:
        with socket.create_connection((server.host, server.port), timeout=5) as plain:
            trusting().wrap_socket(plain, server_hostname=server.host).close()
    except OSError:
        return False
    return True


@contextmanager
def web_server(door: Door, folder: Path) -> Iterator[None]:
    """uvicorn with the flags of docker-compose.yml, serving what it sees."""
    values = files.filled_in_example() | {"PROXY_ADDRESS": "127.0.0.1", "WEB_WORKERS": "1"}
    command = files.resolved_compose(values)["services"]["web"]["command"][1:]
    replaced = {
        "python": sys.executable,
        "--port=8000": f"--port={door.upstream.port}",
        "config.asgi:application": "tests.deploy.echo:application",
    }
    command = [replaced.get(word, word) for word in command]
    with running(
        command, environment=environment.bare(), folder=files.ROOT, log=folder / "web.log"
    ) as web:
        web.wait_until(lambda: answers(door.upstream), seconds=30)
        yield
