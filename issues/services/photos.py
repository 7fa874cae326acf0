"""Keeping the photos of an issue or a post."""

from collections.abc import Sequence

from django.core.files.base import ContentFile
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from core.photos import Photo as CleanedPhoto
from core.text import one_line
from issues.models import Issue, Photo, Post
from issues.models.issue import MOST_PHOTOS


def add_photos(
    photos: Sequence[tuple[CleanedPhoto, str]],
    *,
    issue: Issue | None = None,
    post: Post | None = None,
) -> None:
    """Keeps cleaned photos with the words for those who cannot see them; call it in the transaction of the act.

    Raises:
        DomainError: there are more than six.
    """
    if len(photos) > MOST_PHOTOS:
        raise DomainError(_("Please choose at most %(count)d photos.") % {"count": MOST_PHOTOS})
    for position, (photo, words) in enumerate(photos):
        Photo.objects.create(
            issue=issue,
            post=post,
            picture=ContentFile(photo.content, "photo.jpg"),
            thumbnail=ContentFile(photo.thumbnail, "small.jpg"),
            width=photo.width,
            height=photo.height,
            words=one_line(words)[:200],
            position=position,
        )
