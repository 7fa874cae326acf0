"""Tags, folded: ごみ and ゴミ are one."""

from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from taggit.models import ItemBase, TagBase

from core.text import fold

LONGEST_TAG = 30


class Tag(TagBase):
    """A word that people put on issues. It is shown as it was first written and found in every spelling."""

    folded = models.CharField(_("folded name"), max_length=4 * LONGEST_TAG, unique=True)
    # Counted by the services: a list of tags asks nothing more.
    issue_count = models.PositiveIntegerField(_("issues"), default=0)

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        indexes = [models.Index(fields=["-issue_count", "-id"], name="tag_most_used")]

    def slugify(self, tag: str, i: int | None = None) -> str:
        """The folded name as a part of an address; a tag of signs alone has its page too."""
        slug = slugify(fold(tag), allow_unicode=True) or "tag"
        return slug if i is None else f"{slug}_{i}"


class TaggedIssue(ItemBase):
    """A tag on an issue."""

    tag = models.ForeignKey(
        Tag, on_delete=models.CASCADE, related_name="tagged_issues", db_index=False
    )
    # The unique constraint below begins with it and serves as its index.
    content_object = models.ForeignKey(
        "issues.Issue", on_delete=models.CASCADE, related_name="tagged", db_index=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["content_object", "tag"], name="tag_once_an_issue"),
        ]
        indexes = [models.Index(fields=["tag", "content_object"], name="tagged_by_tag")]
