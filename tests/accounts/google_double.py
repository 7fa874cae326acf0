"""A local double of Google's token endpoint: real HTTP, an ID token with the claims that a test wants."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import jwt

CLIENT_ID, CLIENT_SECRET = "our-id.apps.googleusercontent.com", "our-secret"
CODE = "4/a-code"


@dataclass
class GoogleDouble:
    """What Google says of whoever sits at the browser."""

    url: str = ""
    claims: dict[str, Any] = field(default_factory=dict)

    def token(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """Exchanges the code for an ID token."""
        expected = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "code": CODE}
        if any(form.get(name) != value for name, value in expected.items()):
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {
            "iss": "https://accounts.google.com",
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 3600,
            **self.claims,
        }
        id_token = jwt.encode(claims, "k" * 32, "HS256")
        return 200, {"access_token": "t", "id_token": id_token, "token_type": "Bearer"}


@contextmanager
def google_double() -> Iterator[GoogleDouble]:
    """The double, listening on a free port of this machine."""
    google = GoogleDouble()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
            status, body = google.token({key: values[0] for key, values in parse_qs(raw).items()})
            answer = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *args: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    google.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield google
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
