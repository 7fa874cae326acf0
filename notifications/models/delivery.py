"""The outbox: one row for each attempt to tell one person by one channel."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from notifications.models.happenings import Broadcast, Notification
from notifications.models.wishes import Channel, Digest


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
    # Of which summary it became a part; or, with nothing else to tell of, which summary it carries.
    digest = models.ForeignKey(
        Digest,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="deliveries",
        verbose_name=_("summary"),
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
    # Of the round that holds it: whoever comes back late must not write over what another has done.
    claim = models.UUIDField(_("claim"), null=True, blank=True)
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
            models.Index(
                fields=["recipient"],
                condition=models.Q(state="collected", digest=None),
                name="delivery_collected",
            ),
            models.Index(
                fields=["-done_at"], condition=models.Q(state="dead"), name="delivery_dead"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel or '?'} {self.state}"


class ChannelPace(models.Model):
    """How fast a channel may go: one row a channel, locked by whoever is about to send."""

    channel = models.CharField(_("channel"), max_length=10, choices=Channel, primary_key=True)
    # The moment at which all that was sent so far would have been sent at an even pace (GCRA, ITU-T I.371).
    even_at = models.DateTimeField(_("even at"))
    paused_until = models.DateTimeField(_("paused until"), null=True, blank=True)

    class Meta:
        verbose_name = _("pace of a channel")
        verbose_name_plural = _("paces of channels")

    def __str__(self) -> str:
        return self.channel
