"""What happened that concerns people: for a few a row each, for a whole city one row.

No finished text is kept: a kind words a row in the reader's language when it is shown (``notifications.kinds``).
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Happening(models.Model):
    """What a notification and a broadcast have in common.

    ``about`` is the row that it tells of, of the model that the kind names; ``within`` is the thing it belongs
    to: by it the inbox groups, and it is what a person can mute.
    """

    kind = models.CharField(_("kind"), max_length=60)
    about_id = models.BigIntegerField(_("about which row"))
    within_type = models.CharField(_("within what kind of thing"), max_length=60)
    within_id = models.BigIntegerField(_("within which thing"))
    # Tells apart what happens to one row again and again, for example by its day.
    occasion = models.CharField(_("occasion"), max_length=32, blank=True)
    context = models.JSONField(_("context"), default=dict, blank=True)
    at = models.DateTimeField(_("when"))

    class Meta:
        abstract = True


class Notification(Happening):
    """Something happened that concerns one person."""

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="notifications",
        db_index=False,
        verbose_name=_("recipient"),
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who did it"),
    )
    read_at = models.DateTimeField(_("read"), null=True, blank=True)

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        constraints = [
            # A retried act tells nobody twice.
            models.UniqueConstraint(
                fields=["recipient", "kind", "about_id", "occasion"],
                name="notification_once_a_happening",
            ),
        ]
        indexes = [
            models.Index(
                fields=["recipient", "kind", "within_type", "within_id"],
                condition=models.Q(read_at=None),
                name="notification_unread",
            ),
            models.Index(fields=["kind", "about_id"], name="notification_about"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.about_id}"


class Broadcast(Happening):
    """Something happened that concerns many. The inbox shows it as audience minus receipts.

    ``reached`` is the key of the last person for whom an outbound delivery was written: a worker that takes over
    goes on behind it.
    """

    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who did it"),
    )
    audience = models.CharField(_("kind of audience"), max_length=40)
    audience_key = models.CharField(_("which audience"), max_length=64, blank=True)
    reached = models.BigIntegerField(_("written up to"), default=0)
    written_at = models.DateTimeField(_("all deliveries written"), null=True, blank=True)

    class Meta:
        verbose_name = _("broadcast")
        verbose_name_plural = _("broadcasts")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "about_id", "occasion", "audience", "audience_key"],
                name="broadcast_once_a_happening",
            ),
        ]
        indexes = [
            models.Index(fields=["audience", "audience_key", "-at"], name="broadcast_audience"),
            models.Index(
                fields=["id"], condition=models.Q(written_at=None), name="broadcast_unwritten"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.about_id}"


class BroadcastReceipt(models.Model):
    """Somebody has opened a broadcast; written only then."""

    broadcast = models.ForeignKey(
        Broadcast, on_delete=models.CASCADE, related_name="receipts", db_index=False
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="broadcast_receipts"
    )
    read_at = models.DateTimeField(_("read"))

    class Meta:
        verbose_name = _("receipt of a broadcast")
        verbose_name_plural = _("receipts of broadcasts")
        constraints = [
            models.UniqueConstraint(
                fields=["broadcast", "person"], name="broadcast_receipt_one_a_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.broadcast_id}"
