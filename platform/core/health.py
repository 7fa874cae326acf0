"""Is the house in order? What ``/readyz`` asks, and the signs of life that it reads."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from core.models import Heartbeat

# Three missed beats of ten seconds: a busy worker is not reported dead, a dead one soon is.
HEARTBEAT_LIMIT = timedelta(seconds=35)


@dataclass(frozen=True)
class Finding:
    """The answer of one check: whether it is in order, and a word on it for the operator."""

    ok: bool
    note: str


Check = Callable[[], Finding]
_checks: dict[str, Check] = {}


def register(name: str, check: Check) -> None:
    """Adds a check to ``/readyz``; rooms call this when their app is ready."""
    _checks[name] = check


def findings() -> dict[str, Finding]:
    """Asks every check. One that fails by itself is a finding, not an error."""
    return {name: _asked(check) for name, check in _checks.items()}


def _asked(check: Check) -> Finding:
    try:
        return check()
    except (DatabaseError, redis.RedisError) as error:
        return Finding(ok=False, note=type(error).__name__)


def beat(name: str) -> None:
    """Leaves a sign of life of the process ``name``."""
    now = timezone.now()
    Heartbeat.objects.update_or_create(name=name, defaults={"beaten_at": now})


def database() -> Finding:
    """Can the database be asked?"""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return Finding(ok=True, note=connection.vendor)


def broker() -> Finding:
    """Does Redis answer within two seconds?"""
    client = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2)
    try:
        client.ping()
    finally:
        client.close()
    return Finding(ok=True, note="redis")


def heartbeat_of(name: str) -> Check:
    """A check that the process ``name`` has given a sign of life in the last 35 seconds."""

    def check() -> Finding:
        beaten_at = Heartbeat.objects.filter(name=name).values_list("beaten_at", flat=True).first()
        if beaten_at is None:
            return Finding(ok=False, note="never seen")
        age = timezone.now() - beaten_at
        return Finding(ok=age <= HEARTBEAT_LIMIT, note=f"{age.total_seconds():.0f} s ago")

    return check


register("database", database)
register("redis", broker)
register("worker", heartbeat_of("worker"))
register("beat", heartbeat_of("beat"))
