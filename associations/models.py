"""The delivery tree and the households that stand under its blocks."""

from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Length, Substr
from django.utils.translation import gettext_lazy as _
from treebeard.mp_tree import MP_Node

from associations.querysets import (
    DEEPEST,
    STEP,
    AssociationManager,
    HouseholdQuerySet,
)
from core.text import fold_address, one_line

LONGEST_NAME = 80
LONGEST_LABEL = 40
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


class Household(models.Model):
    """What receives a circular and has one vote, whoever in it reads or answers."""

    class Preference(models.TextChoices):
        DIGITAL = "digital", _("Digital")
        PAPER = "paper", _("Paper")
        BOTH = "both", _("Digital and paper")

    # The unique constraint below begins with the block and serves as its index.
    block = models.ForeignKey(
        Association,
        on_delete=models.PROTECT,
        related_name="households",
        db_index=False,
        verbose_name=_("block"),
    )
    label = models.CharField(
        _("label"),
        max_length=LONGEST_LABEL,
        help_text=_("What officers call it, for example 3-12."),
    )
    # Paper until somebody says otherwise: whoever is not reached digitally is on the print list.
    preference = models.CharField(
        _("how circulars arrive"), max_length=7, choices=Preference, default=Preference.PAPER
    )
    people = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="HouseholdMember", related_name="households"
    )

    objects = HouseholdQuerySet.as_manager()

    class Meta:
        verbose_name = _("household")
        verbose_name_plural = _("households")
        constraints = [
            models.UniqueConstraint(
                fields=["block", "label"], name="household_label_unique_in_block"
            ),
            models.CheckConstraint(
                condition=Q(preference__in=["digital", "paper", "both"]),
                name="household_preference_known",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def clean(self) -> None:
        super().clean()
        self.label = one_line(self.label)


class HouseholdMember(models.Model):
    """A person's place in a household: who may read and answer for it.

    People without an account have none: their household is known by its label and reached on paper.
    """

    household = models.ForeignKey(
        Household,
        on_delete=models.CASCADE,
        related_name="members",
        db_index=False,
        verbose_name=_("household"),
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="household_places",
        verbose_name=_("person"),
    )
    lives_here = models.BooleanField(
        _("lives here"), default=True, help_text=_("Not set for family living away.")
    )

    class Meta:
        verbose_name = _("household member")
        verbose_name_plural = _("household members")
        constraints = [
            models.UniqueConstraint(
                fields=["household", "person"], name="household_member_once_a_household"
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(lives_here=True),
                name="household_member_lives_in_one_place",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.household_id}: {self.person_id}"
