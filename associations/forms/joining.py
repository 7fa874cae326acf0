"""Joining: the code of the letter, the account, the wishes; and the ways without a letter."""

from typing import Any

from allauth.account.adapter import get_adapter
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import NameField, first_password_field, machine_text
from accounts.models import User, checked_display_name
from associations.models import LONGEST_NAME, LONGEST_WORDS, Household, Office
from associations.services.claims import MAY_CLAIM_AS
from core.times import tokyo_today

HERE, AWAY = "here", "away"
ALL, MORE = "all", "more"
LONGEST_TYPED = 60


class CodeForm(forms.Form):
    """The code that stands in a letter."""

    code = forms.CharField(
        label=_("Code in the letter"),
        help_text=_(
            "Eight letters and digits, for example ACDE-3467. Capitals and spaces do not matter."
        ),
        max_length=LONGEST_TYPED,
        error_messages={"required": _("Please enter the code in the letter.")},
    )

    def __init__(self, *args: Any, label: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if label:
            self.fields["code"].label = label
        self.fields["code"].widget.attrs |= {
            "autocomplete": "off",
            "autocapitalize": "characters",
            "spellcheck": "false",
            "class": "code-input",
        }


class LivesHereMixin(forms.Form):
    """Asks whether the person lives in the household."""

    lives_here = forms.ChoiceField(
        label=_("Do you live in this household?"),
        choices=[(HERE, _("I live here")), (AWAY, _("I am family living away"))],
        widget=forms.RadioSelect,
        initial=HERE,
    )

    def clean_lives_here(self) -> bool:
        return bool(self.cleaned_data["lives_here"] == HERE)


class NewMemberForm(LivesHereMixin):
    """An account for somebody who has none, made on the way: no e-mail address is needed."""

    display_name = NameField(
        label=_("Name shown to others"),
        help_text=_("Your own name or a nickname, up to 50 characters."),
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
    )
    username = forms.CharField(
        label=_("User name"),
        help_text=_("You sign in with it. Letters a to z and digits, for example hanako7."),
        max_length=LONGEST_TYPED,
    )
    password = first_password_field()
    field_order: tuple[str, ...] = ("display_name", "username", "password", "lives_here")

    def __init__(self, *args: Any, with_account: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not with_account:
            for name in ("display_name", "username", "password"):
                del self.fields[name]
            return
        self.fields["username"].widget.attrs |= {
            "autocomplete": "username",
            "autocapitalize": "none",
            "spellcheck": "false",
        }

    def clean_display_name(self) -> str:
        return checked_display_name(self.cleaned_data["display_name"])

    def clean_username(self) -> str:
        name = machine_text(self.cleaned_data["username"]).lower()
        adapter = get_adapter()
        return str(adapter.clean_username(name))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("password"):
            person = User(
                username=data.get("username", ""), display_name=data.get("display_name", "")
            )
            try:
                validate_password(data["password"], person)
            except ValidationError as error:
                self.add_error("password", error)
        return data


class WishesForm(forms.Form):
    """The last screen: how circulars arrive, and whether that is all."""

    preference = forms.ChoiceField(
        label=_("How shall circulars reach your household?"),
        choices=[
            (Household.Preference.DIGITAL, _("On the phone only")),
            (Household.Preference.BOTH, _("On the phone and on paper")),
            (Household.Preference.PAPER, _("On paper only")),
        ],
        widget=forms.RadioSelect,
        initial=Household.Preference.DIGITAL,
    )
    that_is_all = forms.ChoiceField(
        label=_("Does anybody else of your household want to join with this letter?"),
        choices=[
            (ALL, _("No, that is all (the letter becomes useless)")),
            (MORE, _("Yes, somebody else will join later (keep the letter safe)")),
        ],
        widget=forms.RadioSelect,
        initial=ALL,
    )

    def clean_that_is_all(self) -> bool:
        return bool(self.cleaned_data["that_is_all"] == ALL)


class AddressForm(forms.Form):
    """Where somebody lives, to find their association."""

    postal_code = forms.CharField(
        label=_("Postal code"),
        help_text=_("Seven digits, for example 920-0935."),
        required=False,
        max_length=20,
    )
    town = forms.CharField(
        label=_("Name of the town"),
        help_text=_("With its chome if there is one. The number of the house is not needed."),
        required=False,
        max_length=LONGEST_NAME,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["postal_code"].widget.attrs |= {
            "inputmode": "numeric",
            "autocomplete": "postal-code",
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not (data.get("postal_code") or data.get("town")):
            self.add_error("postal_code", _("Please enter the postal code or the town."))
        return data


class RequestForm(NewMemberForm):
    """Asking the officers to be let in."""

    words = NameField(
        label=_("Which household is it?"),
        help_text=_(
            "So that the officers know you: your block and number, or the family name and where the house stands. Only officers read it."
        ),
        max_length=LONGEST_WORDS,
    )
    field_order = ("words", "display_name", "username", "password", "lives_here")


class ClaimForm(forms.Form):
    """Taking office with the code of the city."""

    kind = forms.ChoiceField(
        label=_("Which office do you hold?"),
        choices=[(kind.value, kind.label) for kind in MAY_CLAIM_AS],
        widget=forms.RadioSelect,
        initial=Office.Kind.CHAIR,
    )
    last_day = forms.DateField(
        label=_("Last day of your term"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def clean_last_day(self) -> Any:
        day = self.cleaned_data["last_day"]
        if day < tokyo_today():
            raise ValidationError(_("This day is over. Please choose a later one."))
        return day
