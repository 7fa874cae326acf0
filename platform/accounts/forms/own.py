"""What people change about themselves."""

from typing import Any

from allauth.account import forms as allauth_forms
from allauth.socialaccount.adapter import get_adapter as get_social_adapter
from allauth.socialaccount.forms import DisconnectForm as AllauthDisconnectForm
from django import forms
from django.conf import settings
from django.conf.locale import LANG_INFO
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts import services
from accounts.forms.fields import AddressField, LoginField, NameField, mailed_code_field
from accounts.models import User, checked_display_name
from accounts.models.skills import LONGEST_SKILL, MOST_SKILLS
from core.text import words_in


class OwnForm(forms.Form):
    """A form that knows whose it is."""

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        self.person = person
        super().__init__(*args, **kwargs)


class DisplayNameForm(OwnForm):
    """The name that others see."""

    display_name = NameField(
        label=_("Name shown to others"),
        help_text=_("Your own name or a nickname, up to 50 characters."),
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
    )

    def clean_display_name(self) -> str:
        return checked_display_name(self.cleaned_data["display_name"], roles=self.person.roles)


class UserNameForm(OwnForm):
    """The name to sign in with."""

    username = LoginField(
        label=_("User name"),
        help_text=_("Letters a to z, digits, and the signs . _ - (up to 30)."),
        min_length=settings.ACCOUNT_USERNAME_MIN_LENGTH,
        max_length=30,
    )


class PreferencesForm(OwnForm):
    """Language and size of the letters."""

    language = forms.ChoiceField(
        label=_("Language"),
        choices=[(code, LANG_INFO[code]["name_local"]) for code, _name in settings.LANGUAGES],
        widget=forms.RadioSelect,
    )
    text_size = forms.ChoiceField(
        label=_("Size of the letters"),
        choices=[
            ("standard", pgettext_lazy("size of letters", "Standard")),
            ("large", pgettext_lazy("size of letters", "Large")),
            ("largest", pgettext_lazy("size of letters", "Largest")),
        ],
        widget=forms.RadioSelect,
    )


class SkillsForm(OwnForm):
    """What the person is good at."""

    skills = forms.CharField(
        label=_("What are you good at?"),
        help_text=_(
            "Words with commas between them. For example: carpentry, videos, English. Only you see them; they find issues that need you."
        ),
        required=False,
        max_length=MOST_SKILLS * (LONGEST_SKILL + 1),
    )

    def clean_skills(self) -> tuple[str, ...]:
        return words_in(self.cleaned_data["skills"])


class StudentAddressForm(OwnForm):
    """The address at a university to which a code goes."""

    address = AddressField(label=_("E-mail address of the university"))

    def clean_address(self) -> str:
        address = str(self.cleaned_data["address"])
        if not services.is_student_address(address):
            raise ValidationError(
                _("This is not an address of a Japanese university (it should end in ac.jp).")
            )
        return address


class MailedCodeForm(forms.Form):
    """A code that we sent to somebody who is signed in."""

    code = mailed_code_field()


class AddressForm(allauth_forms.AddEmailForm):
    """Another e-mail address; it takes the place of the old one when the code has been entered."""

    email = AddressField(label=_("New e-mail address"))


class AddressCodeForm(allauth_forms.ConfirmEmailVerificationCodeForm):
    """The code that confirms an address."""

    code = mailed_code_field()


class DisconnectForm(AllauthDisconnectForm):
    """Ends the connection to LINE or Google."""

    def clean(self) -> dict[str, Any]:
        # allauth demands a password; here a code by mail is a way to sign in as well.
        cleaned: dict[str, Any] = forms.Form.clean(self) or {}
        account = cleaned.get("account")
        if account:
            get_social_adapter().validate_disconnect(account, self.accounts)
        return cleaned
