"""Tags, folded: ごみ and ゴミ are one."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from taggit.models import ItemBase, TagBase

LONGEST_TAG = 30


class Tag(TagBase):
    """A word that people put on issues. It is shown as it was first written and found in every spelling."""

    folded = models.CharField(_("folded name"), max_length=4 * LONGEST_TAG, unique=True)

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")


class TaggedIssue(ItemBase):
    """A tag on an issue."""

    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="tagged_issues")
    content_object = models.ForeignKey(
        "issues.Issue", on_delete=models.CASCADE, related_name="tagged"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["content_object", "tag"], name="tag_once_an_issue"),
        ]
