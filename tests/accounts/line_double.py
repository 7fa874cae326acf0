"""A local double of LINE Login v2.1: real HTTP, and the refusals that the real one gives.

Follows LINE's reference (authorization request, token request, user profile): codes work once, belong to one
redirect_uri and one PKCE challenge; the secret must be right; a profile needs the token as a bearer.
"""

import base64
import hashlib
import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

CHANNEL_ID, CHANNEL_SECRET = "1234567890", "0123456789abcdef0123456789abcdef"


@dataclass
class LineDouble:
    """What LINE knows: who holds the phone now, which codes and tokens are out."""

    url: str = ""
    holder: dict[str, str] = field(
        default_factory=lambda: {"userId": "U" + "a" * 32, "displayName": "花"}
    )
    declines: bool = False
    profile_is_down: bool = False
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    tokens: dict[str, dict[str, str]] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)

    def authorize(self, query: dict[str, str]) -> tuple[int, dict[str, str]]:
        """Lets the person say yes or no, and sends them back."""
        wanted = ("response_type", "client_id", "redirect_uri", "state", "scope")
        if any(not query.get(name) for name in wanted) or query["client_id"] != CHANNEL_ID:
            return 400, {}
        if self.declines:
            back = {
                "error": "access_denied",
                "error_description": "The user denied.",
                "state": query["state"],
            }
        else:
            code = secrets.token_urlsafe(15)
            self.codes[code] = {
                **query,
                **{f"who_{key}": value for key, value in self.holder.items()},
            }
            back = {"code": code, "state": query["state"]}
        return 302, {"Location": f"{query['redirect_uri']}?{urlencode(back)}"}

    def token(self, form: dict[str, str]) -> tuple[int, dict[str, object]]:
        """Exchanges a code for a token, once."""
        asked = self.codes.pop(form.get("code", ""), None)
        if form.get("client_id") != CHANNEL_ID or form.get("client_secret") != CHANNEL_SECRET:
            return 400, {
                "error": "invalid_client",
                "error_description": "client_secret does not match",
            }
        if form.get("grant_type") != "authorization_code" or asked is None:
            return 400, {
                "error": "invalid_grant",
                "error_description": "invalid authorization code",
            }
        if asked["redirect_uri"] != form.get("redirect_uri"):
            return 400, {
                "error": "invalid_grant",
                "error_description": "redirect_uri does not match",
            }
        challenge = asked.get("code_challenge")
        if challenge and challenge != _challenge(form.get("code_verifier", "")):
            return 400, {"error": "invalid_grant", "error_description": "invalid code_verifier"}
        token = secrets.token_urlsafe(40)
        self.tokens[token] = {
            key[4:]: value for key, value in asked.items() if key.startswith("who_")
        }
        return 200, {
            "access_token": token,
            "expires_in": 2592000,
            "refresh_token": secrets.token_urlsafe(15),
            "scope": asked["scope"],
            "token_type": "Bearer",
        }

    def profile(self, authorization: str) -> tuple[int, dict[str, object]]:
        """Says who it is: a name and a picture, never an address."""
        who = self.tokens.get(authorization.removeprefix("Bearer "))
        if self.profile_is_down:
            return 500, {"message": "Internal Server Error"}
        if who is None:
            return 401, {"message": "The access token expired"}
        return 200, {
            **who,
            "pictureUrl": "https://profile.line-scdn.net/x",
            "statusMessage": "げんき",
        }


def _challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


@contextmanager
def line_double() -> Iterator[LineDouble]:
    """The double, listening on a free port of this machine."""
    line = LineDouble()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            address = urlsplit(self.path)
            line.requests.append(f"GET {address.path}")
            if address.path == "/oauth2/v2.1/authorize":
                query = {key: values[0] for key, values in parse_qs(address.query).items()}
                self.answer(*line.authorize(query))
            elif address.path == "/v2/profile":
                status, body = line.profile(self.headers.get("Authorization", ""))
                self.answer(status, {}, body)
            else:
                self.answer(404, {})

        def do_POST(self) -> None:
            line.requests.append(f"POST {self.path}")
            raw = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
            form = {key: values[0] for key, values in parse_qs(raw).items()}
            status, body = line.token(form) if self.path == "/oauth2/v2.1/token" else (404, {})
            self.answer(status, {}, body)

        def answer(
            self, status: int, headers: dict[str, str], body: dict[str, object] | None = None
        ) -> None:
            raw = json.dumps(body or {}).encode()
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *args: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    line.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield line
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
