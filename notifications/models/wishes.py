"""How people want to be told."""

from datetime import time

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    """The ways to tell a person. The inbox needs no delivery: it shows the happening itself."""

    IN_APP = "in_app", _("In the app")
    EMAIL = "email", _("E-mail")
    WEB_PUSH = "web_push", _("Push notice")
    LINE = "line", _("LINE")


class Wish(models.Model):
    """What somebody has chosen for a category and a channel; without a row the default holds."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="wishes", db_index=False
    )
    category = models.CharField(_("category"), max_length=40)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    is_on = models.BooleanField(_("wanted"))

    class Meta:
        verbose_name = _("wish about notices")
        verbose_name_plural = _("wishes about notices")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "category", "channel"], name="wish_one_a_category_and_channel"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category} {self.channel} {self.is_on}"


class Rhythm(models.Model):
    """When somebody wants to be told; without a row the defaults hold."""

    class Frequency(models.TextChoices):
        AT_ONCE = "at_once", _("One mail each, at once")
        DAILY = "daily", _("One mail a day, in the morning at 8")
        WEEKLY = "weekly", _("One mail a week, on Monday at 8")

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="rhythm", primary_key=True
    )
    has_quiet_hours = models.BooleanField(_("quiet hours"), default=True)
    quiet_from = models.TimeField(_("quiet from"), default=time(21, 0))
    quiet_until = models.TimeField(_("quiet until"), default=time(7, 0))
    frequency = models.CharField(
        _("mails"), max_length=10, choices=Frequency, default=Frequency.AT_ONCE
    )

    class Meta:
        verbose_name = _("rhythm of notices")
        verbose_name_plural = _("rhythms of notices")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(frequency__in=["at_once", "daily", "weekly"]),
                name="rhythm_frequency_known",
            ),
        ]

    def __str__(self) -> str:
        return self.frequency


class Digest(models.Model):
    """A summary of what happened for a person in [starts_at, ends_at): the windows follow each other without a gap."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="digests", db_index=False
    )
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))

    class Meta:
        verbose_name = _("summary")
        verbose_name_plural = _("summaries")
        constraints = [
            models.UniqueConstraint(fields=["person", "starts_at"], name="digest_one_a_start"),
            models.UniqueConstraint(fields=["person", "ends_at"], name="digest_one_an_end"),
            models.CheckConstraint(
                condition=models.Q(starts_at__lt=models.F("ends_at")), name="digest_has_a_length"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d} {self.ends_at:%Y-%m-%d}"


class Mute(models.Model):
    """Somebody wants to hear nothing more of one thing, for example of one issue and its talk."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mutes", db_index=False
    )
    within_type = models.CharField(_("within what kind of thing"), max_length=60)
    within_id = models.BigIntegerField(_("within which thing"))
    at = models.DateTimeField(_("since"), auto_now_add=True)

    class Meta:
        verbose_name = _("mute")
        verbose_name_plural = _("mutes")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "within_type", "within_id"], name="mute_once_a_person"
            ),
        ]
        indexes = [models.Index(fields=["within_type", "within_id"], name="mute_within")]

    def __str__(self) -> str:
        return f"{self.within_type} {self.within_id}"
