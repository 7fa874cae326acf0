"""Filters of the board that a person keeps under a name."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from associations.models import Association
from issues.models.issue import Category, Stage
from issues.models.tags import Tag

LONGEST_NAME = 40
MOST_SAVED = 30


class SavedFilter(models.Model):
    """What a person is looking for, under a name of their own; with ``tells`` they hear of new issues.

    ``looks_for`` says category, tag, place and stage in one string, so that a new issue finds all saved filters
    that it fits by asking an index for the few strings that it could have (``issues.selectors.saved``).
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="saved_filters",
        db_index=False,
    )
    name = models.CharField(_("name"), max_length=LONGEST_NAME)
    category = models.ForeignKey(
        Category, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    place = models.ForeignKey(
        Association, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    stage = models.CharField(_("stage"), max_length=12, choices=Stage, blank=True)
    unanswered = models.BooleanField(_("no answer yet"), default=False)
    skills = models.BooleanField(_("needs my skills"), default=False)
    order = models.CharField(_("order"), max_length=10, default="active")
    tells = models.BooleanField(_("tell me of new issues"), default=False)
    looks_for = models.CharField(max_length=80, editable=False)
    saved_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("saved filter")
        verbose_name_plural = _("saved filters")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "name"],
                name="saved_filter_name_unique_for_person",
                violation_error_message=_("You have a saved list of this name already."),
            ),
            models.CheckConstraint(
                condition=models.Q(stage__in=["", *Stage.values]), name="saved_filter_stage_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["looks_for"],
                condition=models.Q(tells=True),
                name="saved_filter_looks_for",
            ),
        ]

    def __str__(self) -> str:
        return self.name
