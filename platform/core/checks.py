"""Settings that must not reach the public, each with the words that say what to set instead."""

import sys
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, register

DEFAULT_SECRET_KEYS = frozenset({"", "change-me"})
SHORTEST_SECRET_KEY = 50
THIS_MACHINE = frozenset({"", "localhost", "127.0.0.1", "::1"})


def production_settings(**kwargs: Any) -> list[CheckMessage]:
    """What production refuses to start with. Silent in the embedded city and in tests."""
    if not settings.REFUSE_UNSAFE_SETTINGS:
        return []
    return [message for rule in RULES for message in rule()]


def _secret_key() -> Iterable[CheckMessage]:
    if settings.SECRET_KEY in DEFAULT_SECRET_KEYS or len(settings.SECRET_KEY) < SHORTEST_SECRET_KEY:
        yield Error(
            "SECRET_KEY is missing, too short or the one of the example file.",
            hint=f"Set SECRET_KEY to {SHORTEST_SECRET_KEY} or more random characters of your own, "
            'for example: python -c "import secrets; print(secrets.token_urlsafe(50))"',
            id="yoriai.E001",
        )


def _debug() -> Iterable[CheckMessage]:
    if settings.DEBUG:
        yield Error(
            "DEBUG is on: error pages would show the inside of the house to everybody.",
            hint="Set DEBUG=false, or leave it out.",
            id="yoriai.E002",
        )


def _database() -> Iterable[CheckMessage]:
    engine = str(settings.DATABASES["default"]["ENGINE"])
    if "sqlite" not in engine:
        return
    if settings.DATABASES["default"]["NAME"] == ":memory:":
        yield Error(
            "DATABASE_URL is missing: whatever people wrote would be gone with the process.",
            hint="Set DATABASE_URL=postgresql://user:password@host/name",
            id="yoriai.E005",
        )
    elif not settings.SQLITE_IN_PRODUCTION:
        yield Error(
            "The database is SQLite, which lets one process write at a time.",
            hint="Set DATABASE_URL=postgresql://user:password@host/name, "
            "or SQLITE_IN_PRODUCTION=true if one small association is all there is.",
            id="yoriai.E003",
        )


def _hosts() -> Iterable[CheckMessage]:
    if not settings.ALLOWED_HOSTS or "*" in settings.ALLOWED_HOSTS:
        yield Error(
            "ALLOWED_HOSTS is empty or open to any name.",
            hint="Set ALLOWED_HOSTS to the names of your site, for example yoriai.city.example.lg.jp",
            id="yoriai.E004",
        )


def _address() -> Iterable[CheckMessage]:
    address = urlsplit(settings.SITE_URL)
    host = address.hostname or ""
    if address.scheme != "https" or host in THIS_MACHINE:
        yield Error(
            f"SITE_URL is {settings.SITE_URL}: links in e-mails would not lead to your site over https.",
            hint="Set SITE_URL to the public address, for example https://yoriai.city.example.lg.jp",
            id="yoriai.E006",
        )
    elif not any(
        host == name or (name.startswith(".") and f".{host}".endswith(name))
        for name in map(str.lower, settings.ALLOWED_HOSTS)
    ):
        yield Error(
            f"The host of SITE_URL, {host}, is not among ALLOWED_HOSTS: links in e-mails would be refused.",
            hint="Set ALLOWED_HOSTS so that it contains the host of SITE_URL.",
            id="yoriai.E007",
        )


def _mail() -> Iterable[CheckMessage]:
    if settings.EMAIL_USE_TLS and settings.EMAIL_USE_SSL:
        yield Error(
            "EMAIL_USE_TLS and EMAIL_USE_SSL are both on, and no e-mail could be sent.",
            hint="Set EMAIL_USE_TLS=true for port 587, or EMAIL_USE_SSL=true and EMAIL_USE_TLS=false for 465.",
            id="yoriai.E008",
        )
    if settings.EMAIL_BACKEND.endswith("smtp.EmailBackend") and settings.EMAIL_HOST in THIS_MACHINE:
        yield checks.Warning(
            "EMAIL_HOST is this machine, where a container has no mail server.",
            hint="Set EMAIL_HOST to the mail server that takes mail from this site.",
            id="yoriai.W001",
        )
    if settings.DEFAULT_FROM_EMAIL.rstrip(">").endswith("@localhost"):
        yield checks.Warning(
            "DEFAULT_FROM_EMAIL ends in @localhost: most mail servers refuse such a sender.",
            hint="Set DEFAULT_FROM_EMAIL to an address of yours, for example yoriai@city.example.lg.jp",
            id="yoriai.W002",
        )


def _redis() -> Iterable[CheckMessage]:
    if not urlsplit(settings.REDIS_URL).password:
        yield checks.Warning(
            "REDIS_URL has no password: whoever reaches Redis can give orders to the workers.",
            hint="Set REDIS_URL=redis://:password@host:6379/0 and requirepass in Redis.",
            id="yoriai.W003",
        )


RULES: tuple[Callable[[], Iterable[CheckMessage]], ...] = (
    _secret_key,
    _debug,
    _database,
    _hosts,
    _address,
    _mail,
    _redis,
)

register(production_settings)


def exit_if_unsafe(*, status: int = 1) -> None:
    """Ends the process with one line a fault: web, worker and beat call this before they serve.

    Warnings do not stop anybody; ``manage.py check`` tells them.

    Args:
        status: the exit status of the process.

    Raises:
        SystemExit: there is at least one fault.
    """
    faults = [message for message in production_settings() if message.level >= checks.ERROR]
    if faults:
        for fault in faults:
            sys.stderr.write(f"{fault.id}: {fault.msg} {fault.hint}\n")
        raise SystemExit(status)
