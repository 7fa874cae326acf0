"""Fields that understand what people type: full-width letters, spaces in codes, a stop instead of a dot."""

import re
from typing import Any

from allauth.account.fields import EmailField, PasswordField, SetPasswordField
from django import forms
from django.utils.translation import gettext_lazy as _

from core.text import half_width, one_line

_NOT_OF_A_CODE = re.compile(r"[^0-9A-Za-z]")
_SPACES = re.compile(r"\s+")
PASSWORD_HELP = _("Eight characters or more. Three or four words in a row are easy to remember.")


def machine_text(typed: str) -> str:
    """An address or user name as machines write it: ``ｈａｎａｋｏ＠ｅｘａｍｐｌｅ。ｊｐ`` → ``hanako@example.jp``."""
    return _SPACES.sub("", half_width(typed)).replace("。", ".").replace("、", ",")


class AddressField(EmailField):
    """An e-mail address, however wide it was typed."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("E-mail address"))
        # RFC 5321 allows no longer one, and the table holds no longer one.
        kwargs.setdefault("max_length", 254)
        super().__init__(**kwargs)
        self.widget.attrs |= {"autocapitalize": "none", "spellcheck": "false"}

    def to_python(self, value: Any) -> str:
        return str(super().to_python(machine_text(value) if isinstance(value, str) else value))


class LoginField(forms.CharField):
    """A user name or an e-mail address."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 254)
        super().__init__(**kwargs)
        self.widget.attrs |= {
            "autocomplete": "username",
            "autocapitalize": "none",
            "spellcheck": "false",
        }
        self.widget.attrs.pop("maxlength", None)

    def to_python(self, value: Any) -> str:
        return str(super().to_python(machine_text(value) if isinstance(value, str) else value))


class NameField(forms.CharField):
    """A name in one line; what cannot be seen is not taken."""

    def to_python(self, value: Any) -> str:
        return str(super().to_python(one_line(value) if isinstance(value, str) else value))


class CodeField(forms.CharField):
    """A code from a mail or an app: digits of any width, with or without spaces and dashes."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs |= {"autocomplete": "one-time-code", "inputmode": "numeric"}

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        return _NOT_OF_A_CODE.sub("", half_width(text))


def mailed_code_field() -> CodeField:
    """The field for a code that came by mail."""
    return CodeField(label=_("Code in the mail"), help_text=_("Eight digits."))


def known_password_field(**kwargs: Any) -> PasswordField:
    """The field for the password that somebody has."""
    field = PasswordField(label=_("Password"), autocomplete="current-password", **kwargs)
    return _that_can_be_shown(field)


def new_password_field(user: Any, **kwargs: Any) -> SetPasswordField:
    """The field for a password that somebody chooses."""
    field = SetPasswordField(label=_("New password"), help_text=PASSWORD_HELP, **kwargs)
    field.user = user
    return _that_can_be_shown(field)


def first_password_field(**kwargs: Any) -> PasswordField:
    """The field for the password of somebody who has no account yet."""
    field = PasswordField(
        label=_("Password"), help_text=PASSWORD_HELP, autocomplete="new-password", **kwargs
    )
    return _that_can_be_shown(field)


def _that_can_be_shown(field: PasswordField) -> PasswordField:
    # static/js/sign-in.js puts a box with these words below the field.
    field.widget.attrs["data-show-words"] = _("Show the password")
    return field
