"""What somebody has begun to write."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class IssueDraft(models.Model):
    """An issue that is being written, as typed. Only its author ever sees it; it goes when the issue is raised."""

    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="issue_drafts",
        db_index=False,
    )
    # The key that the issue will be raised with: saving again changes the same draft.
    key = models.UUIDField(_("idempotency key"))
    # By the name of the form's field; nothing of it has been checked.
    typed = models.JSONField(_("what was typed"), default=dict)
    saved_at = models.DateTimeField(_("saved"), auto_now=True)

    class Meta:
        ordering = ["-saved_at", "-pk"]
        verbose_name = _("draft of an issue")
        verbose_name_plural = _("drafts of issues")
        constraints = [
            models.UniqueConstraint(
                fields=["author", "key"], name="issue_draft_key_unique_for_author"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def title(self) -> str:
        """The title, or the beginning of whatever there is."""
        words = (self.typed.get(name, "") for name in ("title", "question", "text"))
        return next((text.strip()[:80] for text in words if text.strip()), "")
