"""An issue on the board and people around it."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import Role, User
from accounts.services import grant_role
from issues.models import Category, Issue
from issues.services import issues as acts
from tests.support.redis import PrivateRedis


@pytest.fixture
def category(db: None) -> Category:
    return Category.objects.create(
        slug="waste", name="環境・ごみ", name_easy="ごみ", name_en="Waste"
    )


@pytest.fixture
def words(category: Category) -> Callable[..., acts.Words]:
    """What somebody writes about an issue: ``words(title="…")``."""

    def made(**changed: Any) -> acts.Words:
        usual: dict[str, Any] = {
            "title": "古紙の回収場所が、すぐ分かるようにしたい",
            "text": "町会ごとの日と、スーパーの箱が**別々の紙**に書いてあります。",
            "question": "どこに、何曜日に出せるかを、どう知りたいですか。",
            "category": category,
            "tags": ("ごみ", "地図"),
        }
        return acts.Words(**(usual | changed))

    return made


@pytest.fixture
def issue(person: Callable[..., User], words: Callable[..., acts.Words]) -> Issue:
    return acts.raise_issue(actor=person("hanako"), words=words(), key=uuid.uuid4())


@pytest.fixture
def with_role(person: Callable[..., User]) -> Callable[..., User]:
    """Somebody with a role: ``with_role(Role.FACILITATOR)``."""

    def made(role: Role) -> User:
        somebody = person()
        grant_role(actor=None, person=somebody, role=role)
        return somebody

    return made


@pytest.fixture(autouse=True)
def _limits_begin_anew(private_redis: PrivateRedis) -> None:
    """How often somebody has posted is counted in Redis, and the people of tests have the same numbers."""


@pytest.fixture
def writer(person, client):
    """Who has signed in at ``client``."""
    somebody = person("writer", display_name="書く人")
    client.force_login(somebody)
    return somebody


@pytest.fixture
def facilitator(with_role):
    return with_role(Role.FACILITATOR)
