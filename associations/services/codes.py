"""Codes on paper: eight characters that nobody mistakes for each other, kept as a keyed hash only.

Without 0, O and Q, 1, I and L, 2 and Z, 5 and S, 8 and B, U and V: 22 characters, so 22**8 = 5.5 * 10**10 codes.
With 144,300 letters out at once a guess opens one with probability 2.6 * 10**-6; limits by address
(``ACCOUNT_RATE_LIMITS["household_code_failed"]``) make that years of guessing.
"""

import re
import secrets
from collections.abc import Iterable

from django.conf import settings
from django.utils.crypto import salted_hmac

from core.text import half_width

ALPHABET = "ACDEFGHJKMNPRTWXY34679"
LENGTH = 8
SALT = "associations.codes"
_BETWEEN = re.compile(r"[\s\-‐‑‒–—―−ーｰ・.,、。]+")
_A_CODE = re.compile(rf"[{ALPHABET}]{{{LENGTH}}}\Z")


def new_code() -> str:
    """A code that nobody has: eight characters of :data:`ALPHABET`."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def in_words(code: str) -> str:
    """As it is printed: ``ACDE-FGHJ``."""
    return f"{code[:4]}-{code[4:]}"


def normalised(typed: str) -> str:
    """The code that somebody typed in any width and case, with spaces or dashes; empty if it can be none.

    ``ａｃｄｅ　ｆｇｈｊ`` → ``ACDEFGHJ``
    """
    text = _BETWEEN.sub("", half_width(typed)).upper()
    return text if _A_CODE.match(text) else ""


def hashed(code: str) -> str:
    """What the table keeps of a code: useless without the key of the city."""
    return _hash(code, settings.SECRET_KEY)


def possible_hashes(code: str) -> Iterable[str]:
    """The hashes under which a code may stand: codes outlive a change of the key."""
    return [_hash(code, key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]


def _hash(code: str, key: str | bytes) -> str:
    return str(salted_hmac(SALT, code, secret=key, algorithm="sha256").hexdigest())
