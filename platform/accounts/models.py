"""The person with an account."""

import re
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.text import one_line

LONGEST_DISPLAY_NAME = 50

username_validators = [
    RegexValidator(
        re.compile(r"[a-zA-Z0-9_.-]+\Z"),
        _("Please use only letters a to z, digits, and the signs . _ - in the user name."),
    ),
]


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
        ]

    def __str__(self) -> str:
        return self.display_name or self.username

    @classmethod
    def normalize_username(cls, username: str) -> str:
        return super().normalize_username(username).lower()

    def clean(self) -> None:
        super().clean()
        self.display_name = one_line(self.display_name)


def display_name_of(user: User) -> str:
    """The name that others see."""
    return str(user)
