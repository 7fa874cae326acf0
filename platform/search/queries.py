"""What somebody typed into the search field, as words to look for.

Spaces part the words, and all of them must be found. "…" and 「…」 keep words together. Nothing else means
anything: there are no operators to learn, and none to stumble over.
"""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from core.errors import DomainError
from search import grams
from search.folding import comparable

LONGEST_QUERY = 200

_QUOTES = str.maketrans(
    dict.fromkeys("“”„‟〝〞〟＂", '"') | dict.fromkeys("｢『", "「") | dict.fromkeys("｣』", "」")
)
_PIECES = re.compile(r"""["]([^"]*)["]|「([^」]*)」|([^\s"「」]+)""")


class QueryTooLong(DomainError):
    """More characters than anybody searches with."""


@dataclass(frozen=True)
class Query:
    """Folded words, each of which must be found; none if nothing was typed that can be looked for."""

    words: tuple[str, ...]

    @property
    def together(self) -> tuple[str, ...]:
        """The words next to each other, with and without spaces; empty if there is only one."""
        return (" ".join(self.words), "".join(self.words)) if len(self.words) > 1 else ()

    @property
    def is_one_character(self) -> bool:
        """Whether it is so short that it finds a great deal."""
        return len(self.words) == 1 and len(self.words[0]) == 1


def parse(typed: str) -> Query:
    """Reads what was typed. Words without any letter or digit, such as ``&``, are left out.

    Raises:
        QueryTooLong: there are more than 200 characters.
    """
    if len(typed) > LONGEST_QUERY:
        raise QueryTooLong(
            _("Please search with at most %(count)d characters.") % {"count": LONGEST_QUERY}
        )
    pieces = (
        "".join(match.groups(default="")) for match in _PIECES.finditer(typed.translate(_QUOTES))
    )
    words = dict.fromkeys(comparable(piece) for piece in pieces)
    return Query(tuple(word for word in words if grams.can_be_found(word)))
