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
_DIGITS = "0123456789"
_MOST_DIGITS = 4
_SIGNS = str.maketrans("@$", "as")
# Kanji that look like katakana (which `fold` has made hiragana), and kanji that look like each other.
_KANJI = str.maketrans("力口工二夕卜八三千巿亊菅", "かろえにたとはみち市事管")
_SMALL_KANA = str.maketrans("ぁぃぅぇぉっゃゅょゎ", "あいうえおつやゆよわ")
_LONG_MARKS = re.compile("[ー一]")
_SEPARATORS = re.compile(r"[\W_]+")
_JAPANESE = re.compile("[\u3041-\u3096\u3400-\u9fff]")


def skeleton(text: str) -> str:
    """One word with everything folded that the eye hardly tells apart: ``Аdm1n`` → ``admin``."""
    return _skeleton_of_folded(fold(text))


def _skeleton_of_folded(text: str) -> str:
    text = _LONG_MARKS.sub("", text)
    for table in (_KANJI, _SMALL_KANA, _LATIN):
        text = text.translate(table)
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
                for reading in _without_digits_around("".join(words[start:end])):
                    yield _skeleton_of_folded(reading)


def _without_digits_around(word: str) -> Iterator[str]:
    """A digit at an end is a decoration or stands for a letter: ``5taff1`` may mean ``staff``."""
    yield word.strip(_DIGITS)
    leading = len(word) - len(word.lstrip(_DIGITS))
    trailing = len(word) - len(word.rstrip(_DIGITS))
    for front in range(min(leading, _MOST_DIGITS) + 1):
        for back in range(min(trailing, _MOST_DIGITS) + 1):
            yield word[front : len(word) - back]
        yield word[front:].rstrip(_DIGITS)


def parts_to_search(text: str) -> Iterator[str]:
    """Skeletons in which a reserved word may hide as a part.

    Latin words are searched one by one (Vlad Minowa is no admin), spaced-out letters and Japanese as one.
    """
    for words in spellings(text):
        yield from (_skeleton_of_folded(word) for word in words)
        yield _skeleton_of_folded("".join(word for word in words if len(word) == 1))
        japanese = "".join(filter(_japanese, "".join(words)))
        yield _skeleton_of_folded(japanese)


def _japanese(character: str) -> bool:
    return bool(_JAPANESE.match(character)) or character == "ー"
