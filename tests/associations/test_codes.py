"""Codes on paper: whatever people type that looks like the code is the code, and nothing else is."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from associations.services import codes

a_code = st.text(codes.ALPHABET, min_size=codes.LENGTH, max_size=codes.LENGTH)
BETWEEN = ["", " ", "\u3000", "-", "‐", "−", "ー", "－", "・", "\n", " - "]
LOOK_ALIKES = "0OQD 1IL 2Z 5S 8B UV"


def wide(character: str) -> str:
    """The full-width form of a letter or digit."""
    return chr(ord(character) + 0xFEE0)


@given(code=a_code, data=st.data())
def test_a_code_is_understood_in_any_width_case_and_spacing(code: str, data: st.DataObject) -> None:
    typed = data.draw(st.sampled_from(BETWEEN))
    for character in code:
        shown = data.draw(st.sampled_from([character, character.lower()]))
        typed += wide(shown) if data.draw(st.booleans()) else shown
        typed += data.draw(st.sampled_from(BETWEEN))
    assert codes.normalised(typed) == code


@given(code=a_code)
def test_what_is_printed_is_understood(code: str) -> None:
    assert codes.normalised(codes.in_words(code)) == code


@given(text=st.text(max_size=40))
def test_whatever_is_typed_is_a_code_or_nothing(text: str) -> None:
    found = codes.normalised(text)
    assert found == "" or (
        len(found) == codes.LENGTH
        and set(found) <= set(codes.ALPHABET)
        and codes.normalised(found) == found
    )
    assert unicodedata.is_normalized("NFKC", found)


@given(one=a_code, other=a_code)
def test_two_codes_have_one_hash_only_if_they_are_one(one: str, other: str) -> None:
    assert (codes.hashed(one) == codes.hashed(other)) == (one == other)
    assert one not in codes.hashed(one)


def test_no_two_characters_of_the_alphabet_look_alike() -> None:
    for group in LOOK_ALIKES.split():
        assert len(set(group) & set(codes.ALPHABET)) <= 1, group


def test_codes_are_drawn_from_the_whole_alphabet_and_do_not_repeat() -> None:
    drawn = [codes.new_code() for _ in range(2000)]
    assert len(set(drawn)) == len(drawn)
    assert set("".join(drawn)) == set(codes.ALPHABET)
    assert all(codes.normalised(code) == code for code in drawn)


def test_a_code_outlives_a_change_of_the_citys_key(settings: pytest.FixtureRequest) -> None:
    before = codes.hashed("ACDE3467")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]  # type: ignore[attr-defined]
    settings.SECRET_KEY = "another-key-of-the-city-" + "y" * 40  # type: ignore[attr-defined]
    assert codes.hashed("ACDE3467") != before
    assert before in codes.possible_hashes("ACDE3467")
