"""The photos of an issue: their order, and the words for people who cannot see them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from core.photos import Photo as CleanedPhoto
from core.text import one_line
from issues.models import Issue, Photo
from issues.models.issue import MOST_PHOTOS

LONGEST_WORDS = 200


@dataclass(frozen=True)
class Arrangement:
    """Which photos an issue shows from now on.

    Args:
        kept: keys of photos that stay, in their order, each with its words; the others go.
        added: new ones, behind those.
    """

    kept: Sequence[tuple[int, str]] = ()
    added: Sequence[tuple[CleanedPhoto, str]] = ()


def add(issue: Issue, photos: Iterable[tuple[CleanedPhoto, str]], *, behind: int = 0) -> None:
    """Gives an issue new photos; call it in the transaction of the act.

    Raises:
        DomainError: there would be more than six.
    """
    new = list(photos)
    _refuse_too_many(behind + len(new))
    for position, (photo, words) in enumerate(new, behind):
        Photo.objects.create(
            issue=issue,
            picture=ContentFile(photo.content, "photo.jpg"),
            thumbnail=ContentFile(photo.thumbnail, "small.jpg"),
            width=photo.width,
            height=photo.height,
            words=one_line(words)[:LONGEST_WORDS],
            position=position,
        )


def arrange(issue: Issue, wanted: Arrangement) -> bool:
    """Makes the photos of an issue those that are wanted; call it in the transaction of the act.

    Returns:
        Whether anything changed.

    Raises:
        DomainError: there would be more than six, or one that is kept is not of this issue.
    """
    _refuse_too_many(len(wanted.kept) + len(wanted.added))
    there = {photo.pk: photo for photo in issue.photos.all()}
    before = [(photo.pk, photo.words) for photo in there.values()]
    kept = [(pk, one_line(words)[:LONGEST_WORDS]) for pk, words in wanted.kept]
    if len({pk for pk, _words in kept} & there.keys()) != len(kept):
        raise DomainError(_("A photo is no longer there. Please look at the photos again."))
    if before == kept and not wanted.added:
        return False
    for position, (pk, words) in enumerate(kept):
        Photo.objects.filter(pk=pk).update(words=words, position=position)
    gone = [photo for pk, photo in there.items() if pk not in dict(kept)]
    Photo.objects.filter(pk__in=[photo.pk for photo in gone]).delete()
    files = [file for photo in gone for file in (photo.picture, photo.thumbnail)]
    transaction.on_commit(partial(_delete_files, files))
    add(issue, wanted.added, behind=len(kept))
    return True


def _refuse_too_many(count: int) -> None:
    if count > MOST_PHOTOS:
        raise DomainError(_("Please choose at most %(count)d photos.") % {"count": MOST_PHOTOS})


def _delete_files(files: Iterable[FieldFile]) -> None:
    for file in files:
        if file.name:
            file.storage.delete(file.name)
