"""What people write, made into safe HTML: a small Markdown of paragraphs, lists, links, quotes and emphasis.

Kept on purpose: a line break is a line break, an address becomes a link, and ``**「強調」**です`` is strong although
CommonMark's rules for spaces, made for Latin, would refuse it. Left out on purpose: headings (pages have theirs),
pictures (people add photos beside the text), tables, code and HTML.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from html import unescape

import nh3
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from linkify_it import LinkifyIt
from linkify_it.main import Match
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_cjk_friendly import cjk_friendly

LONGEST_TEXT = 10_000

_TAGS = {"p", "br", "ul", "ol", "li", "a", "blockquote", "em", "strong", "mark"}
_ATTRIBUTES: dict[str, set[str]] = {"*": set(), "a": {"href"}, "ol": {"start"}}
_SCHEMES = {"http", "https", "mailto", "tel"}

_ASCII_RUN = re.compile(r"[\x21-\x7e]*")


class AsciiLinks(LinkifyIt):
    """Addresses end where Japanese begins: 「https://example.jp/をご覧ください」 is written without a space."""

    def match(self, text: str) -> list[Match] | None:
        found: list[Match] | None = super().match(text)
        return [_ascii_only(link) for link in found] if found else found

    def match_at_start(self, text: str) -> Match | None:
        found: Match | None = super().match_at_start(text)
        return _ascii_only(found) if found else found


def _ascii_only(link: Match) -> Match:
    run = _ASCII_RUN.match(link.raw)
    ascii_part = run.group() if run else ""
    link.last_index = link.index + len(ascii_part)
    link.raw = link.text = link.url = ascii_part
    return link


# Deep nesting is never meant by a person; it is how a Markdown bomb makes pages slow.
_markdown = (
    MarkdownIt("commonmark", {"breaks": True, "linkify": True, "html": False, "maxNesting": 8})
    .disable(
        [
            "heading",
            "lheading",
            "image",
            "code",
            "fence",
            "backticks",
            "html_block",
            "html_inline",
            "hr",
            "reference",
        ]
    )
    .enable("linkify")
    .use(cjk_friendly)
)
_markdown.linkify = AsciiLinks(
    options={"fuzzy_link": False, "fuzzy_email": False, "fuzzy_ip": False}
)
# The plugin would join lines; people who press Enter mean it.
_markdown.add_render_rule("softbreak", lambda *_: "<br>\n")


def to_html(source: str, *, marked: Collection[str] = ()) -> SafeString:
    """The text as HTML that is safe to show.

    Args:
        source: what the person wrote, at most 10,000 characters; forms refuse more.
        marked: pieces of the text that become ``<mark>``, for example names that call somebody; never in links.

    Raises:
        ValueError: the text is longer; its cost would be no longer bounded.
    """
    if len(source) > LONGEST_TEXT:
        raise ValueError(f"a text of {len(source)} characters is longer than {LONGEST_TEXT}")
    tokens = _markdown.parse(source.replace("\x00", ""))
    if marked:
        _mark(tokens, marked)
    drawn = _markdown.renderer.render(tokens, _markdown.options, {})
    cleaned = nh3.clean(
        drawn,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        link_rel="nofollow ugc noopener",
    )
    return mark_safe(cleaned)  # noqa: S308  (nh3 has just cleaned it)


def _mark(tokens: Sequence[Token], marked: Collection[str]) -> None:
    # The longest first: 「@山田正一」 is not 「@山田」 with something behind it.
    found = re.compile("|".join(map(re.escape, sorted(marked, key=len, reverse=True))))
    for token in tokens:
        depth = 0
        pieces: list[Token] = []
        for child in token.children or ():
            depth += child.nesting if child.type in ("link_open", "link_close") else 0
            if child.type == "text" and not depth:
                pieces += _marked_pieces(child.content, found)
            else:
                pieces.append(child)
        if token.children:
            token.children = pieces


def _marked_pieces(text: str, found: re.Pattern[str]) -> Iterator[Token]:
    end = 0
    for match in found.finditer(text):
        yield Token("text", "", 0, content=text[end : match.start()])
        yield Token("mark_open", "mark", 1)
        yield Token("text", "", 0, content=match.group())
        yield Token("mark_close", "mark", -1)
        end = match.end()
    yield Token("text", "", 0, content=text[end:])


def to_plain(source: str) -> str:
    """The text without its marks, for lists, mails and search."""
    return unescape(strip_tags(_markdown.render(source[:LONGEST_TEXT]))).strip()
