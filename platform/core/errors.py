"""The errors that a service may raise: each carries a sentence for the person and an HTTP status.

``core.middleware.PlainErrorMiddleware`` turns them into a page that says what to do next.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Sentence = str | Promise


class DomainError(Exception):
    """An act that could not be done, explained in the person's language.

    Args:
        sentence: what happened and what to do next.
    """

    status = 400
    default_sentence: Sentence = _(
        "This could not be done. Please check what you entered and try again."
    )

    def __init__(self, sentence: Sentence | None = None) -> None:
        self.sentence = sentence or self.default_sentence
        super().__init__(self.sentence)

    def __str__(self) -> str:
        return str(self.sentence)


class NotFound(DomainError):
    """There is no such thing, or it is none of this person's business: both look alike."""

    status = 404
    default_sentence = _("This page does not exist, or it is not open to you.")


class NotAllowed(DomainError):
    """The person may know that the thing exists but may not do this to it."""

    status = 403
    default_sentence = _("You are not allowed to do this.")


class Conflict(DomainError):
    """Somebody else was faster, or the thing has changed since the person saw it."""

    status = 409
    default_sentence = _(
        "This has changed in the meantime. Please look at it again and repeat your step."
    )


class TooMany(DomainError):
    """More than the limit in this time."""

    status = 429
    default_sentence = _("That was a little too often. Please wait a moment and try again.")


class Unavailable(DomainError):
    """A part of the house that this act needs is down; nothing was written."""

    status = 503
    default_sentence = _(
        "We cannot do this right now. Nothing was lost: please try again in a minute."
    )
