"""What changed the course of an issue: its stages and its official answers."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from issues.models.issue import Issue, Stage


class StageChange(models.Model):
    """Who moved an issue on, when and why."""

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="stage_changes")
    before = models.CharField(_("from"), max_length=12, choices=Stage)
    after = models.CharField(_("to"), max_length=12, choices=Stage)
    reason = models.CharField(_("reason"), max_length=300)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("when"), auto_now_add=True)

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("change of stage")
        verbose_name_plural = _("changes of stage")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(before=models.F("after")), name="stage_really_changes"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"


class OfficialAnswer(models.Model):
    """The answer of the city or the body in charge: first promised with a day, then given.

    Overdue is computed when read: promised, not given, and the day is over.
    """

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="official_answers")
    body = models.CharField(_("who answers"), max_length=100)
    due_on = models.DateField(_("answer due"), null=True, blank=True)
    text = models.TextField(_("answer"), max_length=5_000, blank=True)
    html = models.TextField(editable=False, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    asked_at = models.DateTimeField(auto_now_add=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    class Meta:
        ordering = ["asked_at", "pk"]
        verbose_name = _("official answer")
        verbose_name_plural = _("official answers")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(answered_at__isnull=True, text="")
                | (models.Q(answered_at__isnull=False) & ~models.Q(text="")),
                name="official_answer_given_with_a_text",
            ),
        ]

    def __str__(self) -> str:
        return self.body
