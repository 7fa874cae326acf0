"""What people may be called here: user names to sign in with, display names that others see.

Nobody may look like the city, its staff or those who run this site without being one of them.
"""

import re
import unicodedata
from collections.abc import Callable, Collection

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from accounts.models.lookalikes import parts_to_search, readings, skeleton
from accounts.models.roles import Role
from core.text import one_line

LONGEST_DISPLAY_NAME = 50
MOST_MARKS_ON_A_LETTER = 3

_RESERVED = _(
    "This looks like a name of the city, its staff or the people who run this site. Please choose another one."
)

# Words that nobody bears by accident, wherever they stand in a name; and who may bear them.
_EVERY_OFFICE = frozenset({Role.FACILITATOR, Role.COORDINATOR})
_PARTS: tuple[tuple[frozenset[Role], tuple[str, ...]], ...] = (
    (
        frozenset(),
        (
            *("admin", "shiyakusho", "kanrisha", "webmaster", "postmaster"),
            *(
                "市役所",
                "区役所",
                "役所職員",
                "市職員",
                "市の職員",
                "管理者",
                "システム管理",
                "公式",
            ),
        ),
    ),
    (_EVERY_OFFICE, ("jimukyoku", "事務局", "運営")),
    (
        frozenset({Role.FACILITATOR}),
        ("moderator", "facilitator", "ファシリテーター", "モデレーター", "進行役"),
    ),
    (frozenset({Role.COORDINATOR}), ("coordinator", "コーディネーター")),
)
# Words that stand inside honest names, but mean an office when they stand alone.
_WORDS = (
    *("root", "staff", "system", "official", "cityhall", "sysop", "superuser", "support"),
    *("operator", "yakusho", "shokuin", "unei", "yoriai", "よりあい", "市長", "副市長", "スタッフ"),
)
_WHOLE_USER_NAMES = (
    *("me", "api", "info", "help", "null", "none", "mail", "abuse", "security", "noreply"),
    *("hostmaster", "anonymous", "everyone", "city"),
)
_HONEST = ("badminton",)
_MAY_BEAR_ANY = frozenset({Role.CITY_STAFF, Role.ADMINISTRATOR})


def _city_words() -> set[str]:
    """The names under which the city itself would appear."""
    english, japanese = settings.CITY_NAME_EN, settings.CITY_NAME
    forms = {
        f"{english}shi",
        f"{english}city",
        f"{english}ku",
        f"cityof{english}",
        f"city{english}",
    }
    return {skeleton(form) for form in (*forms, japanese, f"{japanese}長")}


def imitates_an_office(name: str, *, roles: Collection[str] = ()) -> bool:
    """Whether ``name`` looks like an office that none of ``roles`` is."""
    held = frozenset(roles)
    if held & _MAY_BEAR_ANY:
        return False
    parts = [
        part.replace(skeleton(honest), "") for part in parts_to_search(name) for honest in _HONEST
    ]
    for may_bear, words in _PARTS:
        if not held & may_bear and any(skeleton(word) in part for word in words for part in parts):
            return True
    reserved = {skeleton(word) for word in _WORDS} | _city_words()
    return any(reading in reserved for reading in readings(name))


def checked_display_name(text: str, *, roles: Collection[str] = ()) -> str:
    """The name that others see, tidied: one line, nothing invisible.

    Args:
        text: what the person typed.
        roles: the roles that they hold; the city's staff may be called the city's staff.

    Raises:
        ValidationError: there is nothing to be seen, it is longer than 50 characters, or it imitates an office.
    """
    name = one_line(unicodedata.normalize("NFC", text).replace("\u2800", " "))
    if not any(unicodedata.category(character)[0] in "LN" for character in name):
        raise ValidationError(_("Please enter a name with at least one letter."), code="empty")
    if len(name) > LONGEST_DISPLAY_NAME:
        raise ValidationError(
            _("Please use at most %(most)d characters (you entered %(count)d)."),
            code="too_long",
            params={"most": LONGEST_DISPLAY_NAME, "count": len(name)},
        )
    if _piles_of_marks(name):
        raise ValidationError(_("Please leave out the marks piled up on letters."), code="marks")
    if imitates_an_office(name, roles=roles):
        raise ValidationError(_RESERVED, code="reserved")
    return name


def _piles_of_marks(name: str) -> bool:
    in_a_row = 0
    for character in name:
        in_a_row = in_a_row + 1 if unicodedata.category(character) in {"Mn", "Me"} else 0
        if in_a_row > MOST_MARKS_ON_A_LETTER:
            return True
    return False


def refuse_reserved_user_name(name: str) -> None:
    """Raises ValidationError for a user name that looks like an office or a part of the machinery."""
    if imitates_an_office(name) or skeleton(name) in {skeleton(word) for word in _WHOLE_USER_NAMES}:
        raise ValidationError(_RESERVED, code="reserved")


# What the database's rows must obey, those of the city's own accounts included.
username_validators: list[Callable[[str], None]] = [
    RegexValidator(
        re.compile(r"\A[a-zA-Z0-9_.-]+\Z"),
        _("Please use only letters a to z, digits, and the signs . _ - in the user name."),
    ),
]
# What people who choose a name for themselves must obey.
validators_for_everybody: list[Callable[[str], None]] = [
    *username_validators,
    refuse_reserved_user_name,
]
