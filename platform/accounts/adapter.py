"""How django-allauth makes our people."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from accounts.models import User


class AccountAdapter(DefaultAccountAdapter):
    """Signs people up under a display name; the user name serves until they choose one."""

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        """Fills the new person from the sign-up form and saves them if ``commit``."""
        super().save_user(request, user, form, commit=False)
        user.display_name = user.display_name or user.username
        if commit:
            user.save()
        return user
