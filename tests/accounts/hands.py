"""What people do at a screen, in the words of the tests."""

import re
from email.message import Message
from typing import Any

from django.core import mail
from django.core.mail import EmailMessage
from django.test import Client

# What Django's test client returns: a response with its context.
Answer = Any
PASSWORD = "a long enough word"
CODE = re.compile(r"\b\d{4}-\d{4}\b")


def visitor(**headers: str) -> Client:
    """Somebody with a browser of their own, in English, whose texts are the msgids of the code."""
    return Client(headers={"accept-language": "en"} | headers)


def last_mail() -> EmailMessage:
    """The mail that was sent last."""
    return mail.outbox[-1]


def code_in(message: EmailMessage | Message) -> str:
    """The code that stands in a mail."""
    text = message.body if isinstance(message, EmailMessage) else _text_of(message)
    found = CODE.search(str(text))
    assert found, f"no code in: {text}"
    return found.group()


def _text_of(message: Message) -> str:
    part = next(part for part in message.walk() if part.get_content_type() == "text/plain")
    return part.get_payload(decode=True).decode()  # type: ignore[union-attr]


def is_signed_in(client: Client) -> bool:
    """Whether one's own page opens."""
    return client.get("/me/").status_code == 200


def sign_in(
    client: Client, login: str, password: str = PASSWORD, *, to: str = "", **extra: Any
) -> Answer:
    """Fills the sign-in page and sends it."""
    fields = {"login": login, "password": password, "next": to}
    return client.post("/accounts/login/", fields, **extra)


def ask_for_code(client: Client, address: str) -> Answer:
    """Fills the page that sends a code."""
    return client.post("/accounts/login/code/", {"email": address})


def enter_code(client: Client, code: str, path: str = "/accounts/login/code/confirm/") -> Answer:
    """Fills the page that takes a code."""
    return client.post(path, {"code": code})


def join_by_email(client: Client, address: str, name: str = "花子") -> Answer:
    """Fills the page for joining, the way with an address."""
    return client.post(
        "/accounts/signup/", {"display_name": name, "way": "email", "email": address}
    )


def join_by_password(
    client: Client, username: str, *, name: str = "花子", password: str = PASSWORD
) -> Answer:
    """Fills the page for joining, the way without an address."""
    return client.post(
        "/accounts/signup/",
        {"display_name": name, "way": "password", "username": username, "password1": password},
    )


def errors_of(response: Answer, field: str) -> str:
    """What stands beside a field of the form that was sent back."""
    form = response.context["form"]
    return " ".join(form.errors.get(field, []))


def text_of(response: Answer) -> str:
    """The page as text."""
    return str(response.content.decode())
