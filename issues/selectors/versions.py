"""How an issue read before it was changed, and what each change did to it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from issues.models import Issue, IssueVersion

PAGE_SIZE = 10
# Comparing costs the square of the pieces; what has more is compared by lines, or shown as it was.
MOST_PIECES = 400
_SENTENCES = re.compile(r"[^。！？!?\n、]*[。！？!?\n、]|[^。！？!?\n、]+")
_LINES = re.compile(r"[^\n]*\n|[^\n]+")


@dataclass(frozen=True)
class Piece:
    """A stretch of text: ``kept``, ``gone`` or ``new``."""

    kind: str
    text: str


@dataclass(frozen=True)
class Difference:
    """One part of an issue before and after a change; without pieces it is shown as the two texts."""

    name: str
    before: str
    after: str
    pieces: Sequence[Piece]


@dataclass(frozen=True)
class Change:
    """One edit: the version that it replaced and what it did."""

    version: IssueVersion
    differences: Sequence[Difference]


@dataclass(frozen=True)
class History:
    """A page of edits, the latest first; ``following`` is the version to go on before, 0 at the end."""

    changes: Sequence[Change]
    following: int


def history_of(issue: Issue, *, before: int = 0) -> History:
    """A page of the edits of an issue, in two queries.

    Args:
        before: only edits of versions below this one; 0 begins with the latest.
    """
    rows = issue.versions.select_related("replaced_by")
    later = rows.filter(version=before).first() if before else None
    if later is not None:
        rows = rows.filter(version__lt=before)
    found = list(rows.order_by("-version")[: PAGE_SIZE + 1])
    after: Mapping[str, str] = _words_of_version(later) if later is not None else words_now(issue)
    changes = []
    for version in found[:PAGE_SIZE]:
        words = _words_of_version(version)
        changes.append(Change(version, differences(words, after)))
        after = words
    return History(changes, found[PAGE_SIZE - 1].version if len(found) > PAGE_SIZE else 0)


def differences(before: Mapping[str, str], after: Mapping[str, str]) -> Sequence[Difference]:
    """What has changed, part by part; parts that are equal are left out."""
    return [
        Difference(
            name, before[name], after.get(name, ""), _compared(before[name], after.get(name, ""))
        )
        for name in before
        if before[name] != after.get(name, "")
    ]


def words_now(issue: Issue) -> dict[str, str]:
    """The parts of an issue as they are compared and shown, by their names."""
    return {
        "title": issue.title,
        "question": issue.question,
        "text": issue.text,
        "category": issue.category.name,
        "place": issue.place.name if issue.place else "",
        "tags": " ".join(sorted(tag.name for tag in issue.tags.all())),
        "wanted_skills": " ".join(sorted(skill.name for skill in issue.wanted_skills.all())),
        "wanted_by": issue.wanted_by.isoformat() if issue.wanted_by else "",
        "decided_by": issue.decided_by,
        "consequence": issue.consequence,
        "pin": f"{issue.latitude:.5f}, {issue.longitude:.5f}" if issue.has_pin else "",
        "photos": _photos([[photo.pk, photo.words] for photo in issue.photos.all()]),
    }


def _words_of_version(version: IssueVersion) -> dict[str, str]:
    facts: dict[str, Any] = version.facts
    return {
        "title": version.title,
        "question": version.question,
        "text": version.text,
        **{name: facts.get(name, "") for name in ("category", "place")},
        "tags": " ".join(facts.get("tags", [])),
        "wanted_skills": " ".join(facts.get("wanted_skills", [])),
        **{name: facts.get(name, "") for name in ("wanted_by", "decided_by", "consequence", "pin")},
        "photos": _photos(facts.get("photos", [])),
    }


def _photos(photos: Sequence[Sequence[Any]]) -> str:
    return "\n".join(f"#{pk} {words}".strip() for pk, words in photos)


def _compared(before: str, after: str) -> Sequence[Piece]:
    for pattern in (_SENTENCES, _LINES):
        old, new = pattern.findall(before), pattern.findall(after)
        if len(old) + len(new) <= MOST_PIECES:
            return list(_pieces(old, new))
    return []


def _pieces(old: list[str], new: list[str]) -> Iterator[Piece]:
    for kind, old_from, old_to, new_from, new_to in SequenceMatcher(None, old, new).get_opcodes():
        if kind == "equal":
            yield Piece("kept", "".join(old[old_from:old_to]))
            continue
        if old_to > old_from:
            yield Piece("gone", "".join(old[old_from:old_to]))
        if new_to > new_from:
            yield Piece("new", "".join(new[new_from:new_to]))
