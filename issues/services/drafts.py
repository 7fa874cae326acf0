"""Drafts of issues: saved while somebody types, seen by nobody else.

Neither act stands in the audit log: a draft is saved every few seconds, and it concerns its author alone.
"""

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.errors import Conflict, DomainError, NotAllowed
from issues import rules
from issues.models import Issue, IssueDraft

MOST_DRAFTS = 20
# More than an issue may have, so that what is too long can be kept and shortened later.
LONGEST_VALUE = 20_000
FIELDS = (
    "title",
    "question",
    "text",
    "category",
    "postal_code",
    "place",
    "latitude",
    "longitude",
    "tags",
    "wanted_skills",
    "wanted_by",
    "decided_by",
    "consequence",
)


class TooLong(DomainError):
    """More than a draft holds."""

    status = 413
    default_sentence = _(
        "This is too long for a draft. Please shorten it, or keep a copy of your own."
    )


class TooManyDrafts(DomainError):
    """Somebody begins and begins."""

    status = 409
    default_sentence = _("You have many drafts already. Please delete one that you do not need.")


class RaisedAlready(Conflict):
    """A copy arrives late: the issue stands on the board."""

    default_sentence = _("This issue stands on the board already.")


@transaction.atomic
def save_draft(*, actor: User, key: UUID, typed: Mapping[str, str]) -> IssueDraft | None:
    """Keeps what was typed, in place of what was kept under this key before.

    Args:
        key: the key that the issue will be raised with.
        typed: by the names of the form's fields; others are left out, nothing is checked.

    Returns:
        The draft; ``None`` if nothing has been typed, and then nothing is kept.

    Raises:
        NotAllowed: not signed in.
        RaisedAlready: the issue of this key stands on the board.
        TooManyDrafts: there are twenty others.
        TooLong: a field has more than 20,000 characters.
    """
    if not rules.may_take_part(actor):
        raise NotAllowed
    lock(actor)
    # PostgreSQL has no place for NUL.
    kept = {name: typed.get(name, "").replace("\x00", "") for name in FIELDS}
    if any(len(value) > LONGEST_VALUE for value in kept.values()):
        raise TooLong
    if Issue.objects.filter(author=actor, key=key).exists():
        raise RaisedAlready
    mine = IssueDraft.objects.filter(author=actor)
    if not any(value.strip() for value in kept.values()):
        mine.filter(key=key).delete()
        return None
    if mine.exclude(key=key).count() >= MOST_DRAFTS:
        raise TooManyDrafts
    draft, _created = IssueDraft.objects.update_or_create(
        author=actor, key=key, defaults={"typed": kept}
    )
    return draft


@transaction.atomic
def discard_draft(*, actor: User, draft: IssueDraft) -> None:
    """Throws a draft away.

    Raises:
        NotAllowed: it is somebody else's.
    """
    if draft.author_id != actor.pk:
        raise NotAllowed
    draft.delete()


def lock(actor: User) -> None:
    """Saving and raising wait for each other, so that a late copy never brings a draft back."""
    User.objects.select_for_update(no_key=True).only("pk").get(pk=actor.pk)
