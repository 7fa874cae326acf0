"""Passwords: choosing, changing, forgetting."""

from typing import Any

from allauth.account import forms as allauth_forms

from accounts.forms.fields import AddressField, known_password_field, new_password_field


class ForgottenPasswordForm(allauth_forms.ResetPasswordForm):
    """Where to send the code that opens the choice of a new password."""

    email = AddressField()


class NewPasswordForm(allauth_forms.ResetPasswordKeyForm):
    """A new password after the code. Typed once: it can be looked at while typing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["password2"]
        self.fields["password1"] = new_password_field(self.user)


class ChangePasswordForm(allauth_forms.ChangePasswordForm):
    """A new password for somebody who knows the old one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["password2"]
        self.fields["oldpassword"] = known_password_field()
        self.fields["password1"] = new_password_field(self.user)


class FirstPasswordForm(allauth_forms.SetPasswordForm):
    """A password for somebody who had none."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["password2"]
        self.fields["password1"] = new_password_field(self.user)


class PasswordAgainForm(allauth_forms.ReauthenticateForm):
    """The password once more, before something that matters."""

    password = known_password_field()
