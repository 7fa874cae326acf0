"""Settings that must not reach the public, each with the words that say what to set instead."""

import sys
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

DEFAULT_SECRET_KEYS = frozenset({"", "change-me"})
SHORTEST_SECRET_KEY = 50


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
    if "sqlite" in engine and not settings.SQLITE_IN_PRODUCTION:
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


RULES: tuple[Callable[[], Iterable[CheckMessage]], ...] = (_secret_key, _debug, _database, _hosts)

register(production_settings)


def exit_if_unsafe() -> None:
    """Ends the process with one line a fault: web, worker and beat call this before they serve.

    Raises:
        SystemExit: there is at least one fault.
    """
    faults = production_settings()
    if faults:
        for fault in faults:
            sys.stderr.write(f"{fault.id}: {fault.msg} {fault.hint}\n")
        raise SystemExit(1)
