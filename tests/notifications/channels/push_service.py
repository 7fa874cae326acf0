"""A push service and a browser for tests: it takes what RFC 8030 says over HTTP, and opens what RFC 8291 closed.

Written from the RFCs with nothing but ``cryptography``, so that it does not share a mistake with what we send by.
"""

import json
import struct
import threading
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from os import urandom
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def to_text(data: bytes) -> str:
    """Base64url without padding."""
    return urlsafe_b64encode(data).decode().rstrip("=")


def to_bytes(text: str) -> bytes:
    """The other way round."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Browser:
    """What a browser keeps for one subscription: a key pair and a secret."""

    def __init__(self, service: "PushService", name: str) -> None:
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.auth = urandom(16)
        self.endpoint = f"{service.url}/push/{name}"
        self.public = self.private.public_key().public_bytes(
            Encoding.X962, PublicFormat.UncompressedPoint
        )

    def to_json(self) -> dict[str, Any]:
        """``PushSubscription.toJSON()``."""
        return {
            "endpoint": self.endpoint,
            "expirationTime": None,
            "keys": {"p256dh": to_text(self.public), "auth": to_text(self.auth)},
        }

    def opened(self, body: bytes) -> dict[str, Any]:
        """What stands in a message (RFC 8291 section 3.4, RFC 8188 section 2)."""
        salt, size, length = body[:16], *struct.unpack(">LB", body[16:21])
        sender, sealed = body[21 : 21 + length], body[21 + length :]
        assert len(sealed) <= size, "more than one record"
        shared = self.private.exchange(
            ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender)
        )
        both = b"WebPush: info\0" + self.public + sender
        secret = _hkdf(shared, self.auth, both, 32)
        key = _hkdf(secret, salt, b"Content-Encoding: aes128gcm\0", 16)
        nonce = _hkdf(secret, salt, b"Content-Encoding: nonce\0", 12)
        padded = AESGCM(key).decrypt(nonce, sealed, None)
        text, mark = padded.rstrip(b"\0")[:-1], padded.rstrip(b"\0")[-1:]
        assert mark == b"\x02", "not the last record"
        told = json.loads(text)
        assert isinstance(told, dict)
        return told


def _hkdf(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(secret)


@dataclass(frozen=True)
class Request:
    """One message as it came."""

    path: str
    headers: dict[str, str]
    body: bytes

    def claims(self) -> dict[str, Any]:
        """What the sender says it is (RFC 8292), after its signature has been checked."""
        scheme, _, fields = self.headers["authorization"].partition(" ")
        assert scheme == "vapid"
        parts = dict(part.strip().split("=", 1) for part in fields.split(","))
        head, claims, signature = parts["t"].split(".")
        raw = to_bytes(signature)
        numbers = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), to_bytes(parts["k"])).verify(
            utils.encode_dss_signature(*numbers),
            f"{head}.{claims}".encode(),
            ec.ECDSA(hashes.SHA256()),
        )
        told = json.loads(to_bytes(claims))
        assert isinstance(told, dict)
        return {**told, "key": parts["k"]}


class PushService:
    """``answers`` by path: a status, or ``cut`` (hangs up), ``slow``, ``elsewhere`` (redirects); 201 otherwise."""

    url = ""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.answers: dict[str, int | str] = {}
        self.retry_after = ""
        self.connections = 0

    def browser(self, name: str = "one") -> Browser:
        """A browser that is subscribed here."""
        return Browser(self, name)

    def answer(self, browser: Browser, with_: int | str) -> None:
        """What messages to this browser are answered with from now on."""
        self.answers[urlsplit(browser.endpoint).path] = with_


@contextmanager
def push_service() -> Iterator[PushService]:
    """The service, listening on a free port of this machine."""
    service = PushService()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Or every answer waits 40 ms for an acknowledgement.
        wbufsize = -1
        disable_nagle_algorithm = True

        def setup(self) -> None:
            service.connections += 1
            super().setup()

        def do_GET(self) -> None:
            service.requests.append(Request("GET " + self.path, {}, b""))
            self.answer(200)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            headers = {name.lower(): value for name, value in self.headers.items()}
            how = service.answers.get(self.path, 201)
            if how != "slow":
                service.requests.append(Request(self.path, headers, body))
            if how == "slow":
                time.sleep(1.5)
                how = 201
            if how == "cut":
                self.connection.close()
                self.close_connection = True
                return
            if how == "elsewhere":
                self.answer(307, {"Location": f"{service.url}/inside"})
                return
            assert isinstance(how, int)
            extra = {"Retry-After": service.retry_after} if service.retry_after else {}
            self.answer(how, extra)

        def answer(self, status: int, headers: dict[str, str] | None = None) -> None:
            self.send_response(status)
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    service.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
