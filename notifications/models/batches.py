"""What was asked of LINE: kept, so that a repeat is the same request and is recognised as one."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class LineBatch(models.Model):
    """One multicast request, word for word."""

    class State(models.TextChoices):
        OPEN = "open", _("Unclear")
        ACCEPTED = "accepted", _("Accepted")

    # Sent as X-Line-Retry-Key; made from the keys of the deliveries.
    retry_key = models.UUIDField(_("retry key"), unique=True)
    # {"to": [...], "messages": [...]} as the SDK wants it.
    request = models.JSONField(_("request"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    created_at = models.DateTimeField(_("made"), default=timezone.now)

    class Meta:
        verbose_name = _("request to LINE")
        verbose_name_plural = _("requests to LINE")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["open", "accepted"]), name="line_batch_state_known"
            ),
        ]
        indexes = [models.Index(fields=["created_at"], name="line_batch_age")]

    def __str__(self) -> str:
        return str(self.retry_key)


class LineBatchMember(models.Model):
    """One delivery in a request; in one at a time."""

    batch = models.ForeignKey(
        LineBatch, on_delete=models.CASCADE, related_name="members", verbose_name=_("request")
    )
    key = models.UUIDField(_("idempotency key"), unique=True)

    class Meta:
        verbose_name = _("delivery in a request to LINE")
        verbose_name_plural = _("deliveries in a request to LINE")

    def __str__(self) -> str:
        return str(self.key)
