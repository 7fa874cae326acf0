"""The outbox: one row for each attempt to tell one person by one channel."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from notifications.models.happenings import Broadcast, Notification


class Channel(models.TextChoices):
    """The ways to tell a person. The inbox needs no delivery: it shows the happening itself."""

    IN_APP = "in_app", _("In the app")
    EMAIL = "email", _("E-mail")
    WEB_PUSH = "web_push", _("Push notice")
    LINE = "line", _("LINE")


class Delivery(models.Model):
    """One attempt to tell one person by one channel; written in the transaction of the act itself.

    The channel stays empty until a worker has asked for permission and preference, at the moment of sending.
    """

    Channel = Channel

    class State(models.TextChoices):
        PENDING = "pending", _("Waiting")
        CLAIMED = "claimed", _("Taken by a worker")
        SENDING = "sending", _("On its way")
        SENT = "sent", _("Sent")
        SKIPPED = "skipped", _("Not sent")
        COLLECTED = "collected", _("In the next summary")
        UNKNOWN = "unknown", _("Unclear")
        DEAD = "dead", _("Given up")

    key = models.UUIDField(_("idempotency key"), unique=True)
    notification = models.ForeignKey(
        Notification,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="deliveries",
        verbose_name=_("notification"),
    )
    broadcast = models.ForeignKey(
        Broadcast,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="deliveries",
        db_index=False,
        verbose_name=_("broadcast"),
    )
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="deliveries",
        verbose_name=_("recipient"),
    )
    channel = models.CharField(_("channel"), max_length=10, choices=Channel, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PENDING)
    is_urgent = models.BooleanField(_("urgent"), default=False)
    due_at = models.DateTimeField(_("due"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    # Until then the row belongs to the worker that has claimed it.
    leased_until = models.DateTimeField(_("leased until"), null=True, blank=True)
    # What went out together goes out together again, so that a provider recognises the repeat.
    batch = models.UUIDField(_("batch"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=60, blank=True)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    state__in=[
                        "pending",
                        "claimed",
                        "sending",
                        "sent",
                        "skipped",
                        "collected",
                        "unknown",
                        "dead",
                    ]
                ),
                name="delivery_state_known",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["claimed", "sending"], leased_until__isnull=False)
                | (
                    ~models.Q(state__in=["claimed", "sending"])
                    & models.Q(leased_until__isnull=True)
                ),
                name="delivery_leased_while_worked_on",
            ),
        ]
        indexes = [
            models.Index(
                fields=["-is_urgent", "due_at", "id"],
                condition=models.Q(state="pending"),
                name="delivery_outbox",
            ),
            models.Index(
                fields=["leased_until"],
                condition=models.Q(state__in=["claimed", "sending"]),
                name="delivery_leased",
            ),
            models.Index(fields=["batch"], condition=~models.Q(batch=None), name="delivery_batch"),
        ]

    def __str__(self) -> str:
        return f"{self.channel or '?'} {self.state}"
