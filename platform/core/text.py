"""Japanese text made comparable and safe: what people type in many ways is found as one.

Search, tags, names and codes all fold here, so that ごみ, ゴミ, ｺﾞﾐ and "ごみ " are the same word.
"""

import re
import unicodedata

import jaconv
import joyokanji

# Characters that look like nothing or turn text around: zero width, direction marks, byte order mark,
# soft hyphen, Hangul fillers, tags. Emoji need U+200D and variation selectors, so those are kept when
# they stand behind an emoji (see `visible`).
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200c\u200e\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_LONE_JOINERS = re.compile(
    "(?<![\u00a9\u00ae\u2049-\u3299\ufe0f\U0001f000-\U0001faff])\u200d|\u200d(?![\u2190-\u3299\U0001f000-\U0001faff])"
)
_SPACES = re.compile(r"\s+")
_BETWEEN_WORDS = re.compile(r"[\s,，、・#＃]+")
_ITERATION = re.compile("([\u3041-\u3096\u30a1-\u30fa\u3400-\u9fff\uf900-\ufaff])([々〻ゝゞヽヾ])")
_LONG_MARKS = re.compile("[‐‑‒–—―−ｰ〜～]+(?=[\u30a1-\u30fa])|(?<=[\u30a1-\u30fa])[‐‑‒–—―−ｰ]+")
_VOICED = str.maketrans(
    "かきくけこさしすせそたちつてとはひふへほカキクケコサシスセソタチツテトハヒフヘホ",
    "がぎぐげござじずぜぞだぢづでどばびぶべぼガギグゲゴザジズゼゾダヂヅデドバビブベボ",
)
_NUMBERED_IN_KANJI = re.compile(
    "([一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九])(?=丁目)"
)
_POSTAL_CODE = re.compile(r"〒?\s*([0-9]{3})[-‐‑–—―−ー]?([0-9]{0,4})\Z")
_UNVOICED = {voiced: plain for plain, voiced in _VOICED.items()}

# Variants that stand in family names and that the library's table lacks.
_NAME_VARIANTS = str.maketrans("邉栁𠮷桒槗濵圡曻", "辺柳吉桑橋浜土昇")


def fold(text: str) -> str:
    """The form in which two spellings of the same words are equal; for comparing, never for showing.

    NFKC (width, composed characters) → lower case → katakana to hiragana → iteration marks written out
    (時々 = 時時, いすゞ = いすず) → old and variant kanji to the usual ones (澤 = 沢; table of the library
    joyokanji) → long-vowel marks made one → no invisible characters → single spaces.

    ``fold(fold(x)) == fold(x)`` for every text.
    """
    text = visible(unicodedata.normalize("NFKC", text))
    text = _LONG_MARKS.sub("ー", text)
    text = joyokanji.convert(text, variants=True).translate(_NAME_VARIANTS)
    text = jaconv.kata2hira(text.lower())
    text = _write_out_iteration(text)
    # Lower-casing and conversion may leave decomposed characters behind.
    text = unicodedata.normalize("NFKC", text)
    return _SPACES.sub(" ", text).strip()


def fold_address(text: str) -> str:
    """The folded form of a place's name, in which 二丁目 is 2丁目: people write either."""
    return _NUMBERED_IN_KANJI.sub(_in_digits, fold(text))


def postal_digits(text: str) -> str:
    """The digits of a postal code, or of its beginning from three digits on; empty if it is none.

    ``〒９２０-０９３５`` → ``9200935``
    """
    match = _POSTAL_CODE.match(half_width(text))
    return "".join(match.groups()) if match else ""


def visible(text: str) -> str:
    """The text without characters that show nothing or change the direction; emoji stay whole."""
    return _LONE_JOINERS.sub("", _INVISIBLE.sub("", _CONTROLS.sub("", text)))


def one_line(text: str) -> str:
    """A name or title: one line, visible characters, single spaces, none at the ends."""
    return _SPACES.sub(" ", visible(text)).strip()


def words_in(text: str) -> tuple[str, ...]:
    """The words that somebody typed into one field, with spaces, commas or # between them."""
    return tuple(word for word in _BETWEEN_WORDS.split(text) if word)


def half_width(text: str) -> str:
    """Codes and addresses as machines want them: ``ＡＢＣ　１２３`` → ``ABC 123``."""
    return unicodedata.normalize("NFKC", visible(text)).strip()


def _write_out_iteration(text: str) -> str:
    while True:
        written_out = _ITERATION.sub(_repeated, text)
        if written_out == text:
            return text
        text = written_out


def _repeated(match: re.Match[str]) -> str:
    character, mark = match.groups()
    if mark in "ゞヾ":
        return character + character.translate(_VOICED)
    if mark in "ゝヽ":
        return character + character.translate(_UNVOICED)
    return character + character


def _in_digits(match: re.Match[str]) -> str:
    digits = {character: value for value, character in enumerate("一二三四五六七八九", 1)}
    tens, has_tens, ones = match[1].rpartition("十")
    number = digits.get(ones, 0) + (10 * digits.get(tens, 1) if has_tens else 0)
    return str(number)
