"""LINE's Messaging API for tests, over real HTTP: its limits, its quota, its retry keys, its signatures.

After https://developers.line.biz/en/reference/messaging-api/ and its page on retrying requests.
"""

import base64
import hashlib
import hmac
import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import uuid4

TOKEN = "a-token-of-the-channel"
SECRET = "a-secret-of-the-channel"
_USER_ID = re.compile(r"U[0-9a-f]{32}\Z")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")

Answer = tuple[int, dict[str, Any], dict[str, str]]


def user_id(number: int) -> str:
    """A well-formed user id."""
    return f"U{number:032x}"


class LineDouble:
    """What a test sees of LINE.

    ``next_answers`` are used up one a request: ``500``, ``429``, ``401``, ``slow`` (accepts, answers too late),
    ``lost`` (accepts, hangs up), ``slow-quota``. ``quota`` is ``None`` for a plan without a limit.
    """

    url = ""

    def __init__(self) -> None:
        self.received: dict[str, list[str]] = {}
        self.multicasts: list[dict[str, Any]] = []
        self.replies: list[tuple[str, str]] = []
        self.accepted: dict[str, str] = {}
        self.requests: list[str] = []
        self.unknown: set[str] = set()
        self.blocked_by: set[str] = set()
        self.next_answers: list[str] = []
        self.quota: int | None = None
        self.used = 0
        self.is_full = False
        self._lock = threading.Lock()

    # --- Messaging API ---

    def multicast(self, body: dict[str, Any], retry_key: str) -> Answer:
        """``POST /v2/bot/message/multicast``"""
        if retry_key and not _UUID.match(retry_key):
            return 400, {"message": "The retry key is invalid"}, {}
        with self._lock:
            self.multicasts.append({"key": retry_key, **body})
            if retry_key in self.accepted:
                headers = {"X-Line-Accepted-Request-Id": self.accepted[retry_key]}
                return 409, {"message": "The retry key is already accepted"}, headers
            if wrong := self.wrong_with(body):
                return 400, wrong, {}
            to = body["to"]
            if self.is_full or (self.quota is not None and self.used + len(to) > self.quota):
                return 429, {"message": "You have reached your monthly limit."}, {}
            self.used += len(to)
            if retry_key:
                self.accepted[retry_key] = str(uuid4())
            for one in to:
                if one not in self.blocked_by:
                    texts = [message["text"] for message in body["messages"]]
                    self.received.setdefault(one, []).extend(texts)
        return 200, {}, {}

    def wrong_with(self, body: dict[str, Any]) -> dict[str, Any] | None:
        """What LINE would find wrong with a multicast."""
        to = body.get("to")
        if not isinstance(to, list) or not 1 <= len(to) <= 500 or len(set(to)) != len(to):
            return {"message": "The property, 'to', in the request body is invalid"}
        if any(not _USER_ID.match(one) or one in self.unknown for one in to):
            return {"message": "The property, 'to', in the request body is invalid"}
        return self.wrong_with_messages(body)

    def wrong_with_messages(self, body: dict[str, Any]) -> dict[str, Any] | None:
        """``POST /v2/bot/message/validate/multicast``"""
        messages = body.get("messages")
        if not isinstance(messages, list) or not 1 <= len(messages) <= 5:
            return {"message": "Size must be between 1 and 5"}
        for message in messages:
            text = message.get("text", "")
            if message.get("type") != "text" or not 1 <= len(text.encode("utf-16-le")) // 2 <= 5000:
                return {
                    "message": "The request body has 1 error(s)",
                    "details": [
                        {
                            "message": "Length must be between 0 and 5000",
                            "property": "messages[0].text",
                        }
                    ],
                }
        return None

    # --- webhook ---

    @staticmethod
    def signed(body: bytes, secret: str = SECRET) -> str:
        """``X-Line-Signature``"""
        return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()

    @staticmethod
    def event(kind: str, user: str, *, at: float | None = None, **more: Any) -> dict[str, Any]:
        """One event as LINE tells it."""
        return {
            "type": kind,
            "mode": "active",
            "timestamp": int((at or time.time()) * 1000),
            "source": {"type": "user", "userId": user},
            "webhookEventId": uuid4().hex.upper()[:26],
            "deliveryContext": {"isRedelivery": False},
            "replyToken": uuid4().hex,
            **more,
        }

    @classmethod
    def message(cls, user: str, text: str, **more: Any) -> dict[str, Any]:
        """Somebody wrote something."""
        return cls.event("message", user, message={"type": "text", "id": "1", "text": text}, **more)


@contextmanager
def line_double() -> Iterator[LineDouble]:
    """The double, listening on a free port of this machine."""
    line = LineDouble()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            self.handle_one(None)

        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            self.handle_one(json.loads(raw))

        def handle_one(self, body: dict[str, Any] | None) -> None:
            line.requests.append(f"{self.command} {self.path}")
            if self.headers.get("Authorization") != f"Bearer {TOKEN}":
                self.answer(401, {"message": "Authentication failed"})
                return
            is_quota = "quota" in self.path
            fault = line.next_answers.pop(0) if line.next_answers and not is_quota else ""
            if fault.isdecimal():
                self.answer(int(fault), {"message": "The API rate limit has been exceeded."})
                return
            answer = self.answer_to(body)
            if fault == "slow":
                time.sleep(1.5)
            if fault == "lost":
                self.connection.close()
                self.close_connection = True
                return
            self.answer(*answer)

        def answer_to(self, body: dict[str, Any] | None) -> Answer:
            if self.path == "/v2/bot/message/quota":
                if line.quota is None:
                    return 200, {"type": "none"}, {}
                return 200, {"type": "limited", "value": line.quota}, {}
            if self.path == "/v2/bot/message/quota/consumption":
                return 200, {"totalUsage": line.used}, {}
            assert body is not None
            if self.path == "/v2/bot/message/multicast":
                return line.multicast(body, self.headers.get("X-Line-Retry-Key", ""))
            if self.path == "/v2/bot/message/validate/multicast":
                wrong = line.wrong_with_messages(body)
                return (400, wrong, {}) if wrong else (200, {}, {})
            if self.path == "/v2/bot/message/reply":
                line.replies.append((body["replyToken"], body["messages"][0]["text"]))
                return 200, {"sentMessages": [{"id": "1", "quoteToken": "q"}]}, {}
            return 404, {"message": "Not found"}, {}

        def answer(
            self, status: int, body: dict[str, Any], headers: dict[str, str] | None = None
        ) -> None:
            raw = json.dumps(body).encode()
            self.send_response(status)
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.send_header("X-Line-Request-Id", str(uuid4()))
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *args: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    line.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield line
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
