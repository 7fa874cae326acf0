"""The person with an account."""

from typing import Any

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models.names import LONGEST_DISPLAY_NAME, username_validators
from core.text import one_line


class UserManager(BaseUserManager["User"]):
    """Makes people; a name to sign in with is all that is needed."""

    use_in_migrations = True

    def create_user(self, username: str, *, password: str | None = None, **fields: Any) -> "User":
        """A saved person. Without a password they sign in by another way."""
        user = self.model(username=self.model.normalize_username(username), **fields)
        user.email = self.normalize_email(user.email)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save(using=self._db)
        return user

    def create_superuser(
        self, username: str, *, password: str | None = None, **fields: Any
    ) -> "User":
        """An administrator, for ``manage.py createsuperuser``."""
        return self.create_user(
            username,
            password=password,
            **{"display_name": username, "is_staff": True, "is_superuser": True} | fields,
        )

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username=self.model.normalize_username(username or ""))


class User(AbstractBaseUser, PermissionsMixin):
    """A person. A display name is enough; an e-mail address is optional, as LINE and many elders have none.

    User names are kept in lower case, so that Taro and taro are one person and signing in is one look-up in
    the index on both databases, however many people there are.
    """

    username = models.CharField(
        _("user name"),
        max_length=30,
        unique=True,
        validators=username_validators,
        help_text=_("Letters a to z, digits, and the signs . _ - (up to 30)."),
        error_messages={"unique": _("This user name is taken. Please choose another one.")},
    )
    display_name = models.CharField(_("name shown to others"), max_length=LONGEST_DISPLAY_NAME)
    email = models.EmailField(_("e-mail address"), blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("may open the administration"), default=False)
    date_joined = models.DateTimeField(_("joined"), default=timezone.now, editable=False)
    # Empty until the person has chosen: then the device's own wish holds.
    language = models.CharField(
        _("language"), max_length=10, blank=True, choices=settings.LANGUAGES
    )
    text_size = models.CharField(
        _("size of the letters"),
        max_length=10,
        blank=True,
        choices=[(size, size) for size in settings.TEXT_SIZES],
    )
    erased_at = models.DateTimeField(_("account deleted"), null=True, blank=True, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(username=Lower("username")),
                name="user_username_in_lower_case",
            ),
            models.UniqueConstraint(
                Lower("email"),
                condition=~models.Q(email=""),
                name="user_email_unique_if_given",
                violation_error_message=_("This e-mail address belongs to another account."),
            ),
            models.CheckConstraint(
                condition=models.Q(erased_at=None)
                | models.Q(is_active=False, email="", is_staff=False, is_superuser=False),
                name="user_erased_means_closed",
            ),
        ]

    def __str__(self) -> str:
        if self.erased_at:
            return gettext("Former member")
        return self.display_name or self.username

    @classmethod
    def normalize_username(cls, username: str) -> str:
        return super().normalize_username(username).lower()

    def clean(self) -> None:
        super().clean()
        self.display_name = one_line(self.display_name)

    @cached_property
    def roles(self) -> frozenset[str]:
        """The roles that the person holds now; one query for each instance, so one for each request."""
        if not self.is_active:
            return frozenset()
        active = self.role_grants.filter(ended_at=None).values_list("role", flat=True)
        return frozenset(active)

    def forget_roles(self) -> None:
        """Reads the roles anew when they are asked for next."""
        self.__dict__.pop("roles", None)


def display_name_of(user: User) -> str:
    """The name that others see."""
    return str(user)
