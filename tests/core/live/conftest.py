"""The running city in which the live layer is tested."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.core.live.city.running import City


@pytest.fixture(scope="session")
def _city_of_this_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    folder: Path = tmp_path_factory.mktemp("talk")
    city = City(folder)
    yield city
    city.stop()


@pytest.fixture
def city(_city_of_this_process: City) -> Iterator[City]:
    """Two web processes, Redis and database; whatever a test does to them, they must not complain."""
    city = _city_of_this_process
    city.start_what_is_down()
    city.forget_complaints()
    yield city
    assert "Traceback" not in city.complaints()


@pytest.fixture
def talk(city: City) -> str:
    """The key of a new talk that everybody may follow."""
    key: str = city.do("new_talk")
    return key
