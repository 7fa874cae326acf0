"""Pairs of neighbouring characters: what the index holds, and what a query asks it for.

Japanese writes without spaces, so there are no words to index without guessing; every two characters that
stand next to each other can be found whatever the word is. The last character before a space, a sign or the
end stands in the index alone, so that each character begins an entry: one character is then found by prefix.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

# Spaces and signs part the pairs: nobody looks for す。, and where somebody does, the look at the text finds it.
# All of ASCII that is neither letter nor digit is here, hence nothing that means something to a database.
_SIGNS = re.compile(
    r"[\s\x00-\x2f\x3a-\x60\x7b-\xbf\u2000-\u206f\u3000-\u3004\u3008-\u3020\u3030\u303d\u30a0\u30fb"
    r"\ufe10-\ufe1f\ufe30-\ufe6f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65]+"
)
# Marks what stands in the title: a sign, hence never part of a pair.
_TITLE = "^"
# Enough to narrow a long phrase down; the look at the text does the rest.
_MOST_ENTRIES = 40
# A beginning gathers hundreds of entries: only asked for where there is nothing better.
_MOST_BEGINNINGS = 3


@dataclass(frozen=True)
class Wanted:
    """What a document must have in the index: whole entries, or beginnings of entries."""

    entries: tuple[str, ...]
    beginnings: tuple[str, ...]

    def in_title(self) -> "Wanted":
        """The same, standing in the title."""
        return Wanted(
            tuple(_TITLE + entry for entry in self.entries),
            tuple(_TITLE + beginning for beginning in self.beginnings),
        )


def of_document(title: str, text: str) -> list[str]:
    """Every entry of a document, sorted and once each; title and text are folded already."""
    in_title = set(_entries(title))
    return sorted(in_title.union(_entries(text), (_TITLE + entry for entry in in_title)))


def of_query(words: tuple[str, ...]) -> Wanted:
    """What must be in the index of a document that holds all these folded words; perhaps of others too."""
    entries: dict[str, None] = {}
    beginnings: dict[str, None] = {}
    for word in words:
        for run in _runs(word):
            if len(run) > 1:
                entries.update(dict.fromkeys(_pairs(run)))
            elif word.endswith(run):
                # In the document something may follow it; or nothing.
                beginnings[run] = None
            else:
                entries[run] = None
    if entries:
        return Wanted(tuple(entries)[:_MOST_ENTRIES], ())
    return Wanted((), tuple(beginnings)[:_MOST_BEGINNINGS])


def pairs_of(texts: Iterable[str]) -> set[str]:
    """Every pair of neighbouring characters of these folded texts."""
    return {pair for text in texts for run in _runs(text) for pair in _pairs(run)}


def can_be_found(word: str) -> bool:
    """Whether there is a letter, digit or picture in it: something that the index holds."""
    return any(_runs(word))


def _runs(folded: str) -> Iterator[str]:
    return filter(None, _SIGNS.split(folded))


def _pairs(run: str) -> Iterator[str]:
    return map("".join, pairwise(run))


def _entries(folded: str) -> Iterator[str]:
    for run in _runs(folded):
        yield from _pairs(run)
        yield run[-1]
