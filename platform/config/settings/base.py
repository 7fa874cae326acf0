"""What every size of the city shares. Whatever differs between machines comes from the environment."""

from pathlib import Path
from typing import Any
from urllib.parse import quote

import environ
from csp.constants import NONE, SELF
from django.conf.locale import LANG_INFO
from django.utils.translation import gettext_lazy as _

from core.log import logging_settings

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parents[3]
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var")))

# --- who we are -------------------------------------------------------------------------------------
SITE_NAME = env.str("SITE_NAME", default="よりあい")
SITE_NAME_EN = env.str("SITE_NAME_EN", default="Yoriai")
CITY_NAME = env.str("CITY_NAME", default="金沢市")
CITY_NAME_EN = env.str("CITY_NAME_EN", default="Kanazawa")
SITE_URL = env.str("SITE_URL", default="http://localhost:8000")
DEMO_ACCOUNTS = False
STYLEGUIDE = False
REFUSE_UNSAFE_SETTINGS = False
SQLITE_IN_PRODUCTION = False

# --- the parts --------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "channels",
    "csp",
    "django_htmx",
    "taggit",
    "template_partials",
    "core",
    "accounts",
    "associations",
    "notifications",
    "moderation",
    "issues",
    "events",
    "matching",
    "circulars",
]

MIDDLEWARE = [
    # First, and synchronous: the whole chain then runs in one thread hop (docs/adr/0004).
    "core.middleware.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "core.middleware.PermissionsPolicyMiddleware",
    "core.middleware.PlainErrorMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.context_processors.site",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "core.templatetags.yoriai",
            ],
        },
    },
]

# Forms are drawn by templates/django/forms/: label, help, error and field in the order of our style.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- data -------------------------------------------------------------------------------------------
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"


def database(url: str) -> dict[str, object]:
    """Django's settings for the database at ``url``, with what each engine needs to be dependable."""
    found: dict[str, object] = dict(environ.Env.db_url_config(url))
    if "sqlite" in str(found["ENGINE"]):
        # WAL lets readers read while one writes; IMMEDIATE takes the write lock at BEGIN, so that two
        # writers wait for each other instead of failing half way.
        found["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL",
        }
        return found
    pool_size = env.int("DB_POOL_SIZE", default=0)
    found["CONN_HEALTH_CHECKS"] = True
    found["OPTIONS"] = {"connect_timeout": 5}
    if pool_size:
        # Every request has a thread of its own under ASGI, so only a pool keeps connections.
        found["OPTIONS"] = {
            "connect_timeout": 5,
            "pool": {"min_size": 1, "max_size": pool_size, "timeout": 10},
        }
    else:
        found["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
    return found


def sqlite_url(path: Path) -> str:
    """The URL of a SQLite file, whatever characters stand in its path."""
    return f"sqlite:///{quote(str(path))}"


REDIS_URL = env.str("REDIS_URL", default="redis://127.0.0.1:6379/0")

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "yoriai",
        "OPTIONS": {"socket_timeout": 2, "socket_connect_timeout": 2},
    },
}
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [REDIS_URL]},
    },
}

# --- work in the background -------------------------------------------------------------------------
# The tables hold the truth and Redis carries hints: docs/adr/0005.
CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    # One sweep every ten seconds for tasks whose worker died, instead of every hundred.
    "unacked_restore_throttle": 1,
    "socket_timeout": 10,
    "socket_connect_timeout": 5,
    "global_keyprefix": "yoriai:",
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 3
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "Asia/Tokyo"
CELERY_BEAT_SCHEDULE = {
    "heartbeat": {"task": "core.heartbeat", "schedule": 10.0, "options": {"expires": 30}},
}

# --- languages and time -----------------------------------------------------------------------------
LANGUAGE_CODE = "ja"
LANGUAGES = [
    ("ja", _("Japanese")),
    ("ja-easy", _("Easy Japanese")),
    ("en", _("English")),
]
# Easy Japanese is a full locale of ours that Django has never heard of.
LANG_INFO["ja-easy"] = {
    "bidi": False,
    "code": "ja-easy",
    "name": "Easy Japanese",
    "name_local": "やさしい日本語",
}
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Tokyo"
# How large a person reads: the first is the default; a cookie serves guests too.
TEXT_SIZES = ("standard", "large", "largest")
TEXT_SIZE_COOKIE = "text_size"
USE_TZ = True

# --- people -----------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_USERNAME_VALIDATORS = "accounts.models.username_validators"
ACCOUNT_USER_DISPLAY = "accounts.models.display_name_of"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "core.error_pages.csrf_failure"

# --- limits: documented in docs/ARCHITECTURE.md -----------------------------------------------------
MAX_BODY_BYTES = env.int("MAX_BODY_BYTES", default=30 * 1024 * 1024)
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_PERMISSIONS = 0o640
# Changes single limits of core.live.limits, for example {"most_sockets": 5000}.
LIVE_LIMITS: dict[str, Any] = env.json("LIVE_LIMITS", default={})

# --- what a browser may do --------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "media-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    },
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# --- files ------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT: Path | None = Path(env.str("STATIC_ROOT", default=str(BASE_DIR / "staticfiles")))
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

# --- mail -------------------------------------------------------------------------------------------
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="yoriai@localhost")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_TIMEOUT = 10

LOG_FORMAT = env.str("LOG_FORMAT", default="console")
LOG_LEVEL = env.str("LOG_LEVEL", default="INFO")
LOGGING = logging_settings(level=LOG_LEVEL, as_json=LOG_FORMAT == "json")
