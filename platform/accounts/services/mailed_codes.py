"""A code by mail for a person who is signed in: to confirm who they are, or that an address is theirs.

The codes for signing in are allauth's; these follow the same rules: eight digits, ten minutes, five
attempts, once. The state lives in the session, so a code works only where it was asked for.
"""

import secrets
import time
from collections.abc import MutableMapping
from typing import Any

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from core.errors import Conflict
from core.text import half_width

DIGITS = 8
SECONDS_VALID = 600
MOST_ATTEMPTS = 5
_KEY = "accounts_mailed_code"

Session = MutableMapping[str, Any]


class WrongCode(Conflict):
    """What was typed is not the code; the person may try again."""

    default_sentence = _("This is not the code in the mail. Please look at it again.")


class NoCode(Conflict):
    """There is no code (any more) that could be entered."""

    default_sentence = _("This code can no longer be used. Please ask for a new one.")


def issue(session: Session, *, purpose: str, address: str) -> str:
    """Makes a new code for ``address`` and returns it for the mail; an older one ends.

    Args:
        purpose: what the code may be used for; it opens nothing else.
    """
    code = "".join(secrets.choice("0123456789") for _digit in range(DIGITS))
    session[_KEY] = {
        "purpose": purpose,
        "address": address,
        "digest": _digest(code),
        "at": time.time(),
        "attempts": 0,
    }
    return f"{code[:4]}-{code[4:]}"


def waiting_address(session: Session, *, purpose: str) -> str | None:
    """The address to which the code went that can be entered now; ``None`` if there is none."""
    state = session.get(_KEY)
    if not state or state["purpose"] != purpose or time.time() - state["at"] > SECONDS_VALID:
        return None
    return str(state["address"])


def accept(session: Session, *, purpose: str, entered: str) -> str:
    """Uses the code up and returns the address that it has proved.

    Raises:
        WrongCode: it is not the code; an attempt is gone.
        NoCode: there is none, it is too old, or all attempts are gone.
    """
    address = waiting_address(session, purpose=purpose)
    if address is None:
        raise NoCode
    state = session[_KEY]
    digits = "".join(character for character in half_width(entered) if character.isdecimal())
    if constant_time_compare(state["digest"], _digest(digits)):
        del session[_KEY]
        return address
    attempts = state["attempts"] + 1
    if attempts >= MOST_ATTEMPTS:
        del session[_KEY]
        raise NoCode
    session[_KEY] = {**state, "attempts": attempts}
    raise WrongCode


def _digest(code: str) -> str:
    return salted_hmac("accounts.mailed_code", code, secret=settings.SECRET_KEY).hexdigest()
