"""Addresses as people type them."""

import pytest

from core.text import fold_address, postal_digits


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("石引二丁目", "石引２丁目"),
        ("石引十丁目", "石引10丁目"),
        ("石引二十一丁目", "石引21丁目"),
        ("イシビキ", "いしびき"),
        ("ｲｼﾋﾞｷ", "いしびき"),
    ],
)
def test_two_ways_to_write_a_place_are_one(one: str, other: str) -> None:
    assert fold_address(one) == fold_address(other)


@pytest.mark.parametrize("name", ["三口新町", "十一屋町", "二俣町", "池田町一番丁"])
def test_numbers_that_are_part_of_a_name_stay(name: str) -> None:
    assert fold_address(name) == name


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("920-0935", "9200935"),
        ("〒９２０－０９３５", "9200935"),
        ("920ー0935", "9200935"),
        ("9200935", "9200935"),
        ("920", "920"),
        ("〒 920-09", "92009"),
        ("92", ""),
        ("920-09351", ""),
        ("石引", ""),
        ("2丁目", ""),
    ],
)
def test_postal_codes_are_recognised_however_they_are_typed(text: str, digits: str) -> None:
    assert postal_digits(text) == digits
