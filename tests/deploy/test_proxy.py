"""The real Caddy with our Caddyfile in front of the real uvicorn: what clients can and cannot make it say."""

import gzip
import json
import threading
import time
from collections.abc import Iterator
from http.client import HTTPException
from pathlib import Path

import pytest
from websockets.sync.client import connect

from tests.deploy import files
from tests.deploy.caddy import CADDY, CLIENT, LIMIT, Door, proxy, trusting, web_server
from tests.support.programs import need
from tests.support.wire import get, request

pytestmark = [pytest.mark.once, pytest.mark.xdist_group("proxy")]


@pytest.fixture(scope="module", autouse=True)
def _caddy_is_here() -> None:
    need(CADDY)


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
    door.process.wait_until(lambda: "incomplete response" in door.process.printed, seconds=10)
    text = door.process.printed
    assert '"method":"GET"' in text
    for private in ("himitsu", "naisho", CLIENT):
        assert private not in text
