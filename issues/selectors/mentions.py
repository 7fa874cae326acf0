"""Who is called by name in a text: 「@石引花子さん、…」 without a space, in full width or half width."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from accounts.models import LONGEST_DISPLAY_NAME, User
from core.text import fold
from issues.models import Issue, Post, Thread

# More than anybody calls by name on purpose; what is above is text.
MOST_MENTIONS = 10
# Marks that are looked at in one text, so that a page full of them costs little.
_MOST_MARKS = 200
MOST_PARTICIPANTS = 500

# Behind a letter or in an address it is no call: hanako@example.jp, https://example.jp/@hanako.
_MARK = re.compile(r"(?<![A-Za-z0-9._%+/-])[@＠]")
_USERNAME = re.compile(r"[a-z0-9._-]{1,30}")
_SPACES = " \u3000"
_KANJI = re.compile("[\u3400-\u9fff々]")
_KATAKANA = re.compile("[\u30a1-\u30faー]")
_LATIN = re.compile("[A-Za-z0-9Ａ-Ｚａ-ｚ０-９]")
# 「@山田様」 calls 山田, while 「@山田野」 calls somebody else.
_TITLES = ("様", "氏", "殿", "君", "先生", "会長", "町会長", "副会長", "班長", "役員", "委員")


@dataclass(frozen=True)
class Mentions:
    """The people whom a text calls, in its order, and the pieces of the text that do it."""

    people: Sequence[User]
    spellings: frozenset[str]


NOBODY = Mentions((), frozenset())


def participants_of(thread: Thread) -> Sequence[User]:
    """Those who take part in a thread under their names: whoever has a post in it that is shown, and the issue's author.

    Closed accounts are left out.
    """
    said = Post.objects.filter(thread=thread, state=Post.State.SHOWN).values("author")
    raised = Issue.objects.filter(thread=thread).values("author")
    people = User.objects.filter(is_active=True)
    return list(
        (people.filter(pk__in=said) | people.filter(pk__in=raised)).order_by("display_name", "pk")[
            :MOST_PARTICIPANTS
        ]
    )


def people_mentioned_in(thread: Thread, source: str) -> Mentions:
    """Whom the text calls: participants of the thread by either name, others by their exact user name only.

    That way nobody learns from a name that they try whether somebody with that display name has an account. Of two
    participants with one name both are called. At most two queries, none for a text without a mark.
    """
    marks = [match.end() for match in islice(_MARK.finditer(source), _MOST_MARKS)]
    if not marks:
        return NOBODY
    names: dict[str, list[User]] = {}
    for person in participants_of(thread):
        names.setdefault(_squeezed(str(person)), []).append(person)
    by_username = _by_username(source, marks)
    people: dict[int, User] = {}
    spellings = set()
    for start in marks:
        called, end = _called(source, start, names, by_username)
        new = [person for person in called if person.pk not in people]
        if not called or len(people) + len(new) > MOST_MENTIONS:
            continue
        people |= {person.pk: person for person in new}
        spellings.add(source[start - 1 : end])
    return Mentions(tuple(people.values()), frozenset(spellings))


def suggested(thread: Thread, typed: str, *, reader: User, limit: int = 6) -> Sequence[str]:
    """Names to offer to somebody who has typed a mark and the beginning of a name; never their own."""
    wanted = _squeezed(typed)[:LONGEST_DISPLAY_NAME]
    names = dict.fromkeys(
        str(person)
        for person in participants_of(thread)
        if person.pk != reader.pk and wanted in _squeezed(str(person))
    )
    return list(names)[:limit]


def _by_username(source: str, marks: Sequence[int]) -> Mapping[str, User]:
    typed = {name for start in marks for name, _ in _usernames(source, start)}
    found = User.objects.filter(username__in=typed, is_active=True) if typed else ()
    return {person.username: person for person in found}


def _usernames(source: str, start: int) -> Iterator[tuple[str, int]]:
    """What may be a user name at this place, the longest first; a full stop may end the sentence instead."""
    typed = "".join(map(_folded, source[start : start + 31]))
    match = _USERNAME.match(typed) if len(typed) == len(source[start : start + 31]) else None
    name = match.group() if match else ""
    while name:
        yield name, start + len(name)
        name = name[:-1] if name[-1] in "._-" else ""


def _called(
    source: str, start: int, names: Mapping[str, list[User]], by_username: Mapping[str, User]
) -> tuple[Sequence[User], int]:
    for squeezed, end in _beginnings(source, start):
        if squeezed in names and not _goes_on(source, end):
            return names[squeezed], end
    for name, end in _usernames(source, start):
        if name in by_username:
            return [by_username[name]], end
    return (), start


def _beginnings(source: str, start: int) -> list[tuple[str, int]]:
    """The text behind the mark as names are compared, from the longest that a name may have to the shortest."""
    squeezed = ""
    found = []
    for place, character in enumerate(source[start : start + LONGEST_DISPLAY_NAME], start):
        if character in _SPACES:
            continue
        if character.isspace():
            break
        squeezed += _folded(character)
        found.append((squeezed, place + 1))
    return found[::-1]


def _goes_on(source: str, end: int) -> bool:
    """Whether the word goes on behind what looks like a name."""
    behind = source[end : end + 1]
    if not behind or source.startswith(_TITLES, end):
        return False
    last = source[end - 1]
    return any(kind.match(last) and kind.match(behind) for kind in (_KANJI, _KATAKANA, _LATIN))


def _squeezed(name: str) -> str:
    return "".join(_folded(character) for character in name if not character.isspace())


@lru_cache(maxsize=4096)
def _folded(character: str) -> str:
    # One by one, so that places in the folded text are places in the text.
    return fold(character) or character
