"""Cards of issues as HTML, each rendered once a language for as long as it looks the same.

A card holds nothing of the reader, and its values are the key: what has changed is another card, so nothing here can
be out of date. Each process keeps the newest few thousand, some 1.5 kB each.
"""

from collections.abc import Iterable
from functools import lru_cache

from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from issues.selectors.board import Card

MOST_KEPT = 4_000


def as_html(cards: Iterable[Card]) -> list[SafeString]:
    """The cards in the language of the reader."""
    language = get_language() or ""
    return [_card(card, language) for card in cards]


@lru_cache(maxsize=MOST_KEPT)
def _card(card: Card, language: str) -> SafeString:
    # Django's templates give safe strings, whatever their signature says.
    return mark_safe(get_template("issues/card.html").render({"issue": card}))  # noqa: S308
