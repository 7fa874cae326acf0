"""An issue with a talk, and people whom it concerns."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import User
from issues.models import Category, Issue, Post
from issues.services import issues as acts
from issues.services import talk


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
