"""What people write becomes safe HTML, as they meant it."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.richtext import LONGEST_TEXT, to_html, to_plain

ALLOWED = {"p", "br", "ul", "ol", "li", "a", "blockquote", "em", "strong"}


class Seen(HTMLParser):
    """Collects the elements and addresses of a piece of HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.addresses += [value or "" for name, value in attrs if name == "href"]


def seen_in(source: str) -> Seen:
    seen = Seen()
    seen.feed(to_html(source))
    return seen


@pytest.mark.parametrize(
    ("source", "drawn"),
    [
        ("一行目\n二行目", "<p>一行目<br>\n二行目</p>"),
        ("これは**「大事」**です。", "<p>これは<strong>「大事」</strong>です。</p>"),
        ("- 軍手\n- スコップ", "<ul>\n<li>軍手</li>\n<li>スコップ</li>\n</ul>"),
        ("> 雪が多い", "<blockquote>\n<p>雪が多い</p>\n</blockquote>"),
        ("# 大きな字", "<p># 大きな字</p>"),
        ("1 < 2 & 3", "<p>1 &lt; 2 &amp; 3</p>"),
    ],
)
def test_the_small_markdown_says_what_the_writer_meant(source: str, drawn: str) -> None:
    assert to_html(source).strip() == drawn


@pytest.mark.parametrize(
    ("source", "address"),
    [
        ("https://example.jp/a?b=1をご覧ください", "https://example.jp/a?b=1"),
        ("詳しくは https://example.jp/。", "https://example.jp/"),
        ("[市の案内](https://city.example.jp/)", "https://city.example.jp/"),
    ],
)
def test_an_address_becomes_a_link_and_ends_where_japanese_begins(
    source: str, address: str
) -> None:
    assert seen_in(source).addresses == [address]
    assert 'rel="nofollow ugc noopener"' in to_html(source)


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "![x](https://evil.example/pixel.png)",
        '<img src=x onerror="alert(1)">',
        '[x](https://e.jp/ "onmouseover=alert(1)")',
        "<svg/onload=alert(1)>",
        "[a](<javascript:alert(1)>)",
    ],
)
def test_nothing_that_acts_or_loads_gets_through(source: str) -> None:
    seen = seen_in(source)
    assert seen.tags <= ALLOWED
    assert seen.attributes <= {"href", "rel", "start"}
    assert all(address.startswith(("http", "mailto:", "tel:")) for address in seen.addresses)


@given(
    st.text(
        alphabet=st.sampled_from(list("<>[]()*_`#!-\"'& \n\tjavscript:/雪。\x00\u202e")),
        max_size=300,
    )
)
def test_any_mixture_of_signs_gives_only_the_allowed_elements(source: str) -> None:
    assert seen_in(source).tags <= ALLOWED


def test_a_text_without_bound_is_refused() -> None:
    with pytest.raises(ValueError, match="longer"):
        to_html("あ" * (LONGEST_TEXT + 1))


def test_deep_nesting_is_cut() -> None:
    assert to_html("> " * 4000 + "a").count("<blockquote>") < 10


def test_the_plain_text_has_no_marks_and_no_entities() -> None:
    assert to_plain("**雪** & [道](https://e.jp/) <b>") == "雪 & 道 <b>"


@pytest.mark.parametrize(
    ("source", "drawn"),
    [
        ("@山田さん", "<p><mark>@山田</mark>さん</p>"),
        (
            "**@山田**と@山田正一",
            "<p><strong><mark>@山田</mark></strong>と<mark>@山田正一</mark></p>",
        ),
        ("- @山田\n", "<ul>\n<li><mark>@山田</mark></li>\n</ul>"),
        ("<mark>x</mark>", "<p>&lt;mark&gt;x&lt;/mark&gt;</p>"),
        ("何もない", "<p>何もない</p>"),
    ],
)
def test_names_that_are_called_are_marked(source: str, drawn: str) -> None:
    assert to_html(source, marked=["@山田", "@山田正一"]).strip() == drawn


def test_nothing_is_marked_inside_a_link() -> None:
    assert "<mark>" not in to_html("[@山田](https://example.jp/)", marked=["@山田"])
