"""A process that sends through the adapters and through plain clients, as a measure asks it to.

``{"channel": "email", "way": "adapter", "count": 100}`` on standard input, one a line; it answers with seconds and
seconds of CPU. ``DATABASE_URL`` is an empty database; SMTP_SINK and HTTP_SINK are ports of :mod:`tests.bench.sinks`.
"""

import base64
import json
import os
import smtplib
import sys
import time
from collections.abc import Callable
from uuid import uuid4

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
django.setup()

# Only now: these need the apps that the line above loaded.
import requests  # noqa: E402
import urllib3  # noqa: E402
from cryptography.hazmat.primitives.asymmetric import ec  # noqa: E402
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat  # noqa: E402
from django.conf import settings  # noqa: E402
from django.core.mail import get_connection  # noqa: E402
from django.core.management import call_command  # noqa: E402
from linebot.v3.messaging import MulticastRequest, TextMessage  # noqa: E402
from pywebpush import webpush  # noqa: E402

from core.vapid import new_pair, public_half  # noqa: E402
from notifications.services import channels  # noqa: E402
from notifications.services.channels.email import worded  # noqa: E402
from notifications.services.channels.line import text_of  # noqa: E402
from notifications.services.channels.web_push import payload  # noqa: E402
from notifications.services.line_api import messaging_api  # noqa: E402

TEXT = (
    "こんにちは。\n\n12月5日(土) 10:00 に、石引の用水路の前に集まります。軍手はこちらで用意します。"
    * 3
)


def prepare() -> None:
    """The settings that lead to the sinks."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", int(os.environ["SMTP_SINK"])
    settings.EMAIL_USE_TLS = False
    sink = f"http://127.0.0.1:{os.environ['HTTP_SINK']}"
    settings.VAPID_PRIVATE_KEY, _public = new_pair()
    settings.VAPID_PUBLIC_KEY = public_half(settings.VAPID_PRIVATE_KEY)
    settings.VAPID_CONTACT = "mailto:yoriai@example.lg.jp"
    settings.WEB_PUSH_SERVICES = [sink]
    settings.LINE_API_URL = sink
    settings.LINE_MESSAGING_TOKEN = settings.LINE_MESSAGING_SECRET = "x"
    # Counting the quota is one look-up a request; a Redis beside would only blur it.
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}


def messages(channel: str, count: int) -> list[channels.Outgoing]:
    """So many messages, each with a key of its own, all of the same words."""
    return [
        channels.Outgoing(
            key=uuid4(),
            recipient_id=number,
            address=address(channel, number),
            subject="用水路の清掃について、石引 花子さんが返信しました",
            text=TEXT,
            url="https://yoriai.example.lg.jp/issues/1/",
            unsubscribe_url="https://yoriai.example.lg.jp/notifications/unsubscribe/token/",
        )
        for number in range(count)
    ]


def address(channel: str, number: int) -> channels.Destination:
    if channel == "email":
        return f"person{number}@example.jp"
    if channel == "line":
        return f"U{number:032x}"
    return {
        "id": str(number),
        "endpoint": f"{settings.WEB_PUSH_SERVICES[0]}/push/{number}",
        "p256dh": POINT,
        "auth": base64.urlsafe_b64encode(b"x" * 16).decode(),
    }


POINT = base64.urlsafe_b64encode(
    ec.generate_private_key(ec.SECP256R1())
    .public_key()
    .public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
).decode()


def adapter(channel: str, some: list[channels.Outgoing]) -> Callable[[], None]:
    """The adapter, in batches as the outbox hands them over."""
    ours = channels.adapter(channel)

    def run() -> None:
        for start in range(0, len(some), ours.batch_size):
            results = ours.send(some[start : start + ours.batch_size])
            if any(result.state != "sent" for result in results):
                raise AssertionError(results)

    return run


def smtplib_alone(channel: str, some: list[channels.Outgoing]) -> Callable[[], None]:
    """smtplib with mails that are worded and packed already."""
    ready = [(message.address, worded(message).message().as_bytes()) for message in some]

    def run() -> None:
        with smtplib.SMTP("127.0.0.1", settings.EMAIL_PORT) as smtp:
            for to, mail in ready:
                smtp.sendmail("yoriai@example.lg.jp", [str(to)], mail)

    return run


def django_alone(channel: str, some: list[channels.Outgoing]) -> Callable[[], None]:
    """Django's own sending of mails that are worded, but not packed."""
    ready = [worded(message) for message in some]

    def run() -> None:
        get_connection().send_messages(ready)

    return run


def pywebpush_alone(channel: str, some: list[channels.Outgoing]) -> Callable[[], None]:
    """One call of pywebpush a message, as its manual shows it."""

    def run() -> None:
        for message in some:
            told = message.address
            assert not isinstance(told, str)
            webpush(
                {
                    "endpoint": told["endpoint"],
                    "keys": {"p256dh": told["p256dh"], "auth": told["auth"]},
                },
                data=payload(message).decode(),
                vapid_private_key=settings.VAPID_PRIVATE_KEY,
                vapid_claims={"sub": settings.VAPID_CONTACT},
            )

    return run


def post_alone(channel: str, some: list[channels.Outgoing]) -> Callable[[], None]:
    """An HTTP client that posts bytes of the same size over one connection, encrypting nothing."""
    body = b"x" * (len(payload(some[0])) + 103)

    def run() -> None:
        with requests.Session() as session:
            for message in some:
                assert not isinstance(message.address, str)
                session.post(message.address["endpoint"], data=body, timeout=10)

    return run


def sdk_alone(channel: str, some: list[channels.Outgoing]) -> Callable[[], None]:
    """LINE's own library, one multicast for 500, keeping nothing."""
    text = text_of(some[0])

    def run() -> None:
        with messaging_api() as api:
            for start in range(0, len(some), 500):
                request = MulticastRequest(
                    to=[message.address for message in some[start : start + 500]],
                    messages=[TextMessage(text=text)],
                )
                api.multicast(request, x_line_retry_key=str(uuid4()))

    return run


def multicast_alone(channel: str, some: list[channels.Outgoing]) -> Callable[[], None]:
    """urllib3 that posts the same multicasts of 500, keeping nothing."""
    text = text_of(some[0])

    def run() -> None:
        with urllib3.PoolManager() as pool:
            for start in range(0, len(some), 500):
                to = [message.address for message in some[start : start + 500]]
                pool.request(
                    "POST",
                    f"{settings.LINE_API_URL}/v2/bot/message/multicast",
                    json={"to": to, "messages": [{"type": "text", "text": text}]},
                    timeout=10,
                )

    return run


WAYS: dict[str, Callable[[str, list[channels.Outgoing]], Callable[[], None]]] = {
    "adapter": adapter,
    "django": django_alone,
    "smtplib": smtplib_alone,
    "pywebpush": pywebpush_alone,
    "post": post_alone,
    "sdk": sdk_alone,
    "multicast": multicast_alone,
}


def main() -> None:
    prepare()
    call_command("migrate", verbosity=0)
    for order in map(json.loads, sys.stdin):
        # The first few load libraries and templates and open connections.
        WAYS[order["way"]](order["channel"], messages(order["channel"], 5))()
        run = WAYS[order["way"]](order["channel"], messages(order["channel"], order["count"]))
        began, cpu = time.perf_counter(), time.process_time()
        run()
        told = {"seconds": time.perf_counter() - began, "cpu": time.process_time() - cpu}
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
