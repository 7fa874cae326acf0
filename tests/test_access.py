"""Which addresses a guest may open. Whatever is not in this list asks people to sign in first."""

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import resolve_url

from tests.support.addresses import all_addresses

# A new address is closed unless somebody opens it here, having thought about it.
OPEN_TO_GUESTS = {
    "core:home",
    "search:index",
    "core:language",
    "core:text_size",
    "core:healthz",
    "core:readyz",
    "core:accessibility",
    "core:opendata",
    "core:api",
    "core:styleguide",
    # Says to each reader what may be read there.
    "live:events",
    # Signing in and up, and what belongs to it.
    "account_complete_password_reset",
    "account_confirm_login_code",
    "account_confirm_password_reset_code",
    "account_email_verification_sent",
    "account_inactive",
    "account_login",
    "account_logout",
    "account_password_reset_completed",
    "account_request_login_code",
    "account_reset_password",
    "account_signup",
    "google_callback",
    "google_login",
    "google_login_by_token",
    "line_callback",
    "line_login",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "socialaccount_login_cancelled",
    "socialaccount_signup",
    # Rooms in preparation: the same friendly page for everybody.
    "issues:index",
    "issues:map",
    "issues:pins",
    "issues:near",
    "issues:tags",
    "issues:tag",
    "issues:place",
    "issues:feed",
    "issues:thread_feed",
    "issues:detail",
    "issues:photo",
    "issues:permalink",
    "issues:post_versions",
    "issues:versions",
    "circulars:index",
    "events:index",
    "matching:index",
    "associations:index",
    "associations:detail",
    # Signed by others: a token in a mail, LINE, the mail provider.
    "notifications:unsubscribe",
    "notifications:line_webhook",
    "notifications:mail_webhook",
    # What browsers fetch by themselves.
    "service_worker",
    "manifest",
    "associations:ask",
    "associations:join",
    "associations:join_account",
    "associations:join_address",
    "moderation:index",
}

pytestmark = pytest.mark.django_db


def asks_to_sign_in(response: HttpResponse) -> bool:
    doors = tuple(f"{resolve_url(door)}?next=" for door in (settings.LOGIN_URL, "admin:login"))
    return response.status_code == 302 and response["Location"].startswith(doors)


def test_the_middleware_that_closes_every_door_is_on():
    assert "django.contrib.auth.middleware.LoginRequiredMiddleware" in settings.MIDDLEWARE


@pytest.mark.parametrize("method", ["get", "post"])
def test_guests_open_what_the_list_says_and_nothing_else(client, method):
    opened = {
        address.name
        for address in all_addresses()
        if not asks_to_sign_in(getattr(client, method)(address.path))
    }
    assert opened - OPEN_TO_GUESTS == set(), "open, but not in the list"
    assert OPEN_TO_GUESTS - opened == set(), "in the list, but closed or gone"
