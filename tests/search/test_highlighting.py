"""Hits are marked where they were written, in the text as it was written."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from search import queries
from search.folding import comparable, folded_with_places
from search.snippets import marked, snippet

CHARACTERS = "除雪町会々時いすゞヾごみゴミｺﾞﾐか\u3099がﾊﾟサービスｰ−‐-〜aBＢzÉe\u030112１Ⅷ㌔㍻澤髙𠮷🎉\ufe0f \u3000\n。、・「」\u200b"
JAPANESE = st.lists(
    st.sampled_from([*CHARACTERS, "👨\u200d👩", "㈱", "\U000e0100"]), max_size=40
).map("".join)


def joined(pieces):
    return "".join(text for text, _ in pieces)


def hits(pieces):
    return [text for text, is_hit in pieces if is_hit]


@settings(max_examples=400)
@given(JAPANESE)
@example("時々々")
@example("かゞ ゞ")
@example("ｶﾞｰﾃﾞﾝ")
@example(" -Wi-  -Fi- 1−2 ")
@example("サ−〜ビス")
@example("각")
def test_folding_with_places_is_the_same_folding(text):
    folded = folded_with_places(text)
    assert folded.text == comparable(text)
    assert len(folded.text) == len(folded.starts) == len(folded.ends)
    assert all(start < end for start, end in zip(folded.starts, folded.ends, strict=True))


@settings(max_examples=300)
@given(JAPANESE, st.lists(JAPANESE, max_size=3), st.integers(10, 60), st.data())
def test_the_pieces_joined_are_a_stretch_of_the_original(text, words, length, data):
    if text:
        start = data.draw(st.integers(0, len(text) - 1))
        words.append(text[start : start + 4])
    folded = [word for word in map(comparable, words) if word]
    assert joined(marked(text, folded)) == text
    shown = snippet(text, folded, length=length)
    stretch = joined(shown.pieces)
    assert stretch in text
    if stretch and text.count(stretch) == 1:
        before, _, after = text.partition(stretch)
        assert shown.cut_before == bool(before.strip())
        assert shown.cut_after == bool(after.strip())
    for piece in [*marked(text, folded), *shown.pieces]:
        assert piece[0]
    expected = any(word in comparable(text) for word in folded)
    assert bool(hits(marked(text, folded))) == expected
    assert bool(hits(shown.pieces)) == expected


@pytest.mark.parametrize(
    ("text", "typed", "expected"),
    [
        ("大雪の日の除雪", "除雪", ["除雪"]),
        ("燃えるｺﾞﾐの日", "ごみ", ["ｺﾞﾐ"]),
        ("金澤の町", "金沢", ["金澤"]),
        ("公民館のＷｉ‐Ｆｉ", "wifi", ["Ｗｉ‐Ｆｉ"]),
        ("時々除雪", "時時", ["時々"]),
        ("佐々木", "佐佐木", ["佐々木"]),
        ("一㌔先", "キロ", ["㌔"]),
        ("こ\u3099み出し", "ごみ", ["こ\u3099み"]),
        ("町会  の 除雪", '"町会 の"', ["町会  の"]),
        ("除雪と除雪", "除雪", ["除雪", "除雪"]),
        ("除雪除雪", "除雪", ["除雪除雪"]),
        ("町会の除雪", "除雪 町会の", ["町会の除雪"]),
        ("サ−ビス", "サービス", ["サ−ビス"]),
        ("除雪", "花壇", []),
    ],
)
def test_a_hit_is_marked_as_it_was_written(text, typed, expected):
    pieces = marked(text, queries.parse(typed).words)
    assert joined(pieces) == text
    assert hits(pieces) == expected


def test_the_snippet_shows_the_place_where_most_words_stand():
    text = (
        "除雪の話。"
        + "花壇の手入れをしました。" * 20
        + "そのあとで、町会の除雪をしました。"
        + "終わり。" * 50
    )
    shown = snippet(text, ("除雪", "町会"), length=60)
    assert hits(shown.pieces) == ["町会", "除雪"]
    assert joined(shown.pieces).startswith("そのあとで、")
    assert (shown.cut_before, shown.cut_after) == (True, True)
    assert len(joined(shown.pieces)) == 60


def test_a_hit_far_down_in_a_long_text_is_shown():
    text = "花壇の手入れをしました。" * 1000 + "除雪もしました。"
    shown = snippet(text, ("除雪",))
    assert hits(shown.pieces) == ["除雪"]
    assert (shown.cut_before, shown.cut_after) == (True, False)


def test_a_hit_longer_than_the_snippet_is_shown_whole():
    word = "地域清掃活動" * 20
    assert hits(snippet(f"ここで{word}です", (word,), length=40).pieces) == [word]


def test_without_a_hit_the_beginning_is_shown():
    shown = snippet("花壇の手入れをしました。" * 30, ("除雪",), length=50)
    assert joined(shown.pieces) == ("花壇の手入れをしました。" * 30)[:50]
    assert (shown.cut_before, shown.cut_after, hits(shown.pieces)) == (False, True, [])


def test_an_empty_text_has_no_pieces():
    assert snippet("", ("除雪",)).pieces == ()
