"""Tags and their pages."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import DomainError, NotFound
from core.text import fold
from issues.models import Tag
from issues.querysets import falls_after

PAGE_SIZE = 100


@dataclass(frozen=True)
class Page:
    """A piece of the list of tags; ``following`` is the cursor of the next piece, empty at the end."""

    tags: Sequence[Tag]
    following: str


def tag_for(slug: str) -> Tag:
    """The tag of an address, or of the word in any spelling.

    Raises:
        NotFound: nobody has ever used it.
    """
    # PostgreSQL refuses a text with NUL; no tag has one.
    if "\0" in slug or len(slug) > 120:
        raise NotFound
    found: Tag | None = (
        Tag.objects.filter(slug=slug).first() or Tag.objects.filter(folded=fold(slug)).first()
    )
    if found is None:
        raise NotFound
    return found


def page_of_tags(*, after: str = "", size: int = PAGE_SIZE) -> Page:
    """Tags that issues have, the most used first, in one query.

    Raises:
        DomainError: the cursor is none.
    """
    found = Tag.objects.filter(issue_count__gt=0)
    if after:
        parts = after.split("-")
        if len(parts) != 2 or not all(_is_number(part) for part in parts):
            raise DomainError
        found = found.filter(falls_after("issue_count", int(parts[0]), int(parts[1])))
    rows = list(found.order_by("-issue_count", "-pk")[: size + 1])
    last = rows[size - 1] if len(rows) > size else None
    return Page(rows[:size], f"{last.issue_count}-{last.pk}" if last else "")


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10
