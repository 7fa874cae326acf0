"""Dates in words, in the person's language and in Japan's time."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.utils.translation import override

from core.times import in_words, tokyo_midnight, tokyo_today


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ja", "2026年12月5日(土) 10:00"),
        ("ja-easy", "2026年12月5日(土) 10:00"),
        ("en", "Sat, 5 December 2026, 10:00"),
    ],
)
def test_a_moment_is_said_with_its_weekday_in_the_language_of_the_reader(
    language: str, words: str
) -> None:
    with override(language):
        assert in_words(datetime(2026, 12, 5, 1, 0, tzinfo=UTC)) == words


def test_a_day_has_no_time() -> None:
    with override("ja"):
        assert in_words(date(2026, 12, 5)) == "2026年12月5日(土)"


@time_machine.travel(datetime(2026, 3, 31, 15, 0, tzinfo=UTC))
def test_the_day_changes_at_midnight_in_japan() -> None:
    assert tokyo_today() == date(2026, 4, 1)


def test_midnight_in_japan_is_three_in_the_afternoon_before_in_utc() -> None:
    assert tokyo_midnight(date(2026, 4, 1)) == datetime(2026, 3, 31, 15, 0, tzinfo=UTC)
