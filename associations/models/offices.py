"""Offices with their powers, and the terms for which people hold them (docs/adr/0013-offices-and-terms.md)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from associations.models.tree import Association
from associations.querysets import OfficeTermQuerySet
from core.text import one_line

LONGEST_TITLE = 30


class Office(models.Model):
    """An office at a node of the tree and what it allows; nobody has a power but by a term in an office.

    The node says how far the powers reach: ``associations.rules``.
    """

    class Kind(models.TextChoices):
        CHAIR = "chair", _("Chair")
        DEPUTY = "deputy", _("Deputy chair")
        TREASURER = "treasurer", _("Treasurer")
        BLOCK_LEADER = "block_leader", _("Block leader")
        ICT = "ict", _("ICT officer")
        OTHER = "other", _("Another office")

    # The unique constraint begins with the node and serves as its index.
    node = models.ForeignKey(
        Association,
        on_delete=models.PROTECT,
        related_name="offices",
        db_index=False,
        verbose_name=_("association"),
    )
    kind = models.CharField(_("office"), max_length=12, choices=Kind)
    title = models.CharField(
        _("title"), max_length=LONGEST_TITLE, blank=True, help_text=_("Only for another office.")
    )
    may_send = models.BooleanField(_("sends circulars"), default=False)
    may_see_names = models.BooleanField(_("sees names"), default=False)
    may_approve = models.BooleanField(_("lets members in"), default=False)
    may_manage = models.BooleanField(_("manages offices"), default=False)

    class Meta:
        verbose_name = _("office")
        verbose_name_plural = _("offices")
        constraints = [
            models.UniqueConstraint(
                fields=["node", "kind", "title"],
                name="office_once_at_a_node",
                violation_error_message=_("There is this office here already."),
            ),
            models.CheckConstraint(
                condition=Q(
                    kind__in=["chair", "deputy", "treasurer", "block_leader", "ict", "other"]
                ),
                name="office_kind_known",
            ),
            models.CheckConstraint(
                condition=(Q(kind="other") & ~Q(title="")) | (~Q(kind="other") & Q(title="")),
                name="office_title_of_its_own_kind",
            ),
        ]

    def __str__(self) -> str:
        return self.title or str(self.get_kind_display())

    def clean(self) -> None:
        super().clean()
        self.title = one_line(self.title)


class OfficeTerm(models.Model):
    """A person holds an office from a first day to a last day, both included, in Japan's calendar.

    Until they accept it is a nomination. Whether it is in force is computed when asked and stored nowhere.
    """

    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, related_name="terms", verbose_name=_("office")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="office_terms",
        verbose_name=_("person"),
    )
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    follows = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="successors",
        db_index=False,
        verbose_name=_("follows"),
    )
    named_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("named by"),
    )
    named_at = models.DateTimeField(_("named"), default=timezone.now)
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    declined_at = models.DateTimeField(_("declined or withdrawn"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended early"), null=True, blank=True)

    objects = OfficeTermQuerySet.as_manager()

    class Meta:
        verbose_name = _("term of office")
        verbose_name_plural = _("terms of office")
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="office_term_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(declined_at=None),
                name="office_term_accepted_or_declined",
            ),
            models.UniqueConstraint(
                fields=["follows"],
                condition=~Q(accepted_at=None) & Q(ended_at=None),
                name="office_term_has_one_successor",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.office}: {self.first_day}–{self.last_day}"

    @property
    def is_waiting(self) -> bool:
        """Named, and neither accepted nor declined yet."""
        return self.accepted_at is None and self.declined_at is None
