"""The outbox: one row for each attempt to tell one person by one channel."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Delivery(models.Model):
    """One attempt to tell one person by one channel; written in the transaction of the act itself."""

    class Channel(models.TextChoices):
        IN_APP = "in_app", _("In the app")
        EMAIL = "email", _("E-mail")
        WEB_PUSH = "web_push", _("Push notice")
        LINE = "line", _("LINE")

    class State(models.TextChoices):
        PENDING = "pending", _("Waiting")
        SENT = "sent", _("Sent")
        UNKNOWN = "unknown", _("Unclear")
        DEAD = "dead", _("Given up")

    key = models.UUIDField(_("idempotency key"), unique=True)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="deliveries",
        verbose_name=_("recipient"),
    )
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PENDING)
    due_at = models.DateTimeField(_("due"))

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["pending", "sent", "unknown", "dead"]),
                name="delivery_state_known",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], condition=models.Q(state="pending"), name="delivery_outbox"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.state}"
