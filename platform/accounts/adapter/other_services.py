"""People who come by LINE or Google: what we take from there, and what not."""

from typing import Any

from allauth.account.internal.emailkit import valid_email_or_none
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts import selectors
from accounts.models import LONGEST_DISPLAY_NAME, User, checked_display_name


class OtherServiceAdapter(DefaultSocialAccountAdapter):
    """Takes a name and nothing else that is not needed; LINE gives no e-mail address, and none is missed."""

    error_messages = DefaultSocialAccountAdapter.error_messages | {
        "email_taken": _(
            "There is an account with this e-mail address already. Please sign in to it."
        ),
        "connected_other": _("This is connected to another account already."),
    }

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: Any) -> User:
        """Fills a person who is not saved yet, and forgets pictures and mottos that came along."""
        user: User = sociallogin.user
        came_along = sociallogin.account.extra_data
        name = str(came_along.get("displayName") or came_along.get("name") or "")
        sociallogin.account.extra_data = {"name": name}
        user.username = ""
        user.email = valid_email_or_none(data.get("email")) or ""
        try:
            user.display_name = checked_display_name(name[:LONGEST_DISPLAY_NAME])
        except ValidationError:
            # They choose another one in the form that follows.
            user.display_name = ""
        return user

    def is_auto_signup_allowed(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Nothing is asked if the name can stand."""
        return bool(sociallogin.user.display_name)

    def validate_disconnect(self, account: SocialAccount, accounts: Any) -> None:
        """Raises ValidationError if the person could not sign in any more."""
        if not selectors.ways_in(account.user, without=account):
            raise ValidationError(
                _(
                    "You could not sign in any more. Please add an e-mail address or a password first."
                )
            )

    def get_app(
        self, request: HttpRequest, provider: str, client_id: str | None = None
    ) -> SocialApp:
        """The keys of a service; a service without keys does not exist."""
        try:
            return super().get_app(request, provider, client_id)
        except SocialApp.DoesNotExist as error:
            raise Http404 from error
