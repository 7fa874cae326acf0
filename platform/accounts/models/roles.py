"""Roles in the city, held from a moment to a moment, and the proof that somebody studies."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What somebody may be for the whole city; offices in associations are another matter."""

    CITY_STAFF = "city_staff", _("City staff")
    FACILITATOR = "facilitator", _("Facilitator")
    COORDINATOR = "coordinator", _("Coordinator")
    STUDENT = "student", _("Student")
    ADMINISTRATOR = "administrator", _("Administrator")


class RoleGrant(models.Model):
    """A person holds a role, from when, by whose hand, until when. Rows stay as history."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="role_grants",
        verbose_name=_("person"),
    )
    role = models.CharField(_("role"), max_length=20, choices=Role)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("granted by"),
    )
    granted_at = models.DateTimeField(_("granted"), default=timezone.now)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        verbose_name = _("role of a person")
        verbose_name_plural = _("roles of people")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "role"],
                condition=models.Q(ended_at=None),
                name="role_granted_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values), name="role_grant_role_known"
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at=None) | models.Q(ended_at__gte=models.F("granted_at")),
                name="role_ends_after_it_began",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_role_display()}"


class StudentAddress(models.Model):
    """The address at a university by which somebody showed that they study; one person an address."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="student_address",
        verbose_name=_("person"),
    )
    address = models.EmailField(_("e-mail address of the university"))
    confirmed_at = models.DateTimeField(_("confirmed"), default=timezone.now)

    class Meta:
        verbose_name = _("student address")
        verbose_name_plural = _("student addresses")
        constraints = [
            models.UniqueConstraint(
                Lower("address"),
                name="student_address_proves_one_person",
                violation_error_message=_("This address has already been used by another account."),
            ),
        ]

    def __str__(self) -> str:
        return self.address
