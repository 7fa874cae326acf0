"""An issue with a talk, and people whom it concerns."""

import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db.models import F

from accounts.models import User
from issues.models import Category, Issue, Post
from issues.services import issues as acts
from issues.services import talk
from notifications.models import Delivery
from notifications.services import channels
from tests.notifications.sink import Sinks

# 2026-11-21 12:00 in Japan: nobody's quiet hours.
NOON = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


@pytest.fixture
def hanako(person: Callable[..., User]) -> User:
    """Who has raised the issue."""
    return person("hanako", display_name="石引 花子")


@pytest.fixture
def issue(hanako: User) -> Issue:
    """An issue of Hanako's, so she follows it."""
    category = Category.objects.create(slug="waste", name="環境・ごみ")
    words = acts.Words(title="古紙の回収場所", text="文", question="問", category=category)
    return acts.raise_issue(actor=hanako, words=words, key=uuid.uuid4())


@pytest.fixture
def say(issue: Issue) -> Callable[..., Post]:
    """Somebody says something: ``say(person(), "…", answers=post)``."""

    def said(actor: User, source: str = "そう思います。", **more: Any) -> Post:
        return talk.post(actor=actor, thread=issue.thread, source=source, key=uuid.uuid4(), **more)

    return said


@pytest.fixture
def noon() -> Iterator[time_machine.Traveller]:
    """It is noon in Japan; ``noon.shift(60)`` lets a minute pass."""
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def sinks(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Sinks:
    """Channels that lead nowhere; nobody has an address yet."""
    made = Sinks()
    monkeypatch.setattr(channels, "adapter", made.adapter)
    monkeypatch.setattr(channels.addresses, "of", made.of)
    settings.NOTIFICATION_PATIENCE = 0
    return made


@pytest.fixture
def states() -> Callable[..., list[tuple[str, str, str]]]:
    """Channel, state and reason of the deliveries to somebody, in their order."""

    def of(person: User) -> list[tuple[str, str, str]]:
        rows = Delivery.objects.filter(recipient=person).order_by("pk")
        return list(rows.values_list("channel", "state", "reason"))

    return of


@pytest.fixture
def make_due(db: None) -> Callable[[], None]:
    """Lets the time pass until all that waits is due."""

    def make() -> None:
        Delivery.objects.filter(state="pending").update(due_at=F("due_at") - timedelta(days=2))

    return make
