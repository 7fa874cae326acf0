"""How people want to be told."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


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
