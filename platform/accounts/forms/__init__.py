"""Every form in which people say who they are."""

from accounts.forms.entrance import (
    CodeForm,
    JoinByOtherServiceForm,
    JoinForm,
    RequestCodeForm,
    SignInForm,
)
from accounts.forms.own import (
    AddressCodeForm,
    AddressForm,
    DisconnectForm,
    DisplayNameForm,
    MailedCodeForm,
    PreferencesForm,
    SkillsForm,
    StudentAddressForm,
    UserNameForm,
)
from accounts.forms.passwords import (
    ChangePasswordForm,
    FirstPasswordForm,
    ForgottenPasswordForm,
    NewPasswordForm,
    PasswordAgainForm,
)
from accounts.forms.second_factor import (
    ActivateAppForm,
    AddPasskeyForm,
    RenamePasskeyForm,
    SecondStepAgainForm,
    SecondStepForm,
)

__all__ = [
    "ActivateAppForm",
    "AddPasskeyForm",
    "AddressCodeForm",
    "AddressForm",
    "ChangePasswordForm",
    "CodeForm",
    "DisconnectForm",
    "DisplayNameForm",
    "FirstPasswordForm",
    "ForgottenPasswordForm",
    "JoinByOtherServiceForm",
    "JoinForm",
    "MailedCodeForm",
    "NewPasswordForm",
    "PasswordAgainForm",
    "PreferencesForm",
    "RenamePasskeyForm",
    "RequestCodeForm",
    "SecondStepAgainForm",
    "SecondStepForm",
    "SignInForm",
    "SkillsForm",
    "StudentAddressForm",
    "UserNameForm",
]
