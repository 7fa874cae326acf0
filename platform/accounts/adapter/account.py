"""How allauth makes our people, talks to them, and lets them in."""

from email.utils import formataddr
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from accounts import rules, selectors
from accounts.models import User, validators_for_everybody

# Easily read aloud and typed; no 0 and o, no 1 and l.
LETTERS_OF_GIVEN_NAMES = "abcdefghijkmnpqrstuvwxyz23456789"

_WRONG_SIGN_IN = _("The user name, e-mail address or password is not right.")


class AccountAdapter(DefaultAccountAdapter):
    """Signs people up under a display name; a user name is given to whoever wants none."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account is closed."),
        "cannot_remove_primary_email": _(
            "You need this address to sign in. Please set a password first."
        ),
        "duplicate_email": _("This is your e-mail address already."),
        "email_password_mismatch": _WRONG_SIGN_IN,
        "username_password_mismatch": _WRONG_SIGN_IN,
        "invalid_login": _WRONG_SIGN_IN,
        "email_taken": _("This e-mail address belongs to another account."),
        "enter_current_password": _("This is not your password. Please try again."),
        "incorrect_code": _("This is not the code in the mail. Please look at it again."),
        "incorrect_password": _("This is not your password. Please try again."),
        "too_many_login_attempts": _(
            "This did not work too many times. Please wait five minutes and try again."
        ),
        "rate_limited": _("Please wait a few minutes before you ask for another code."),
        "same_as_current": _("This is your e-mail address already."),
        "username_blacklisted": _("This user name is taken. Please choose another one."),
        "username_taken": _("This user name is taken. Please choose another one."),
    }

    def get_login_stages(self) -> list[str]:
        """The stages of a sign-in, where an address is confirmed only if there is one."""
        ours = {
            "allauth.account.stages.EmailVerificationStage": "accounts.adapter.stages.ConfirmAddressIfAny"
        }
        return [ours.get(stage, stage) for stage in super().get_login_stages()]

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        """Fills the new person from the sign-up form and saves them if ``commit``."""
        super().save_user(request, user, form, commit=False)
        user.display_name = form.cleaned_data["display_name"]
        if commit:
            user.save()
        return user

    def populate_username(self, request: HttpRequest, user: User) -> None:
        """Gives a user name to whoever chose none; it says nothing about them."""
        while not user.username:
            name = f"member-{get_random_string(7, LETTERS_OF_GIVEN_NAMES)}"
            if not User.objects.filter(username=name).exists():
                user.username = name

    def clean_username(self, username: str, shallow: bool = False) -> str:
        """Refuses names that people may not choose for themselves, and those that are taken."""
        for validator in validators_for_everybody:
            validator(username)
        cleaned: str = super().clean_username(username, shallow=shallow)
        return cleaned

    def can_delete_email(self, email_address: EmailAddress) -> bool:
        """An address may go if the person can still sign in without it."""
        if not email_address.pk:
            return True
        return bool(selectors.ways_in(email_address.user) - {"code"}) and bool(
            super().can_delete_email(email_address)
        )

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Confirms an address by the code that whoever typed the address has entered."""
        request.confirmed_by_whoever_typed_it = True  # type: ignore[attr-defined]
        return bool(super().confirm_email(request, email_address))

    def login(self, request: HttpRequest, user: User) -> None:
        """Signs in, for as long as the person's powers allow."""
        super().login(request, user)
        request.session.set_expiry(rules.session_end(user))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Sends a mail in the language of whoever reads it."""
        known = EmailAddress.objects.filter(email=email).select_related("user").first()
        wish = known.user.language if known else ""
        with override(wish or get_language() or settings.LANGUAGE_CODE):
            ours = {"our_name": _our_name(), "site_url": settings.SITE_URL.rstrip("/")}
            super().send_mail(template_prefix, email, {**context, **ours})

    def format_email_subject(self, subject: str) -> str:
        """Every subject begins with the name of the site, as people look for it in their inbox."""
        return f"[{_our_name()}] {subject}"

    def get_from_email(self) -> str:
        """Our address, with our name before it."""
        return formataddr((_our_name(), settings.DEFAULT_FROM_EMAIL))

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """After a new password: back to one's own page."""
        return reverse("accounts:me")

    def get_email_verification_redirect_url(self, email_address: EmailAddress) -> str:
        """After an address was confirmed: back to one's own page."""
        if self.request.user.is_authenticated:
            return reverse("accounts:me")
        return reverse("account_login")

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """The ways to confirm who one is, in plain words."""
        words = {
            "reauthenticate": _("Use the password"),
            "mfa_reauthenticate": _("Use the authenticator app or a recovery code"),
            "mfa_reauthenticate:webauthn": _("Use a passkey"),
        }
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        return [
            {**method, "description": words.get(method["id"], method["description"])}
            for method in methods
        ]


def _our_name() -> str:
    return str(settings.SITE_NAME_EN if get_language() == "en" else settings.SITE_NAME)
