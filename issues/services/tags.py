"""The tags of an issue. They are shown as they were first written and are one in every spelling."""

from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from core.errors import Conflict, DomainError
from core.text import fold, one_line
from issues.models import Issue, Tag, TaggedIssue
from issues.models.tags import LONGEST_TAG

MOST_TAGS = 8


def set_tags(issue: Issue, names: Iterable[str]) -> None:
    """Gives an issue these tags instead of those it had; call it in the transaction of the act.

    Raises:
        DomainError: more than eight, or one longer than 30 characters.
    """
    wanted = {fold(name): name for name in reversed(list(names)) if fold(name)}
    if len(wanted) > MOST_TAGS:
        raise DomainError(_("Please choose at most %(count)d tags.") % {"count": MOST_TAGS})
    tags = {tag.pk: tag for tag in map(tag_named, reversed(wanted.values()))}
    had = set(TaggedIssue.objects.filter(content_object=issue).values_list("tag_id", flat=True))
    TaggedIssue.objects.filter(content_object=issue, tag__in=had - tags.keys()).delete()
    TaggedIssue.objects.bulk_create(
        TaggedIssue(content_object=issue, tag=tag) for pk, tag in tags.items() if pk not in had
    )
    # In the order of their keys, so that two acts never wait for each other in a circle.
    for pk in sorted(had ^ tags.keys()):
        change = 1 if pk in tags else -1
        Tag.objects.filter(pk=pk).update(issue_count=F("issue_count") + change)


def tag_named(name: str) -> Tag:
    """The tag of this name in any spelling, made if it is new.

    Raises:
        DomainError: it is longer than 30 characters, or there is nothing to be seen.
    """
    tag: Tag
    name, folded = one_line(name), fold(name)
    if not folded or len(name) > LONGEST_TAG:
        raise DomainError(_("A tag has at most %(count)d characters.") % {"count": LONGEST_TAG})
    # taggit chooses slugs without a lock; somebody may write the same word at the same moment.
    for _attempt in range(3):
        try:
            with transaction.atomic():
                tag, _created = Tag.objects.get_or_create(folded=folded, defaults={"name": name})
        except IntegrityError:
            continue
        return tag
    raise Conflict
