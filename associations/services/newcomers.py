"""People who join and have no account yet: the account and the place are one act, no e-mail address is needed."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User, checked_display_name, validators_for_everybody
from accounts.services import open_account
from associations.models import Association, JoinRequest, Letter
from associations.services.letters import join_by_letter, letter_in_hand
from associations.services.requests import ask_to_join


@transaction.atomic
def join_as_newcomer(
    *, letter: Letter, username: str, display_name: str, password: str, lives_here: bool
) -> User:
    """Opens an account for whoever holds the letter, and gives them their place in its household.

    Args:
        username: the name to sign in with, one that nobody has.
        password: already found good enough by the form.

    Raises:
        NotFound: the letter is not good any more.
        ValidationError: a name is taken, or must not be borne.
    """
    letter = letter_in_hand(letter.pk)
    person = _newcomer(username, display_name, password)
    join_by_letter(actor=person, letter=letter, lives_here=lives_here)
    return person


@transaction.atomic
def ask_as_newcomer(
    *,
    association: Association,
    words: str,
    source: JoinRequest.Source,
    username: str,
    display_name: str,
    password: str,
    lives_here: bool,
) -> User:
    """Opens an account and asks the officers of an association to be let in. Raises as :func:`ask_to_join`."""
    person = _newcomer(username, display_name, password)
    ask_to_join(
        actor=person, association=association, words=words, source=source, lives_here=lives_here
    )
    return person


def _newcomer(username: str, display_name: str, password: str) -> User:
    for validator in validators_for_everybody:
        validator(username)
    try:
        with transaction.atomic():
            return open_account(
                actor=None,
                username=username,
                display_name=checked_display_name(display_name),
                password=password,
            )
    except IntegrityError as error:
        raise ValidationError(
            {"username": _("This user name is taken. Please choose another one.")}
        ) from error
