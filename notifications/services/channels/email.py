"""By e-mail: text and HTML in our look, over Django's mail backend (SMTP, or a provider through Anymail)."""

import re
import smtplib
from collections.abc import Sequence
from email.utils import formataddr
from typing import Any
from urllib.parse import urlsplit

import requests
from anymail.exceptions import AnymailError, AnymailRecipientsRefused
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.validators import validate_email
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language, override

from core.text import one_line
from notifications.models import Delivery, MailTrouble
from notifications.services import mail_troubles
from notifications.services.channels.base import Outgoing, Result

# RFC 3463: 5.1.x says that the address is wrong, and not the mail.
_BAD_ADDRESS = re.compile(rb"\b5\.1\.(?:1|2|3|6|10)\b")
_ENHANCED_CODE = re.compile(rb"\b[245]\.\d{1,3}\.\d{1,3}\b")
# What the server says about us and not about the mail: we may be let in again when somebody has mended it.
_ABOUT_US = frozenset({421, 454, 530, 534, 535, 538})
_LONGEST_SUBJECT = 150


class EmailAdapter:
    """One connection for a batch, one result for each mail.

    SMTP cannot recognise a repeat. A mail that was under way when the connection broke is ``unknown``; the
    ``Message-ID`` is the same if somebody decides to send it again, so that mail programs show one.
    """

    channel = str(Delivery.Channel.EMAIL)
    batch_size = 100

    def send(self, messages: Sequence[Outgoing]) -> Sequence[Result]:
        """Sends mails over one connection, and over a new one after it broke."""
        if len(messages) > self.batch_size:
            raise ValueError(f"at most {self.batch_size} mails at a time")
        line = _Line(get_connection())
        results: list[Result] = []
        try:
            for message in messages:
                results.append(line.send(message))
                if line.is_out_of_order:
                    break
        finally:
            line.close()
        # Nobody answered even a new connection: the rest would only wait for it as long again.
        left = len(messages) - len(results)
        return results + [Result("retry", results[-1].reason)] * left if left else results


def message_id(message: Outgoing) -> str:
    """The ``Message-ID`` of a delivery: the same whenever it is sent."""
    return f"<{message.key}@{urlsplit(settings.SITE_URL).hostname or 'localhost'}>"


def worded(message: Outgoing) -> EmailMultiAlternatives:
    """The mail as it will be sent: headers, text, HTML.

    Raises:
        ValueError: it is addressed to something else than an e-mail address.
        ValidationError: no mail can go to such an address.
    """
    if not isinstance(message.address, str):
        raise ValueError("a mail needs an e-mail address")
    validate_email(message.address)
    with override(message.language):
        our_name = settings.SITE_NAME_EN if get_language() == "en" else settings.SITE_NAME
        context = {
            "message": message,
            "our_name": our_name,
            "city_name": settings.CITY_NAME_EN if get_language() == "en" else settings.CITY_NAME,
            "site_url": settings.SITE_URL.rstrip("/"),
            "addresses_url": settings.SITE_URL.rstrip("/") + reverse("notifications:addresses"),
            "language": message.language.split("-")[0],
        }
        text = render_to_string("notifications/email/message.txt", context)
        html = render_to_string("notifications/email/message.html", context)
    headers = {
        "Message-ID": message_id(message),
        # RFC 3834: no holiday answers, please.
        "Auto-Submitted": "auto-generated",
    }
    if message.unsubscribe_url:
        headers["List-Unsubscribe"] = f"<{message.unsubscribe_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail = EmailMultiAlternatives(
        subject=f"[{our_name}] {one_line(message.subject)[:_LONGEST_SUBJECT]}",
        body=text,
        from_email=formataddr((our_name, settings.DEFAULT_FROM_EMAIL)),
        to=[message.address],
        headers=headers,
    )
    mail.attach_alternative(html, "text/html")
    return mail


