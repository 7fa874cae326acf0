"""Signing in and joining."""

from typing import Any

from allauth.account.app_settings import LoginMethod
from allauth.account.forms import (
    ConfirmLoginCodeForm,
    LoginForm,
    RequestLoginCodeForm,
    SignupForm,
)
from allauth.account.internal import flows
from allauth.socialaccount.forms import SignupForm as SocialSignupForm
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import rules
from accounts.forms.fields import (
    AddressField,
    LoginField,
    NameField,
    first_password_field,
    known_password_field,
    machine_text,
    mailed_code_field,
)
from accounts.models import checked_display_name

BY_EMAIL, BY_PASSWORD = "email", "password"


class SignInForm(LoginForm):
    """A user name or e-mail address, and a password; with an address alone a code comes by mail."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = LoginField(label=_("User name or e-mail address"))
        self.fields["password"] = known_password_field(
            required=False,
            help_text=_("No password? Leave this empty, and a code comes to your e-mail address."),
        )
        self.fields["password"].unmarked = True
        self.order_fields(["login", "password"])

    def clean(self) -> dict[str, Any]:
        login = self.cleaned_data.get("login")
        if login and not self.cleaned_data.get("password"):
            if flows.login.derive_login_method(login) == LoginMethod.EMAIL:
                return dict(self._clean_without_password(login, None))
            self.add_error("password", _("Please enter the password too."))
        cleaned: dict[str, Any] = super().clean()
        return cleaned

    def login(self, request: Any, redirect_url: str | None = None) -> Any:
        """Signs in, or goes on to the code."""
        response = super().login(request, redirect_url)
        # allauth has just set one age for everybody.
        if request.user.is_authenticated:
            request.session.set_expiry(rules.session_end(request.user))
        return response


class RequestCodeForm(RequestLoginCodeForm):
    """Where to send a code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"] = AddressField()


class CodeForm(ConfirmLoginCodeForm):
    """The code that came by mail."""

    code = mailed_code_field()


class DisplayNameMixin(forms.Form):
    """Asks for the name that others see."""

    display_name = NameField(
        label=_("Name shown to others"),
        help_text=_("Your own name or a nickname, up to 50 characters."),
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
    )

    def clean_display_name(self) -> str:
        return checked_display_name(self.cleaned_data["display_name"])


class JoinForm(DisplayNameMixin, SignupForm):
    """One short page: a name, and either an e-mail address or a user name with a password."""

    way = forms.ChoiceField(
        label=_("How would you like to sign in?"),
        choices=[
            (BY_EMAIL, _("By e-mail (no password needed: a code comes each time)")),
            (BY_PASSWORD, _("With a user name and a password (no e-mail needed)")),
        ],
        widget=forms.RadioSelect,
        required=False,
        initial=BY_EMAIL,
    )
    # The browser would insist on fields that belong to the way not taken.
    use_required_attribute = False
    OF_WAY = {BY_EMAIL: ("email",), BY_PASSWORD: ("username", "password1")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs, email_required=False)  # type: ignore[call-arg]
        self.fields["email"] = AddressField(required=False)
        self.fields["username"].label = _("User name")
        self.fields["username"].help_text = _(
            "Letters a to z, digits, and the signs . _ - (up to 30)."
        )
        self.fields["username"].widget.attrs |= {"autocapitalize": "none", "spellcheck": "false"}
        self.fields["username"].widget.attrs.pop("maxlength", None)
        self.fields["password1"] = first_password_field(required=False)
        for name in ("way", "email", "username", "password1"):
            # Needed to the eye, though only for one of the two ways.
            self.fields[name].shown_as_required = True  # type: ignore[attr-defined]
        self.order_fields(["display_name", "way", "email", "username", "password1"])

    def clean_username(self) -> str:
        self.cleaned_data["username"] = machine_text(self.cleaned_data["username"])
        return str(super().clean_username())

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        chosen = data.get("way")
        if chosen:
            self._drop(BY_PASSWORD if chosen == BY_EMAIL else BY_EMAIL)
        way = chosen or (BY_EMAIL if data.get("email") or "email" in self.errors else BY_PASSWORD)
        for name in self.OF_WAY[way]:
            if not data.get(name) and name not in self.errors:
                self.add_error(name, self.fields[name].error_messages["required"])
        return super().clean() or {}

    def _drop(self, way: str) -> None:
        """What was typed for the way not taken counts for nothing, its mistakes neither."""
        for name in self.OF_WAY[way]:
            self.errors.pop(name, None)
            self.cleaned_data[name] = ""
        if way == BY_EMAIL:
            self.account_already_exists = False


class JoinByOtherServiceForm(DisplayNameMixin, SocialSignupForm):
    """Asks those who come by LINE or Google for a name, if the one there cannot stand here."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["username"]
        if self.sociallogin.email_addresses:
            # Goes along unseen, so that allauth looks whether another account has it.
            self.fields["email"].widget = forms.HiddenInput()
        else:
            del self.fields["email"]
        self.order_fields(["display_name"])
