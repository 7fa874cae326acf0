"""What the tests of people share."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache

from accounts.models import User


@pytest.fixture(autouse=True)
def _nobody_has_tried_before(_redis_of_this_process: object) -> Iterator[None]:
    """Every test begins with all limits untouched."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def known(person: Callable[..., User]) -> Callable[..., User]:
    """Opens accounts whose address is confirmed: ``known("hanako@example.jp")``."""

    def open_one(address: str = "hanako@example.jp", **fields: Any) -> User:
        one = person(email=address, **fields)
        EmailAddress.objects.create(user=one, email=address, verified=True, primary=True)
        return one

    return open_one
