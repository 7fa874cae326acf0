"""Models of the ground floor: the audit log and the heartbeats."""

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class AppendOnly(TypeError):
    """Somebody tried to change or delete a row that stands for good."""


class AuditEntryQuerySet(models.QuerySet["AuditEntry"]):
    """Rows of the audit log; refuses what would rewrite history."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise AppendOnly("audit entries are never changed")

    def delete(self) -> NoReturn:
        raise AppendOnly("audit entries are never deleted")


class AuditEntry(models.Model):
    """One act: who, what, on what, when, from where.

    The database refuses changes too, by the triggers of migration 0002. The actor has no database
    constraint, because erasing a person must not need to change these rows.
    """

    at = models.DateTimeField(_("when"), auto_now_add=True, db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who"),
    )
    act = models.CharField(_("what"), max_length=100)
    target_type = models.CharField(_("on what kind of thing"), max_length=100, blank=True)
    target_id = models.CharField(_("on which one"), max_length=64, blank=True)
    detail = models.JSONField(_("detail"), default=dict, blank=True)
    address = models.GenericIPAddressField(_("from where"), null=True, blank=True)
    request_id = models.CharField(_("request id"), max_length=64, blank=True)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit log")
        indexes = [models.Index(fields=["target_type", "target_id", "at"], name="audit_by_target")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.act}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise AppendOnly("audit entries are never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly("audit entries are never deleted")


class Heartbeat(models.Model):
    """When a background process was last known to be alive."""

    name = models.CharField(_("process"), max_length=40, primary_key=True)
    beaten_at = models.DateTimeField(_("last sign of life"))

    class Meta:
        verbose_name = _("heartbeat")
        verbose_name_plural = _("heartbeats")

    def __str__(self) -> str:
        return self.name
