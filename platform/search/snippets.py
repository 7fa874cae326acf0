"""Where the words were found: pieces of the original text, each with whether it is a hit.

Pieces and not HTML, so that a template can mark them without trusting what people wrote.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from search.folding import Folded, folded_with_places

Piece = tuple[str, bool]

SNIPPET_LENGTH = 120
_BEFORE_THE_HIT = 30
# A long text is folded part by part until something is found; parts overlap by more than the longest query.
_PART = 4000
_OVERLAP = 400
_MOST_PARTS = 5
_SENTENCE_ENDS = "。！？!?\n"
_MOST_HITS = 100


@dataclass(frozen=True)
class Snippet:
    """A stretch of a text around the hits. Its pieces joined are that stretch, as it was written."""

    pieces: tuple[Piece, ...]
    cut_before: bool
    cut_after: bool


@dataclass(frozen=True)
class _Hit:
    start: int
    end: int
    word: str


def marked(text: str, words: Iterable[str]) -> tuple[Piece, ...]:
    """The whole text in pieces; ``words`` are folded."""
    return tuple(_pieces(text, 0, len(text), _hits(folded_with_places(text), words)))


def snippet(text: str, words: Sequence[str], *, length: int = SNIPPET_LENGTH) -> Snippet:
    """About ``length`` characters around the place where most of the folded ``words`` stand.

    The beginning of the text, unmarked, if none is found.
    """
    for offset in range(0, max(len(text), 1), _PART - _OVERLAP)[:_MOST_PARTS]:
        part = text[offset : offset + _PART]
        folded = folded_with_places(part)
        hits = _hits(folded, words)
        if hits:
            break
    else:
        offset, part, hits = 0, text[:_PART], []
        folded = folded_with_places(part)
    start, end = _stretch(part, folded, hits, length)
    return Snippet(
        pieces=tuple(_pieces(part, start, end, hits)),
        cut_before=bool(text[: offset + start].strip()),
        cut_after=bool(text[offset + end :].strip()),
    )


def _hits(folded: Folded, words: Iterable[str]) -> list[_Hit]:
    hits = []
    for word in words:
        place = folded.text.find(word)
        for _ in range(_MOST_HITS):
            if place < 0:
                break
            hits.append(_Hit(*folded.original(place, place + len(word)), word))
            place = folded.text.find(word, place + len(word))
    return sorted(hits, key=lambda hit: (hit.start, hit.end))


def _stretch(text: str, folded: Folded, hits: list[_Hit], length: int) -> tuple[int, int]:
    if not hits:
        return 0, folded.joint_before(min(length, len(text)))
    reach = length - _BEFORE_THE_HIT
    most, first = 0, hits[0]
    for number, hit in enumerate(hits):
        found = {other.word for other in hits[number:] if other.end <= hit.start + reach}
        if len(found) > most:
            most, first = len(found), hit
    earliest = max(0, first.start - _BEFORE_THE_HIT)
    # From the beginning of the sentence, if that is near.
    sentence = max(text.rfind(sign, earliest, first.start) for sign in _SENTENCE_ENDS) + 1
    start = folded.joint_before(max(earliest, sentence))
    while start < first.start and text[start].isspace():
        start += 1
    end = max(folded.joint_before(min(start + length, len(text))), first.end)
    return start, end


def _pieces(text: str, start: int, end: int, hits: list[_Hit]) -> Iterable[Piece]:
    is_hit = [False] * (end - start)
    for hit in hits:
        first, last = max(hit.start, start) - start, min(hit.end, end) - start
        if first < last:
            is_hit[first:last] = [True] * (last - first)
    for hit_here, run in groupby(zip(text[start:end], is_hit, strict=True), itemgetter(1)):
        yield "".join(character for character, _ in run), hit_here
