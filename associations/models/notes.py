"""What is noted: who looked at names, and how many households are where."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from associations.models.tree import Association


class Look(models.Model):
    """An officer saw names: who, by which office, when, whose. Members read the rows that concern them.

    The audit log has the same act for good; these rows go after a stated time.
    """

    class Act(models.TextChoices):
        LIST = "list", _("looked at the list of households")
        HOUSEHOLD = "household", _("opened the page of a household")
        EXPORT = "export", _("downloaded the list of households")
        REQUESTS = "requests", _("looked at requests to join")

    node = models.ForeignKey(
        Association,
        on_delete=models.CASCADE,
        related_name="looks",
        db_index=False,
        verbose_name=_("association"),
    )
    at = models.DateTimeField(_("when"), default=timezone.now, db_index=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who"),
    )
    office = models.CharField(_("office"), max_length=120)
    act = models.CharField(_("what"), max_length=9, choices=Act)
    # The households that stood on the page, in the order of their keys; all of the node if empty.
    first_household = models.BigIntegerField(null=True, blank=True)
    last_household = models.BigIntegerField(null=True, blank=True)

    class Meta:
        verbose_name = _("look at names")
        verbose_name_plural = _("looks at names")
        indexes = [models.Index(fields=["node", "-id"], name="look_by_node")]
        constraints = [
            models.CheckConstraint(
                condition=Q(first_household=None, last_household=None)
                | Q(first_household__lte=models.F("last_household")),
                name="look_range_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.act}"


class Figures(models.Model):
    """Counted households of an association, without anybody's name; what the city sees."""

    node = models.OneToOneField(
        Association,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="figures",
        verbose_name=_("association"),
    )
    households = models.PositiveIntegerField(_("households"), default=0)
    registered = models.PositiveIntegerField(_("registered"), default=0)
    by_email = models.PositiveIntegerField(_("reachable by e-mail"), default=0)
    by_line = models.PositiveIntegerField(_("reachable by LINE"), default=0)
    paper_only = models.PositiveIntegerField(_("paper only"), default=0)
    not_started = models.PositiveIntegerField(_("not started"), default=0)
    counted_at = models.DateTimeField(_("counted"), default=timezone.now)

    class Meta:
        verbose_name = _("figures of an association")
        verbose_name_plural = _("figures of associations")

    def __str__(self) -> str:
        return f"{self.node_id}: {self.households}"
