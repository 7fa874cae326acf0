"""What every request of a person passes: how they want to read, and whether their powers are locked well."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django_htmx.http import HttpResponseClientRedirect

from accounts import rules, services
from accounts.models import User

GetResponse = Callable[[HttpRequest], HttpResponse]

ONE_YEAR = 365 * 24 * 3600


class PreferencesMiddleware:
    """Lets a person's language and letters follow them to every device.

    Guests keep both in cookies, which the switches in the header set. For somebody who is signed in the
    person's own wish counts; whatever a switch puts into the cookie becomes the wish.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            self.apply(request, request.user)
        response = self.get_response(request)
        if request.user.is_authenticated:
            self.keep(request, response, request.user)
        return response

    def apply(self, request: HttpRequest, person: User) -> None:
        """Shows this page as the person wants it."""
        if person.language and person.language != translation.get_language():
            translation.activate(person.language)
            request.LANGUAGE_CODE = person.language
        if person.text_size:
            request.COOKIES[settings.TEXT_SIZE_COOKIE] = person.text_size

    def keep(self, request: HttpRequest, response: HttpResponse, person: User) -> None:
        """Keeps what a switch has just set; somebody without wishes takes over those of the device."""
        language = _set_by(response, settings.LANGUAGE_COOKIE_NAME)
        text_size = _set_by(response, settings.TEXT_SIZE_COOKIE)
        if not person.language:
            language = language or request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        if not person.text_size:
            text_size = text_size or request.COOKIES.get(settings.TEXT_SIZE_COOKIE)
        wishes = {}
        if language in dict(settings.LANGUAGES) and language != person.language:
            wishes["language"] = language
        if text_size in settings.TEXT_SIZES and text_size != person.text_size:
            wishes["text_size"] = text_size
        if wishes:
            services.keep_preferences(actor=person, **wishes)


def _set_by(response: HttpResponse, cookie: str) -> str | None:
    return response.cookies[cookie].value if cookie in response.cookies else None


class SecondFactorMiddleware:
    """Keeps people with powers at the door until they have a second factor.

    Everything is closed to them but the pages named here: a new page is closed by itself.
    """

    OPEN = frozenset(
        {
            "accounts:second_factor_needed",
            "account_logout",
            "account_reauthenticate",
            "account_email_verification_sent",
            "mfa_index",
            "mfa_activate_totp",
            "mfa_list_webauthn",
            "mfa_add_webauthn",
            "mfa_view_recovery_codes",
            "mfa_download_recovery_codes",
            "core:language",
            "core:text_size",
            "core:healthz",
            "core:readyz",
        }
    )

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if request.resolver_match and request.resolver_match.view_name in self.OPEN:
            return None
        if not rules.lacks_second_factor(request.user):
            return None
        door = reverse("accounts:second_factor_needed")
        if request.headers.get("HX-Request"):
            return HttpResponseClientRedirect(door)
        return HttpResponseRedirect(door)
