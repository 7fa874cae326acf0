"""Text as the search compares it, and the way back from there to the text as it was written."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from core.text import fold, visible

# Half of a character: no database stores one.
_SURROGATES = re.compile("[\ud800-\udfff]")
_OUTER_SPACES = re.compile(r"^ +| +\Z")
_DASH = "[-‐‑‒–—―−]"
# Wi-Fi = WiFi, e-mail = email; but 1-2 is not 12, only its dash is written in many ways: 4−17 = 4ー17 = 4-17.
_DASHES = re.compile(
    f"(?P<gone>(?<=[a-z]){_DASH}+|{_DASH}+(?=[a-z]))|(?<=[0-9])[-‐‑‒–—―−ー]+(?=[0-9])"
)
# What a step of folding must see together: a character with the marks and joiners behind it, the letters of a
# Korean syllable; then iteration marks, long-vowel marks with their katakana, a stretch of white space.
_MARKS = "\u0300-\u036f\u0483-\u0489\u064b-\u065f\u20d0-\u20f0\u3099\u309aﾞﾟ\ufe00-\ufe0f\U000e0100-\U000e01ef"
_LONG = "(?:[\u30a1-\u30fa]?[‐‑‒–—―−〜～]+)+[\u30a1-\u30fa]?"
_COMPOSED = re.compile(rf"[\u1100-\u11ff]+|.(?:[{_MARKS}]|\u200d.)+", re.DOTALL)
_CLUSTER = re.compile(
    rf"\s+|(?:{_LONG}|.(?=[{_MARKS}々〻ゝゞヽヾ\u200d]))(?:[{_MARKS}々〻ゝゞヽヾ]|\u200d.)*",
    re.DOTALL,
)


def storable(text: str) -> str:
    """The text as people see it, without what a database cannot hold."""
    return visible(_SURROGATES.sub("", text))


def comparable(text: str) -> str:
    """``core.text.fold``, and for the search also hyphens: those beside a Latin letter go, those between digits
    become one kind. Two texts that are equal afterwards are the same words."""
    return _DASHES.sub(_without_dash, fold(_SURROGATES.sub("", text)))


def _without_dash(match: re.Match[str]) -> str:
    return "" if match["gone"] is not None else "-"


@dataclass(frozen=True)
class Folded:
    """A folded text that knows where each of its characters stood in the original."""

    text: str
    starts: list[int]
    ends: list[int]
    # Where the original may be cut without taking a mark from its letter.
    joints: list[int]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The range of the original that became ``text[start:end]``; ``start < end``."""
        return self.starts[start], self.ends[end - 1]

    def joint_before(self, position: int) -> int:
        """The last place at or before ``position`` where the original may be cut."""
        return self.joints[bisect_right(self.joints, position) - 1]


def folded_with_places(text: str) -> Folded:
    """The same as :func:`comparable`, piece by piece, so that a hit can be shown where it was written.

    Equal to it for text in Japanese and Latin letters; in scripts whose letters change by their neighbours
    (a final sigma) a character may differ, and a hit there stays unmarked.
    """
    count = len(text)
    inside = {
        place
        for match in _COMPOSED.finditer(text)
        for place in range(match.start() + 1, match.end())
    }
    joints = [place for place in range(count + 1) if place not in inside]
    folded = Folded(text, list(range(count)), list(range(1, count + 1)), joints)
    folded = _step(folded, _COMPOSED, lambda match: _composed(match.group()), _composed)
    folded = _step(folded, _CLUSTER, lambda match: _cluster(match.group()), _cluster)
    folded = _step(folded, _OUTER_SPACES, lambda match: "", str)
    return _step(folded, _DASHES, _without_dash, str)


def _step(
    before: Folded,
    pattern: re.Pattern[str],
    change: Callable[[re.Match[str]], str],
    change_other: Callable[[str], str],
) -> Folded:
    """``pattern.sub(change, text)`` with each other character changed alone; and where everything comes from."""
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []

    def others(first: int, last: int) -> None:
        changed = [change_other(character) for character in before.text[first:last]]
        pieces.extend(changed)
        if all(len(piece) == 1 for piece in changed):
            starts.extend(before.starts[first:last])
            ends.extend(before.ends[first:last])
            return
        for place, piece in enumerate(changed, first):
            starts.extend([before.starts[place]] * len(piece))
            ends.extend([before.ends[place]] * len(piece))

    position = 0
    for match in pattern.finditer(before.text):
        others(position, match.start())
        position = match.end()
        piece = change(match)
        pieces.append(piece)
        starts.extend([before.starts[match.start()]] * len(piece))
        ends.extend([before.ends[position - 1]] * len(piece))
    others(position, len(before.text))
    return Folded("".join(pieces), starts, ends, before.joints)


@lru_cache(maxsize=16384)
def _composed(cluster: str) -> str:
    return visible(unicodedata.normalize("NFKC", _SURROGATES.sub("", cluster)))


@lru_cache(maxsize=16384)
def _cluster(cluster: str) -> str:
    return " " if cluster.isspace() else fold(cluster)
