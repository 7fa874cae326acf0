"""What is found, and that it is the same on every database: exactly the texts that hold the words."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search import grams, kinds, queries
from search.folding import comparable
from search.selectors import Order
from tests.support.search import entry, find, found, put

pytestmark = pytest.mark.django_db

# Every way in which two spellings can be the same, and every sign that could mean something to a database.
ALPHABET = "除雪町会時々いすゞヾごみゴミｺﾞﾐか\u3099ーｰ−‐-〜バスaBＢz12１Ⅷ㌔澤沢髙𠮷🎉 \u3000\n、。・「」\"'%_\\*()^:&|!\u200b\u202e"
TEXT = st.text(alphabet=ALPHABET, max_size=25)


@st.composite
def library_and_query(draw):
    """Some documents, and a query that is often a piece of one of them."""
    library = draw(st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=6))
    pieces = []
    for _ in range(draw(st.integers(1, 3))):
        source = draw(st.sampled_from([*library[0], TEXT]))
        text = source if isinstance(source, str) else draw(source)
        start = draw(st.integers(0, len(text)))
        pieces.append(text[start : start + draw(st.integers(1, 6))])
    query = "".join(piece.translate(dict.fromkeys(map(ord, '"「」'))) + " " for piece in pieces)
    return library, query


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(library_and_query())
def test_exactly_the_texts_that_hold_every_word_are_found(library_and_query):
    library, query = library_and_query
    words = [word for word in map(comparable, query.split()) if grams.can_be_found(word)]
    expected = [
        number
        for number, (title, text) in enumerate(library)
        if words and all(word in comparable(title) or word in comparable(text) for word in words)
    ]
    with transaction.atomic():
        put(
            *(
                entry(number, text, title=title, days_ago=number)
                for number, (title, text) in enumerate(library)
            )
        )
        assert sorted(found(query)) == expected
        assert found(query, order=Order.NEWEST) == expected
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("除雪", "大雪の日の除雪について"),
        ("町会", "石引町会連合会"),
        ("雪", "大雪"),
        ("雪", "雪"),
        ("ごみ", "燃えるゴミ"),
        ("ｺﾞﾐ", "ごみの日"),
        ("ゴミ", "こ\u3099みの日"),
        ("金沢", "金澤の町家"),
        ("Ｗｉ-Ｆｉ", "公民館でwi-fiが使えます"),
        ("wifi", "公民館でWi‐Fiが使えます"),
        ("Wi-Fi", "公民館でWIFIが使えます"),
        ("Bus", "バスbus時刻"),
        ("bus時", "バスBUS時刻"),
        ("サービス", "サ−ビス"),
        ("時時", "時々"),
        ("4-17", "石引４−１７−１"),
        ("4ー17", "石引4-17-1"),
        ("１２月", "12月5日"),
        ("🎉", "おめでとう🎉"),
        ("𠮷", "𠮷田さん"),
        ("町会　除雪", "除雪は町会で"),
        ('"町会で 除雪"', "町会で　除雪"),
        ("「町会で」", "町会で"),
        ("“町会で”", "町会で"),
        ('町会 "', "町会で"),
        ("町会 & 除雪", "除雪は町会で"),
        ("C++", "C++の勉強会"),
    ],
)
def test_it_is_found_however_it_is_written(typed, text):
    put(entry(1, text), entry(2, "別の話"))
    assert found(typed) == [1]


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("除雪", "除草と積雪"),
        ("町会の除雪", "町会の除草、の除雪"),
        ("町会 除雪", "町会の花壇"),
        ('"町会 除雪"', "町会の除雪"),
        ("1-2", "12"),
        ("除雪 -町会", "除雪"),
        ("OR", "除雪"),
        ("除* 雪", "除雪"),
    ],
)
def test_nothing_else_is_found(typed, text):
    put(entry(1, text))
    assert found(typed) == []


def test_a_word_does_not_reach_from_the_title_into_the_text():
    put(entry(1, "雪の話", title="除"))
    assert found("除雪") == []
    assert found("除 雪") == [1]


@pytest.mark.parametrize("typed", ["", " ", "\u3000", "。", "%_", '"', "「」", "\u200b", "*", "-"])
def test_without_a_letter_nothing_is_looked_for(typed):
    put(entry(1, "。%_*「」-"))
    results = find(typed)
    assert (results.hits, results.count, results.next) == ((), 0, "")


HOSTILE = [
    '"*(',
    "%_\\",
    "NEAR",
    "NEAR(除雪 町会)",
    "除雪 NOT 町会",
    "除雪 AND",
    "grams:除雪",
    "^除雪",
    "除雪*",
    "{除雪}",
    "'除雪' | '町会'",
    "除雪:*",
    "除雪 <-> 町会",
    "!除雪",
    "';DROP TABLE search_searchdocument;--",
    "\u202e除雪\u202c",
    "除\u200f雪",
    "除雪\x00",
    "\ud800除雪",
    "除雪" * 100,
    "雪 " * 100,
    "".join(map(chr, range(0x4E00, 0x4E00 + 200))),
    " ".join(map(chr, range(0x4E00, 0x4E00 + 100))),
    "ﷺ" * 200,
    "%s %(x)s",
]


@pytest.mark.parametrize("typed", HOSTILE)
def test_no_query_is_an_error_or_an_operator(typed):
    texts = {3: "除雪の話", 2: "町会の話", 1: f"これを{typed}とも"}
    put(*(entry(number, text) for number, text in texts.items()))
    words = queries.parse(typed).words
    expected = [
        number
        for number, text in texts.items()
        if words and all(word in comparable(text) for word in words)
    ]
    for order in Order:
        assert sorted(found(typed, order=order)) == sorted(expected)


@pytest.mark.parametrize("text", [*HOSTILE, "々" * 300, "\ud800", "ﷺ" * 60_000, "雪" * 70_000])
def test_no_text_is_an_error(text):
    put(entry(1, text, title=text))
    put(entry(1, "雪かき", title="雪かき"))
    assert found("雪かき") == [1]


def test_hits_can_be_narrowed_down_to_a_kind():
    put(
        entry(1, "除雪", title="除雪"),
        entry(2, "除雪", kind="post", days_ago=1),
        entry(3, "除雪", kind="post", days_ago=2),
        entry(4, "町会", kind="circular"),
    )
    results = find("除雪", kind=kinds.get("post"))
    assert [hit.url for hit in results.hits] == ["/posts/2/", "/posts/3/"]
    assert results.count == 2
    assert [(counted.kind.slug, counted.count) for counted in results.kinds] == [
        ("post", 2),
        ("issue", 1),
    ]


def test_a_common_word_is_counted_up_to_200_and_newest_first_goes_on_to_the_end():
    put(*(entry(number, "除雪の話", days_ago=number) for number in range(1, 231)))
    results = find("除雪")
    assert (results.count, results.more_than_counted) == (200, True)
    assert [counted.count for counted in results.kinds] == [None, None, None]
    assert found("除雪") == list(range(1, 201))
    assert found("除雪", order=Order.NEWEST) == list(range(1, 231))


def test_exactly_200_are_no_more_than_200():
    put(*(entry(number, "除雪の話") for number in range(1, 201)))
    results = find("除雪")
    assert (results.count, results.more_than_counted) == (200, False)
