"""The second step of signing in, and passkeys."""

from typing import Any

from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import CodeField
from core.text import one_line

LONGEST_NAME = 50


def app_code_field() -> CodeField:
    """The field for a code that an app shows."""
    return CodeField(label=_("Code"), help_text=_("The digits in your app, or a recovery code."))


class SecondStepForm(AuthenticateForm):
    """The code of the app, or a recovery code, to finish signing in."""

    code = app_code_field()


class SecondStepAgainForm(ReauthenticateForm):
    """The same, before something that matters."""

    code = app_code_field()


class ActivateAppForm(ActivateTOTPForm):
    """The first code of a new app."""

    code = CodeField(label=_("Code in the app"), help_text=_("Six digits."))


class NamedDeviceMixin(forms.Form):
    """Asks what to call a passkey."""

    name = forms.CharField(
        label=_("Name of this passkey"),
        help_text=_("So that you recognise it in the list, for example: my phone."),
        max_length=LONGEST_NAME,
        required=False,
    )

    def clean_name(self) -> str:
        self.cleaned_data["name"] = one_line(self.cleaned_data["name"])
        return str(super().clean_name())  # type: ignore[misc]


class AddPasskeyForm(NamedDeviceMixin, AddWebAuthnForm):
    """A new passkey; it always asks for finger, face or PIN, and so signs in by itself."""

    passwordless = forms.BooleanField(required=False, initial=True, widget=forms.HiddenInput)


class RenamePasskeyForm(EditWebAuthnForm):
    """Another name for a passkey."""

    name = forms.CharField(label=_("Name of this passkey"), max_length=LONGEST_NAME)

    def clean_name(self) -> Any:
        return one_line(self.cleaned_data["name"])
