"""Folding and cleaning of Japanese text."""

import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.text import fold, half_width, one_line, visible

ANY_TEXT = st.text(
    st.one_of(
        st.characters(codec="utf-8"),
        st.sampled_from("々〻ゝゞヽヾかがカガｶﾞﾊﾟー‐−〜髙﨑澤\u200d\u200b\u202e\ufeff👨👩"),
    ),
    max_size=40,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ごみ", "ゴミ"),
        ("ゴミ", "ｺﾞﾐ"),
        ("Ｗｉ－Ｆｉ", "wi-fi"),
        ("時々", "時時"),
        ("いすゞ", "いすず"),
        ("こゝろ", "こころ"),
        ("渡邊", "渡辺"),
        ("渡邉", "渡辺"),
        ("髙橋", "高橋"),
        ("𠮷田", "吉田"),
        ("沢田", "澤田"),
        ("広報", "廣報"),
        ("コンピュ−タ−", "コンピューター"),
        ("町会　会長", "町会 会長"),
        ("か\u3099", "が"),
        ("①", "1"),
        ("㈱", "(株)"),
        ("除\u200b雪", "除雪"),
    ],
)
def test_spellings_of_the_same_word_are_equal_when_folded(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"), [("はし", "ばし"), ("びょういん", "びよういん"), ("市", "区"), ("a", "b")]
)
def test_different_words_stay_different_when_folded(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(ANY_TEXT)
@example("かゞヾ")
@example("ﾞﾟ々々")
@example("İ")
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(ANY_TEXT)
def test_one_line_has_no_breaks_no_controls_and_no_spaces_at_its_ends(text: str) -> None:
    line = one_line(text)
    assert line == line.strip()
    assert not any(character in line for character in "\r\n\t\x00\x1b\u202e\u200b\u2028")


@pytest.mark.parametrize("emoji", ["👨‍👩‍👧", "❤️", "🏳️‍🌈", "👍🏽"])
def test_emoji_made_of_several_characters_stay_whole(emoji: str) -> None:
    assert visible(f"花子{emoji}") == f"花子{emoji}"


@pytest.mark.parametrize(
    "hidden", ["\u202e", "\u200b", "\ufeff", "\u2066", "\x00", "\x07", "\u00ad", "\u3164"]
)
def test_characters_that_hide_or_turn_text_are_removed(hidden: str) -> None:
    assert visible(f"市{hidden}役所") == "市役所"


@given(st.text(string.ascii_uppercase + string.digits, min_size=1))
def test_a_code_typed_in_full_width_letters_is_the_code(code: str) -> None:
    full_width = "".join(chr(ord(character) + 0xFEE0) for character in code)
    assert half_width(f"　{full_width} ") == code
