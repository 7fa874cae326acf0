"""The delivery tree: federations, associations, blocks, the towns they cover, and what they were called."""

from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Length, Substr
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from treebeard.mp_tree import MP_Node

from associations.querysets import (
    DEEPEST,
    STEP,
    AssociationManager,
)
from core.text import fold_address, one_line

LONGEST_NAME = 80
LONGEST_SEARCH_KEY = 4 * LONGEST_NAME


class Association(MP_Node):
    """A node of the delivery tree: what a circular is addressed to (docs/adr/0008-the-delivery-tree.md).

    ``path``, ``depth`` and ``numchild`` belong to treebeard. Only ``associations.services`` changes them.
    """

    class Kind(models.TextChoices):
        CITY = "city", _("City federation")
        DISTRICT = "district", _("District federation")
        ASSOCIATION = "association", _("Neighbourhood association")
        BLOCK = "block", _("Block")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    name = models.CharField(_("name"), max_length=LONGEST_NAME)
    kana = models.CharField(_("reading"), max_length=2 * LONGEST_NAME, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    search_key = models.CharField(max_length=LONGEST_SEARCH_KEY, editable=False)

    objects: ClassVar[AssociationManager] = AssociationManager()

    class Meta:
        verbose_name = _("association")
        verbose_name_plural = _("associations")
        constraints = [
            models.UniqueConstraint(
                # What stands before the last step is the parent.
                Substr("path", 1, Length("path") - Value(STEP)),
                F("name"),
                name="association_name_unique_under_parent",
                violation_error_message=_("There is one with this name here already."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["city", "district", "association", "block"]),
                name="association_kind_known",
            ),
            models.CheckConstraint(
                condition=(~Q(kind="city") | Q(depth=1)) & (~Q(kind="block") | Q(depth__gt=1)),
                name="association_kind_at_its_place",
            ),
            models.CheckConstraint(
                condition=Q(depth__gte=1, depth__lte=DEEPEST), name="association_depth_in_bounds"
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "path"], name="association_by_kind"),
            models.Index(fields=["depth", "path"], name="association_by_depth"),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        self.name = one_line(self.name)
        self.kana = one_line(self.kana)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.prepare()
        super().save(*args, **kwargs)

    def prepare(self) -> None:
        """Sets what is derived; bulk writers call it, since they do not call :meth:`save`."""
        self.search_key = fold_address(f"{self.name} {self.kana}")[:LONGEST_SEARCH_KEY]


class Town(models.Model):
    """A town, or the part of one, that an association covers: the way from an address to its association.

    Several associations may share a town or a postal code.
    """

    association = models.ForeignKey(
        Association, on_delete=models.CASCADE, related_name="towns", verbose_name=_("association")
    )
    name = models.CharField(_("town"), max_length=LONGEST_NAME)
    kana = models.CharField(_("reading"), max_length=2 * LONGEST_NAME, blank=True)
    postal_code = models.CharField(
        _("postal code"),
        max_length=7,
        db_index=True,
        validators=[RegexValidator(r"\A[0-9]{7}\Z", _("A postal code has seven digits."))],
    )
    search_key = models.CharField(max_length=LONGEST_SEARCH_KEY, editable=False)

    class Meta:
        verbose_name = _("town")
        verbose_name_plural = _("towns")
        constraints = [
            models.UniqueConstraint(
                fields=["association", "name", "postal_code"], name="town_once_an_association"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.prepare()
        super().save(*args, **kwargs)

    def prepare(self) -> None:
        """Sets what is derived; bulk writers call it, since they do not call :meth:`save`."""
        self.search_key = fold_address(f"{self.name} {self.kana}")[:LONGEST_SEARCH_KEY]

    @property
    def postal_code_in_words(self) -> str:
        """As it stands on envelopes: ``920-0935``."""
        return f"{self.postal_code[:3]}-{self.postal_code[3:]}"


class AssociationChange(models.Model):
    """A node got another name or another place; shown on its page, so that people find what they knew."""

    class Act(models.TextChoices):
        RENAMED = "renamed", _("renamed")
        MOVED = "moved", _("moved")

    node = models.ForeignKey(
        Association, on_delete=models.CASCADE, related_name="changes", verbose_name=_("association")
    )
    act = models.CharField(_("what"), max_length=8, choices=Act)
    before = models.CharField(_("before"), max_length=LONGEST_NAME)
    after = models.CharField(_("after"), max_length=LONGEST_NAME)
    at = models.DateTimeField(_("when"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )

    class Meta:
        verbose_name = _("change of an association")
        verbose_name_plural = _("changes of associations")
        constraints = [
            models.CheckConstraint(
                condition=Q(act__in=["renamed", "moved"]), name="association_change_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"
