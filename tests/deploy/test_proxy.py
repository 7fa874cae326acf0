"""The real Caddy with our Caddyfile in front of the real uvicorn: what clients can and cannot make it say."""

import gzip
import json
import re
import shutil
import socket
import ssl
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from subprocess import run
from typing import Any

import pytest
from websockets.sync.client import connect

from core.embedded import free_port
from tests.deploy import files
from tests.support import environment
from tests.support.processes import Started, running
from tests.support.wire import Local, Response, answers, get, request


def version_of(text: str) -> tuple[int, int]:
    """Major and minor version in what Caddy or the compose file says."""
    found = re.search(r"(\d+)\.(\d+)", text)
    assert found is not None, text
    return int(found[1]), int(found[2])


def why_not() -> str:
    """Why these tests cannot run here; empty if they can."""
    if shutil.which("caddy") is None:
        return "there is no caddy on PATH"
    here = version_of(run(["caddy", "version"], capture_output=True, text=True).stdout)
    deployed = version_of(files.compose()["services"]["proxy"]["image"])
    # Caddy 2.6, for one, does not hold a request with a body back while the web server is exchanged.
    return "" if here >= deployed else f"the caddy here is {here}, that of the city {deployed}"


pytestmark = [
    pytest.mark.once,
    pytest.mark.xdist_group("proxy"),
    pytest.mark.skipif(bool(why_not()), reason=why_not()),
]

CLIENT = "127.0.0.9"
LIMIT = 100_000


def trusting() -> ssl.SSLContext:
    """Caddy signs for localhost by itself; the tests are about what comes after."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


@dataclass(frozen=True)
class Door:
    """The running proxy and the ports that matter: its own three, and the one where it looks for the web server."""

    caddy: Started
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
    surroundings = environment.bare() | {
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
    adapted = run(
        ["caddy", "adapt", "--config", source, "--adapter", "caddyfile"],
        env=surroundings,
        capture_output=True,
        text=True,
    )
    assert adapted.returncode == 0, adapted.stderr
    configuration = json.loads(adapted.stdout)
    configuration["admin"] = {"listen": f"{admin.host}:{admin.port}"}
    configuration["apps"]["http"] |= {"http_port": http.port, "https_port": https.port}
    configuration["apps"]["pki"] = {"certificate_authorities": {"local": {"install_trust": False}}}
    prepared = folder / "caddy.json"
    prepared.write_text(json.dumps(configuration))
    with running(
        ["caddy", "run", "--config", prepared],
        environment=surroundings,
        folder=folder,
        log=folder / "caddy.log",
    ) as caddy:
        caddy.wait_until(lambda: _has_certificate(https))
        yield Door(caddy, http, https, admin, upstream)


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


@pytest.fixture(scope="module")
def shut_door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """The proxy without a web server behind it."""
    with proxy(tmp_path_factory.mktemp("shut") / "caddy", patience="1s") as door:
        yield door


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    folder = tmp_path_factory.mktemp("proxy")
    with proxy(folder / "caddy", patience="30s") as door, web_server(door, folder):
        yield door


def test_the_application_sees_the_true_address_and_scheme_of_a_client(door: Door):
    seen = door.seen()
    assert (seen["client"], seen["scheme"]) == (CLIENT, "https")


def test_what_a_client_claims_about_itself_is_thrown_away(door: Door):
    seen = door.seen(
        headers={
            "X-Forwarded-For": "198.51.100.1",
            "X-Forwarded-Proto": "http",
            "X-Forwarded-Host": "evil.example",
            "Forwarded": "for=198.51.100.1",
            "X-Real-Ip": "198.51.100.1",
            "X-Request-Id": "forged-forged-forged",
        }
    )
    assert (seen["client"], seen["scheme"]) == (CLIENT, "https")
    arrived = {name: value for name, value in seen["headers"]}  # noqa: C416  (each must arrive once)
    assert len(arrived) == len(seen["headers"])
    assert arrived["x-forwarded-for"] == CLIENT
    assert arrived["x-forwarded-proto"] == "https"
    assert arrived["x-forwarded-host"] == arrived["host"] == f"localhost:{door.https.port}"
    assert not {"forwarded", "x-real-ip"} & arrived.keys()
    assert arrived["x-request-id"] != "forged-forged-forged"
    assert len(arrived["x-request-id"]) == 36


def test_plain_http_leads_to_https(door: Door):
    response = request(door.http, "GET", "/issues/", headers={"Host": "localhost"})
    assert response.status == 308
    assert response.headers["Location"].startswith("https://localhost")


def test_answers_are_compressed_and_do_not_say_what_serves_them(door: Door):
    response = door.ask(headers={"Accept-Encoding": "gzip"})
    assert response.headers["Content-Encoding"] == "gzip"
    assert "よりあい" in json.loads(gzip.decompress(response.body))["padding"]
    assert "Server" not in response.headers


def test_a_websocket_passes(door: Door):
    with connect(
        f"wss://localhost:{door.https.port}/", ssl=trusting(), open_timeout=10
    ) as websocket:
        websocket.send("こんにちは")
        assert websocket.recv(timeout=10) == "wss こんにちは"


def test_a_request_as_large_as_allowed_passes_and_a_larger_one_does_not(door: Door):
    assert door.seen(method="POST", body=b"x" * LIMIT)["received"] == LIMIT
    response = door.ask(method="POST", body=b"x" * (LIMIT + 1))
    assert response.status == 413


def test_a_request_that_hides_its_length_is_limited_too(door: Door):
    response = door.ask(method="POST", body=(b"x" * 1000 for _ in range(LIMIT // 1000 + 1)))
    assert response.status == 413


def test_its_own_health_check_is_answered_on_the_inside(door: Door):
    check = files.compose()["services"]["proxy"]["healthcheck"]["test"]
    assert check[-1] == "http://127.0.0.1:2019/config/"
    assert get(door.admin, "/config/").status == 200


def test_while_the_web_server_is_exchanged_people_wait_a_moment_and_lose_nothing(tmp_path: Path):
    with proxy(tmp_path / "caddy", patience="30s") as door:
        answered = []
        person = threading.Thread(
            target=lambda: answered.append(door.seen(method="POST", body=b"kept"))
        )
        person.start()
        time.sleep(1)
        assert not answered
        with web_server(door, tmp_path):
            person.join(35)
    assert [answer["received"] for answer in answered] == [4]


def test_when_the_web_server_stays_away_people_are_asked_to_come_back(shut_door: Door):
    response = shut_door.ask(path="/invitation/himitsu")
    assert response.status in {502, 503}
    assert response.headers["Retry-After"] == "30"
    assert response.headers["Cache-Control"] == "no-store"
    assert "数分でもとに戻ります" in response.text


def test_the_log_of_a_failure_does_not_say_whose_request_it_was(door: Door):
    with pytest.raises((HTTPException, OSError)):
        door.ask(path="/break/himitsu?code=naisho", headers={"Cookie": "__Host-session=naisho"})
    door.caddy.wait_until(lambda: "incomplete response" in door.caddy.printed, seconds=10)
    text = door.caddy.printed
    assert '"method":"GET"' in text
    for private in ("himitsu", "naisho", CLIENT):
        assert private not in text
