"""What is no proper HTTP, sent to a real server: it answers with a refusal or not at all, and goes on serving."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support import nonsense
from tests.support.wire import get, send_raw

METHODS = (b"GET", b"POST", b"HEAD", b"OPTIONS", b"CONNECT", b"get", b"BREW", b"\x00", b"")
VERSIONS = (b"HTTP/1.1", b"HTTP/1.0", b"HTTP/0.9", b"HTTP/9.9", b"HTTP/2.0", b"", b"ICY")
PATHS = (
    b"/",
    b"/search/?q=",
    b"/accounts/login/",
    b"*",
    b"//",
    b"http://evil.example/",
    b"/%ff%00",
    b"",
)
FRAMING = (
    b"Content-Length: 5",
    b"Content-Length: 5\r\nContent-Length: 6",
    b"Content-Length: -1",
    b"Content-Length: 99999999999999999999",
    b"Content-Length: five",
    b"Transfer-Encoding: chunked",
    b"Transfer-Encoding: chunked\r\nContent-Length: 5",
    b"Transfer-Encoding: gzip",
    b"Upgrade: websocket\r\nConnection: Upgrade",
    b"Upgrade: h2c\r\nConnection: Upgrade",
    b"Expect: 100-continue",
)
BODIES = (b"", b"abcde", b"5\r\nabcde\r\n0\r\n\r\n", b"ffffffffffff\r\nabc", b"-1\r\n", b"zz\r\n")


@st.composite
def requests(draw: st.DrawFn) -> bytes:
    head = [
        b" ".join(draw(st.sampled_from(part)) for part in (METHODS, PATHS, VERSIONS)),
        b"Host: " + draw(st.one_of(st.just(b"localhost"), nonsense.header_values)),
        *draw(st.lists(st.sampled_from(FRAMING), max_size=2)),
        *draw(st.lists(st.binary(max_size=40), max_size=1)),
        b"Connection: close",
    ]
    return b"\r\n".join(head) + b"\r\n\r\n" + draw(st.sampled_from(BODIES))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=requests())
def test_what_is_no_proper_http_is_refused_and_no_error_of_ours(app_server, data):
    # An answer that waits for more of the body than comes is cut off here.
    answer = send_raw(app_server, data, seconds=0.2)
    status = re.match(rb"HTTP/1\.[01] (\d{3}) ", answer)
    assert status is None or int(status[1]) < 500


@pytest.fixture(autouse=True)
def _goes_on_serving(app_server):
    yield
    assert get(app_server, "/").status == 200
    assert "Exception in ASGI application" not in app_server.log
    assert "Internal Server Error" not in app_server.log
