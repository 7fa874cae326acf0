"""What somebody has begun to write."""

from collections.abc import Sequence

from accounts.models import User
from core.errors import NotFound
from issues.models import IssueDraft


def drafts_of(person: User) -> Sequence[IssueDraft]:
    """The drafts of a person, the latest first; at most twenty."""
    return list(IssueDraft.objects.filter(author=person))


def draft_for(person: User, pk: int) -> IssueDraft:
    """The one door to a draft.

    Raises:
        NotFound: there is none, or it is somebody else's: both look alike.
    """
    found = IssueDraft.objects.filter(author=person, pk=pk).first()
    if found is None:
        raise NotFound
    return found
