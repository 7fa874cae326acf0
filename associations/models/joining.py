"""The ways in: letters to households, the passcode of an association, requests, codes of the city."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from associations.models.households import Household
from associations.models.tree import Association
from associations.querysets import LetterQuerySet

LONGEST_WORDS = 200
HASH_LENGTH = 64
CODE_LENGTH = 8


class Letter(models.Model):
    """A letter to a household with a code by which its people join. The code itself is on paper only."""

    household = models.ForeignKey(
        Household, on_delete=models.CASCADE, related_name="letters", verbose_name=_("household")
    )
    code_hash = models.CharField(max_length=HASH_LENGTH, unique=True, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("made by"),
    )
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    expires_at = models.DateTimeField(_("valid until"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed by the household"), null=True, blank=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter to a household")
        verbose_name_plural = _("letters to households")
        constraints = [
            models.UniqueConstraint(
                fields=["household"],
                condition=Q(revoked_at=None, closed_at=None),
                name="letter_one_a_household",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.household_id}: {self.made_at:%Y-%m-%d}"


class Passcode(models.Model):
    """A word that an association gives its members; whoever types it asks to join, and an officer decides.

    It opens nothing by itself, and officers show it to members: it is kept as it is.
    """

    node = models.OneToOneField(
        Association,
        on_delete=models.CASCADE,
        related_name="passcode",
        verbose_name=_("association"),
    )
    code = models.CharField(_("passcode"), max_length=CODE_LENGTH, unique=True)
    made_at = models.DateTimeField(_("made"), default=timezone.now)

    class Meta:
        verbose_name = _("passcode of an association")
        verbose_name_plural = _("passcodes of associations")

    def __str__(self) -> str:
        return f"{self.node_id}"


class ClaimCode(models.Model):
    """A code that the city gives to the officers of an association, who take its page over with it."""

    node = models.ForeignKey(
        Association,
        on_delete=models.CASCADE,
        related_name="claim_codes",
        verbose_name=_("association"),
    )
    code_hash = models.CharField(max_length=HASH_LENGTH, unique=True, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("made by"),
    )
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    expires_at = models.DateTimeField(_("valid until"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    used_at = models.DateTimeField(_("used"), null=True, blank=True)

    class Meta:
        verbose_name = _("code for claiming an association")
        verbose_name_plural = _("codes for claiming associations")
        constraints = [
            models.UniqueConstraint(
                fields=["node"],
                condition=Q(revoked_at=None, used_at=None),
                name="claim_code_one_an_association",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.node_id}: {self.made_at:%Y-%m-%d}"


class JoinRequest(models.Model):
    """Somebody without a letter asks to join; an officer who lets members in decides."""

    class Source(models.TextChoices):
        PASSCODE = "passcode", _("with the passcode")
        ADDRESS = "address", _("by address")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting for an officer")
        APPROVED = "approved", _("Approved")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    association = models.ForeignKey(
        Association,
        on_delete=models.CASCADE,
        related_name="join_requests",
        db_index=False,
        verbose_name=_("association"),
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="join_requests",
        verbose_name=_("person"),
    )
    source = models.CharField(_("way"), max_length=8, choices=Source)
    words = models.CharField(
        _("how officers know the household"), max_length=LONGEST_WORDS, blank=True
    )
    lives_here = models.BooleanField(_("lives here"), default=True)
    made_at = models.DateTimeField(_("asked"), default=timezone.now)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.WAITING)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    answer = models.CharField(_("answer"), max_length=LONGEST_WORDS, blank=True)

    class Meta:
        verbose_name = _("request to join")
        verbose_name_plural = _("requests to join")
        constraints = [
            models.UniqueConstraint(
                fields=["association", "person"],
                condition=Q(state="waiting"),
                name="join_request_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "approved", "declined", "withdrawn"]),
                name="join_request_state_known",
            ),
        ]
        indexes = [
            models.Index(fields=["association", "state", "id"], name="join_request_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.association_id}: {self.person_id}"
