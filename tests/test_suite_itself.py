"""What holds for the code as such: modules stay short, and tests stay away from anything real."""

import os
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tests.test_layout import OURS, PLATFORM, ROOT

pytestmark = pytest.mark.once

LONGEST_MODULE = 400


def our_modules() -> list[Path]:
    return [
        path
        for source_root in (ROOT, PLATFORM)
        for name in OURS
        for path in (source_root / name).rglob("*.py")
        if "migrations" not in path.parts
    ]


def test_no_module_is_longer_than_400_lines():
    lengths = {path: len(path.read_text().splitlines()) for path in our_modules()}
    assert len(lengths) > 50
    too_long = {str(path): lines for path, lines in lengths.items() if lines > LONGEST_MODULE}
    assert too_long == {}


def test_tests_touch_no_redis_and_no_file_of_a_real_city():
    own_redis, own_folder = settings.REDIS_URL, settings.DATA_DIR
    assert ":6379" not in own_redis
    caches: dict[str, Any] = settings.CACHES
    layers: dict[str, Any] = settings.CHANNEL_LAYERS
    assert caches["default"]["LOCATION"] == own_redis
    assert layers["default"]["CONFIG"]["hosts"] == [own_redis]
    assert own_redis == settings.CELERY_BROKER_URL
    written = repr({name: getattr(settings, name) for name in dir(settings) if name.isupper()})
    assert "127.0.0.1:6379" not in written
    assert str(ROOT / "var") not in written
    assert own_folder.is_dir()


def test_the_guard_against_blocking_coroutines_is_on():
    assert "DJANGO_ALLOW_ASYNC_UNSAFE" not in os.environ


def test_every_folder_of_tests_is_a_package():
    folders = {path.parent for path in (ROOT / "tests").rglob("*.py")}
    assert [str(folder) for folder in folders if not (folder / "__init__.py").exists()] == []
