"""Passkeys and authenticator apps: how they are named, and how their secrets are kept."""

import base64
import hashlib

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.utils.encoding import force_bytes
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.selectors import device_in_words


class SecondFactorAdapter(DefaultMFAAdapter):
    """Keeps secrets encrypted, so that a copy of the database alone opens no account."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This is not right. Please try again."),
        "unverified_email": _("Please confirm your e-mail address first."),
    }

    def encrypt(self, text: str) -> str:
        return _fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _fernet().decrypt(encrypted_text.encode()).decode()

    def get_totp_label(self, user: User) -> str:
        return user.username

    def get_totp_issuer(self) -> str:
        return self._get_site_name()

    def generate_authenticator_name(self, user: User, type: str) -> str:  # noqa: A002  (allauth's name)
        """The device in hand, which people recognise in a list."""
        return device_in_words(context.request.headers.get("User-Agent", ""))

    def _get_site_name(self) -> str:
        name = settings.SITE_NAME_EN if get_language() == "en" else settings.SITE_NAME
        return str(name)


def _fernet() -> MultiFernet:
    """Keys derived from SECRET_KEY; old ones still open what they closed."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    keys = (force_bytes(secret) for secret in secrets)
    digests = (hashlib.sha256(b"accounts.second_factor:" + key) for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest.digest())) for digest in digests])
