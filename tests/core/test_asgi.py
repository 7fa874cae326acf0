"""What stands before Django: the limit on bodies and the closed doors for WebSockets, through a real server."""

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.support.wire import get, request, send_raw

LIMIT = 1024 * 1024
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture
def server(another_server):
    return another_server(MAX_BODY_BYTES=str(LIMIT))


def pieces(size: int):
    """A body whose length is not declared."""
    while size > 0:
        yield b"x" * min(size, 65536)
        size -= 65536


@pytest.mark.parametrize("as_sent", [bytes, iter], ids=["declared", "in pieces"])
def test_a_body_above_the_limit_is_refused_with_a_page(server, as_sent):
    body = b"x" * (LIMIT + 1) if as_sent is bytes else pieces(LIMIT + 1)
    response = request(server, "POST", "/text-size/", body=body, headers=FORM)
    assert response.status == 413
    assert response.headers.get_content_type() == "text/html"
    assert "<h1>" in response.text
    assert server.log == ""


@pytest.mark.parametrize("as_sent", [bytes, iter], ids=["declared", "in pieces"])
def test_a_body_just_below_the_limit_reaches_the_view(server, as_sent):
    body = b"x" * LIMIT if as_sent is bytes else pieces(LIMIT)
    # Without a token the form is refused, but by Django: its body was taken.
    assert request(server, "POST", "/text-size/", body=body, headers=FORM).status == 403


def test_a_declared_length_is_refused_before_the_body_comes(server):
    head = f"POST /text-size/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {LIMIT * 1000}"
    assert send_raw(server, f"{head}\r\n\r\n".encode()).startswith(b"HTTP/1.1 413 ")


def test_the_next_request_is_served_after_one_that_was_too_large(server):
    request(server, "POST", "/text-size/", body=pieces(2 * LIMIT), headers=FORM)
    assert get(server, "/").status == 200


@pytest.mark.parametrize("path", ["/", "/ws/no-such-room/", "/issues/", "/%00/%ff"])
def test_a_websocket_to_an_unknown_address_is_closed_and_no_error_of_ours(app_server, path):
    before = app_server.log
    address = f"ws://{app_server.host}:{app_server.port}{path}"
    with pytest.raises(InvalidStatus) as refused:
        connect(address, origin=app_server.url)
    assert refused.value.response.status_code == 403
    assert app_server.log == before


@pytest.mark.parametrize("origin", ["https://evil.example", "null", None])
def test_a_websocket_from_another_site_is_refused(app_server, origin):
    before = app_server.log
    with pytest.raises(InvalidStatus) as refused:
        connect(f"ws://{app_server.host}:{app_server.port}/", origin=origin)
    assert refused.value.response.status_code == 403
    assert app_server.log == before