class _Line:
    """A connection that notes how far a mail had come when it broke."""

    def __init__(self, backend: BaseEmailBackend) -> None:
        self.backend = backend
        self.is_out_of_order = False
        self._handed_over = False

    def send(self, message: Outgoing) -> Result:
        try:
            mail = worded(message)
            mail.message()
        except (ValidationError, ValueError):
            # An address that stands in the table and yet is none, or a line break where none may be.
            return Result("dead", "malformed")
        if (refused := self._opened()) is not None:
            self.is_out_of_order = True
            return refused
        self._handed_over = False
        try:
            self.backend.send_messages([mail])
        except Exception as error:
            result = self._meaning(error, message)
            if result is None:
                raise
            return result
        return Result("sent")

    def close(self) -> None:
        try:
            self.backend.close()
        except OSError:
            # Whatever was sent is sent; that the other side hung up first changes nothing.
            return

    def _opened(self) -> Result | None:
        try:
            if self.backend.open():
                self._watch()
        except smtplib.SMTPResponseException as error:
            return Result("retry", f"smtp_{error.smtp_code}")
        except OSError:
            return Result("retry", "unreachable")
        return None

    def _watch(self) -> None:
        """Lets the connection say when a mail is handed over: from then on a break leaves it unclear."""
        smtp = getattr(self.backend, "connection", None)
        if not isinstance(smtp, smtplib.SMTP):
            return
        data = smtp.data

        def handing_over(msg: Any) -> tuple[int, bytes]:
            self._handed_over = True
            return data(msg)

        smtp.data = handing_over  # type: ignore[method-assign]

    def _hang_up(self) -> None:
        smtp = getattr(self.backend, "connection", None)
        if isinstance(smtp, smtplib.SMTP):
            smtp.close()
            self.backend.connection = None  # type: ignore[attr-defined]

    def _meaning(self, error: Exception, message: Outgoing) -> Result | None:
        """What an error says about the mail; ``None`` if it is a fault of ours that must come out."""
        if isinstance(error, smtplib.SMTPRecipientsRefused):
            code, answer = next(iter(error.recipients.values()))
            return self._refused(code, answer, message)
        if isinstance(error, smtplib.SMTPResponseException):
            said = error.smtp_error
            return self._refused(
                error.smtp_code, said if isinstance(said, bytes) else said.encode(), message
            )
        if isinstance(error, smtplib.SMTPNotSupportedError):
            return Result("dead", "not_supported")
        if isinstance(error, AnymailError):
            return self._provider(error, message)
        if isinstance(error, OSError):
            # Every error of smtplib is one too: disconnected, timed out, reset.
            self._hang_up()
            return Result("unknown", "cut_off") if self._handed_over else Result("retry", "cut_off")
        return None

    def _refused(self, code: int, said: bytes, message: Outgoing) -> Result:
        if code == 421:
            self._hang_up()
        if 400 <= code < 500 or code in _ABOUT_US:
            return Result("retry", f"smtp_{code}")
        if _BAD_ADDRESS.search(said):
            found = _ENHANCED_CODE.search(said)
            self._note(message, MailTrouble.Kind.BOUNCED, found.group().decode() if found else "")
            return Result("dead", "no_such_address", drop_address=True)
        return Result("dead", f"smtp_{code}")

    def _provider(self, error: AnymailError, message: Outgoing) -> Result:
        """A provider's API that did not take the mail (Anymail)."""
        if isinstance(error, AnymailRecipientsRefused):
            self._note(message, MailTrouble.Kind.BOUNCED, "refused")
            return Result("dead", "no_such_address", drop_address=True)
        status = error.status_code
        if status is None:
            never_reached = isinstance(error, requests.ConnectTimeout) or (
                isinstance(error, requests.ConnectionError)
                and not isinstance(error, requests.Timeout)
                and "Connection aborted" not in str(error)
            )
            if isinstance(error, requests.RequestException):
                return Result("retry" if never_reached else "unknown", "cut_off")
            return Result("dead", "not_supported")
        if status in {401, 402, 403, 408, 429} or status >= 500:
            response = error.response
            wait = response.headers.get("Retry-After", "") if response is not None else ""
            return Result("retry", f"http_{status}", int(wait) if wait.isdecimal() else None)
        return Result("dead", f"http_{status}")

    def _note(self, message: Outgoing, kind: MailTrouble.Kind, reason: str) -> None:
        mail_troubles.note(address=str(message.address), kind=kind, reason=reason)
