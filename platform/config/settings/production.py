"""A city: PostgreSQL, Redis, SMTP, several processes. Unsafe values are refused by core.checks, not guessed."""

from config.settings.base import *  # noqa: F403
from config.settings.base import STORAGES, database, env
from config.settings.channels import MAIL_PROVIDER

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="") or "change-me"
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])
SQLITE_IN_PRODUCTION = env.bool("SQLITE_IN_PRODUCTION", default=False)
# In memory, so that every command gets as far as the check that refuses it.
DATABASES = {"default": database(env.str("DATABASE_URL", default="sqlite:///:memory:"))}
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
REFUSE_UNSAFE_SETTINGS = True
# Whoever has power over others' data needs a second factor; this is not a matter of taste.
MFA_REQUIRED = True

# There is no SECURE_PROXY_SSL_HEADER on purpose: Django would believe the header from anybody. The ASGI
# server believes it from the proxy only and passes scheme and address on (docs/adr/0006).
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
# The container's own health check speaks plain HTTP.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
LANGUAGE_COOKIE_SECURE = True
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_NAME = "__Host-csrf"

STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = env.str("EMAIL_HOST", default="localhost")
EMAIL_PORT = env.int("EMAIL_PORT", default=587)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", default="")
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", default="")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", default=True)
EMAIL_USE_SSL = env.bool("EMAIL_USE_SSL", default=False)
if MAIL_PROVIDER:
    EMAIL_BACKEND = f"anymail.backends.{MAIL_PROVIDER}.EmailBackend"
