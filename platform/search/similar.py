"""Things that are about the same: not all words must be found, but as many telling pairs as possible.

For a person who begins to write what others may have written already. A search wants every word; a title that is
being typed shares some words with its neighbours and none exactly.
"""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.db.models.functions import Substr

from search import engine, grams
from search.folding import comparable
from search.kinds import Kind
from search.selectors import visible_to

LONGEST_TEXT = 200
# As many candidates are looked at, the newest first: with the pairs in the title, and anywhere.
_MOST_IN_TITLE = 200
_MOST_IN_TEXT = 100
# As much of each text counts.
_BEGINNING = 1_000
_TEXT_WEIGHT = 0.4
# The share of the telling pairs that two things must have in common to be shown side by side.
_ENOUGH = 0.2
# What is typed and stands nowhere says little: people describe one thing in many words.
_UNSEEN_WEIGHT = 0.5
# Stretches of kanji, katakana, letters and digits, and a lone one with the hiragana behind it (雪が): what words
# are made of. Hiragana alone is mostly grammar, and したい stands in every title.
_WORDS = r"[々〇\u30a1-\u30fa\u30fc\u3400-\u9fff\uf900-\ufaffa-z0-9]"
_TELLING = re.compile(rf"{_WORDS}{{2,}}|{_WORDS}[\u3041-\u3096]", re.IGNORECASE)


@dataclass(frozen=True)
class Similar:
    """A thing that is about the same; ``likeness`` is between 0 and a little above 1."""

    object_id: int
    likeness: float


def find_similar(
    typed: str, *, kind: Kind, reader: Iterable[str], most: int = 5
) -> Sequence[Similar]:
    """The things of a kind that are most like what somebody types, the most similar first; in three queries.

    Each telling pair of characters counts by its rarity among the candidates, log(1 + n / df) (inverse document
    frequency, Spärck Jones 1972), in the title in full and in the text by 0.4. Likeness is the share of the typed
    text's weight that is found.

    Args:
        typed: a title; the first 200 characters count.
        reader: the keys that the reader carries.
    """
    pairs = _telling_pairs(typed[:LONGEST_TEXT])
    if not pairs:
        return []
    visible = visible_to(reader).filter(kind=kind.slug)
    wanted = grams.Wanted(tuple(pairs), ())
    rows: dict[int, tuple[set[str], set[str]]] = {}
    for some, most_of_them in ((wanted.in_title(), _MOST_IN_TITLE), (wanted, _MOST_IN_TEXT)):
        found = visible.filter(Q(engine.current().matches_any(some)))
        newest = found.order_by("-changed_at", "-id")[:most_of_them]
        for object_id, folded in newest.values_list("object_id", Substr("folded", 1, _BEGINNING)):
            title, _, text = folded.partition("\n")
            rows[object_id] = (
                {pair for pair in pairs if pair in title},
                {pair for pair in pairs if pair in text},
            )
    return _ranked(pairs, rows)[:most]


def _ranked(pairs: set[str], rows: dict[int, tuple[set[str], set[str]]]) -> list[Similar]:
    seen = Counter(pair for title, text in rows.values() for pair in title | text)
    weights = {
        pair: math.log(1 + (len(rows) + 1) / (seen[pair] + 1))
        * (1 if seen[pair] else _UNSEEN_WEIGHT)
        for pair in pairs
    }
    whole = sum(weights.values())
    least = min(2, len(pairs))
    ranked = [
        Similar(
            object_id,
            (
                sum(weights[pair] for pair in title)
                + _TEXT_WEIGHT * sum(weights[pair] for pair in text - title)
            )
            / whole,
        )
        for object_id, (title, text) in rows.items()
        if len(title | text) >= least
    ]
    ranked = [one for one in ranked if one.likeness >= _ENOUGH]
    return sorted(ranked, key=lambda one: (-one.likeness, -one.object_id))


def _telling_pairs(typed: str) -> set[str]:
    written = unicodedata.normalize("NFKC", typed)
    telling = grams.pairs_of(comparable(run) for run in _TELLING.findall(written))
    # Who writes in hiragana alone is understood too.
    return telling if len(telling) > 1 else telling | grams.pairs_of([comparable(typed)])
