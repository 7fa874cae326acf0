"""A mail server for tests: it speaks SMTP over a real socket (aiosmtpd) and fails in the ways in which others do."""

import asyncio
import email
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.support.wire import free_port


class MailServer:
    """What a test sees: what arrived, and how the next mails are answered.

    ``mode``: ``ok``; ``busy`` (451 after the mail); ``refuse`` (554 after the mail); ``nobody`` (550 5.1.1 for the
    address); ``policy`` (550 5.7.1 for the address); ``locked`` (530 for the sender); ``cut`` (takes the mail and
    hangs up before it says so); ``gone`` (hangs up at MAIL FROM); ``slow`` (answers too late).
    """

    port = 0

    def __init__(self) -> None:
        self.mode = "ok"
        self.raw: list[bytes] = []
        self.connections = 0

    @property
    def mails(self) -> list[EmailMessage]:
        """Everything that was taken, parsed."""
        return [email.message_from_bytes(raw, policy=default) for raw in self.raw]

    # --- aiosmtpd calls these ---

    async def handle_EHLO(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: Any
    ) -> Any:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        if self.mode == "gone":
            assert server.transport is not None
            server.transport.abort()
        if self.mode == "locked":
            return "530 5.7.0 Authentication required"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        if self.mode == "nobody" or address.startswith("nobody@"):
            return "550 5.1.1 No such mailbox"
        if self.mode == "policy":
            return "550 5.7.1 Not today"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if self.mode == "busy":
            return "451 4.3.0 Try again later"
        if self.mode == "refuse":
            return "554 5.6.0 No such mails here"
        assert isinstance(envelope.content, bytes)
        self.raw.append(envelope.content)
        if self.mode == "cut":
            assert server.transport is not None
            server.transport.abort()
        if self.mode == "slow":
            await asyncio.sleep(3)
        return "250 OK"


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """The server, listening on a free port of this machine."""
    handler = MailServer()
    handler.port = free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=handler.port)
    controller.start()
    try:
        yield handler
    finally:
        controller.stop()
