"""Skeletons of names: two names that look alike have the same one. For comparing, never for showing."""

import re
from collections.abc import Iterator

from core.text import fold

# Drawn alike: letters of other scripts, digits, and letters that are hard to tell apart.
_LATIN = {
    ord(character): letter
    for letter, characters in {
        "a": "аɑα4",
        "b": "в68",
        "d": "ԁ",
        "e": "еєεё3",
        "g": "ɡց9",
        "h": "һн",
        "i": "іїι1l",
        "j": "ј",
        "k": "κк",
        "m": "м",
        "n": "ո",
        "o": "оοσ0",
        "p": "рρ",
        "r": "г",
        "s": "ѕ5",
        "t": "тτ7",
        "u": "υս",
        "v": "νѵ",
        "w": "шω",
        "x": "хχ",
        "y": "уγ",
    }.items()
    for character in characters
}
_PAIRS = (("vv", "w"), ("rn", "m"))
_SIGNS = str.maketrans("@$", "as")
# Kanji that look like katakana (which `fold` has made hiragana), and kanji that look like each other.
_KANJI = str.maketrans("力口工二夕卜八三千巿亊菅", "かろえにたとはみち市事管")
_LONG_MARKS = re.compile("[ー一]")
_SEPARATORS = re.compile(r"[\W_]+")
_JAPANESE = re.compile("[\u3041-\u3096\u3400-\u9fff]")


def skeleton(text: str) -> str:
    """One word with everything folded that the eye hardly tells apart: ``Аdm1n`` → ``admin``."""
    text = _LONG_MARKS.sub("", fold(text)).translate(_KANJI).translate(_LATIN)
    for pair, letter in _PAIRS:
        text = text.replace(pair, letter)
    return text


def spellings(text: str) -> Iterator[list[str]]:
    """The words of a name, folded; signs separate words, or stand for letters (``$taff``)."""
    folded = fold(text)
    for spelling in dict.fromkeys((folded, folded.translate(_SIGNS))):
        yield [word for word in _SEPARATORS.split(spelling) if word]


def readings(text: str) -> Iterator[str]:
    """Skeletons of every word, of neighbouring words read as one, and of words without digits around them.

    ``kanazawa-shi`` is read as ``kanazawashi`` too, ``ro.ot`` as ``root``, ``staff99`` as ``staff``.
    """
    for words in spellings(text):
        for start in range(len(words)):
            for end in range(start + 1, len(words) + 1):
                run = "".join(words[start:end])
                yield skeleton(run)
                yield skeleton(run.strip("0123456789"))


def parts_to_search(text: str) -> Iterator[str]:
    """Skeletons in which a reserved word may hide as a part.

    Latin words are searched one by one (Vlad Minowa is no admin), spaced-out letters and Japanese as one.
    """
    for words in spellings(text):
        yield from (skeleton(word) for word in words)
        yield skeleton("".join(word for word in words if len(word) == 1))
        yield skeleton("".join(character for character in "".join(words) if _japanese(character)))


def _japanese(character: str) -> bool:
    return bool(_JAPANESE.match(character)) or character == "ー"
