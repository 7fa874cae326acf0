"""What the tests of the channels share: peers, and people with addresses."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from core.vapid import new_pair
from notifications.models import LineLink
from notifications.services.channels import Outgoing
from tests.notifications.channels.line_double import SECRET, TOKEN, LineDouble, line_double
from tests.notifications.channels.mail_server import MailServer, mail_server
from tests.notifications.channels.push_service import PushService, push_service

LETTER = {
    "subject": "用水路の清掃について",
    "text": "こんにちは。\n\n12月5日(土) 10:00 に集まります。",
    "url": "http://localhost:8000/issues/1/",
}


def outgoing(address: Any, *, key: UUID | None = None, **fields: Any) -> Outgoing:
    """A message about cleaning a canal."""
    given: dict[str, Any] = {"recipient_id": 1, **LETTER} | fields
    return Outgoing(key=key or uuid4(), address=address, **given)


@pytest.fixture(autouse=True)
def _nobody_has_tried_before(_redis_of_this_process: object) -> Iterator[None]:
    """Every test begins with all limits untouched."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def smtp(settings: Any) -> Iterator[MailServer]:
    """A mail server that the site sends by."""
    with mail_server() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_TIMEOUT = 1
        settings.SITE_URL = "https://yoriai.example.lg.jp"
        yield server


@pytest.fixture
def push(settings: Any) -> Iterator[PushService]:
    """A push service that the site knows, and a key by which it is known."""
    with push_service() as service:
        settings.VAPID_PRIVATE_KEY, settings.VAPID_PUBLIC_KEY = new_pair()
        settings.VAPID_CONTACT = "mailto:yoriai@example.lg.jp"
        settings.WEB_PUSH_SERVICES = [service.url]
        yield service


@pytest.fixture
def line(settings: Any) -> Iterator[LineDouble]:
    """LINE, with our account's keys in the settings."""
    with line_double() as double:
        settings.LINE_MESSAGING_TOKEN, settings.LINE_MESSAGING_SECRET = TOKEN, SECRET
        settings.LINE_API_URL = double.url
        settings.LINE_ACCOUNT_ID = "@yoriai"
        settings.SITE_URL = "https://yoriai.example.lg.jp"
        yield double


@pytest.fixture
def with_mail(person: Callable[..., User]) -> Callable[..., User]:
    """Opens accounts whose address is proved: ``with_mail("hanako@example.jp")``."""

    def open_one(address: str = "hanako@example.jp", **fields: Any) -> User:
        one = person(email=address, **fields)
        EmailAddress.objects.create(user=one, email=address, verified=True, primary=True)
        return one

    return open_one


@pytest.fixture
def with_line(person: Callable[..., User]) -> Callable[..., User]:
    """Opens accounts that are linked with LINE: ``with_line("U…")``."""

    def open_one(line_user_id: str, **fields: Any) -> User:
        one = person(**fields)
        LineLink.objects.create(person=one, line_user_id=line_user_id)
        return one

    return open_one


@pytest.fixture
def in_english(signed_in: Callable[[User], Client]) -> Callable[[User], Client]:
    """Signs somebody in whose browser wants English, so that pages speak the words of the code."""

    def sign_in(one: User) -> Client:
        client = signed_in(one)
        client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
        return client

    return sign_in
