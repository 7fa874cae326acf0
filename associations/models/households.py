"""Households that stand under blocks, and the people in them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from associations.models.tree import Association
from associations.querysets import HouseholdMemberQuerySet, HouseholdQuerySet
from core.text import one_line

LONGEST_LABEL = 40


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
    # Whether the household, or an officer for it, has said so; until then it has not begun.
    preference_said = models.BooleanField(_("has said so"), default=False)
    left_at = models.DateTimeField(_("moved away"), null=True, blank=True)
    people = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="HouseholdMember", related_name="households"
    )

    objects = HouseholdQuerySet.as_manager()

    class Meta:
        verbose_name = _("household")
        verbose_name_plural = _("households")
        constraints = [
            models.UniqueConstraint(
                fields=["block", "label"],
                # Whoever moves in may be called what those who moved away were called.
                condition=Q(left_at=None),
                name="household_label_unique_in_block",
            ),
            models.CheckConstraint(
                condition=Q(preference__in=["digital", "paper", "both"]),
                name="household_preference_known",
            ),
        ]
        indexes = [
            models.Index(
                fields=["left_at"], condition=~Q(left_at=None), name="household_that_left"
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

    joined_at = models.DateTimeField(_("joined"), default=timezone.now)
    left_at = models.DateTimeField(_("left"), null=True, blank=True)

    objects = HouseholdMemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("household member")
        verbose_name_plural = _("household members")
        constraints = [
            models.UniqueConstraint(
                fields=["household", "person"], name="household_member_once_a_household"
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(lives_here=True, left_at=None),
                name="household_member_lives_in_one_place",
            ),
        ]
        indexes = [
            models.Index(
                fields=["left_at"], condition=~Q(left_at=None), name="household_member_that_left"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.household_id}: {self.person_id}"
