"""What every size of the city shares. Whatever differs between machines comes from the environment."""

from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import environ
from csp.constants import NONE, SELF
from django.conf.locale import LANG_INFO
from django.utils.translation import gettext_lazy as _

from config.settings.channels import *  # noqa: F403
from config.settings.people import *  # noqa: F403
from config.settings.people import SIGN_IN_ORIGINS
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
# Where maps come from and begin: 地理院タイル of 国土地理院, and the middle of the city. No tiles, no maps.
MAP_TILES = env.str(
    "MAP_TILES", default="https://cyberjapandata.gsi.go.jp/xyz/pale/{z}/{x}/{y}.png"
)
MAP_CENTRE = env.str("MAP_CENTRE", default="36.5613,136.6562")
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
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.line",
    "allauth.socialaccount.providers.google",
    "allauth.usersessions",
    "channels",
    "csp",
    "django_htmx",
    "taggit",
    "template_partials",
    "core",
    "search",
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
    # First, so that its time and its line are those of the whole request.
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
    "accounts.middleware.PreferencesMiddleware",
    "accounts.middleware.SecondFactorMiddleware",
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
                "notifications.context_processors.unread",
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


# How many requests a web process works on at once; the threads stay, and so do their database connections.
HTTP_THREADS = env.int("HTTP_THREADS", default=8)


def database(url: str) -> dict[str, object]:
    """Django's settings for the database at ``url``, with what each engine needs to be dependable."""
    found: dict[str, object] = dict(environ.Env.db_url_config(url))
    found["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
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
        # For fewer connections than threads; Django wants a pool to do the keeping alone.
        found["CONN_MAX_AGE"] = 0
        found["OPTIONS"] = {
            "connect_timeout": 5,
            "pool": {"min_size": 1, "max_size": pool_size, "timeout": 10},
        }
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
CELERY_TIMEZONE = "Asia/Tokyo"
CELERY_BEAT_SCHEDULE = {
    "heartbeat": {"task": "core.heartbeat", "schedule": 10.0, "options": {"expires": 30}},
    # What waits longer than this is in nobody's way; the next sweep does its work.
    "notifications-sweep": {
        "task": "notifications.sweep",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
    "forget-what-ended": {"task": "accounts.forget_what_ended", "schedule": 3600.0},
    "forget-who-left": {"task": "associations.forget_who_left", "schedule": 6 * 3600.0},
    "count-households": {"task": "associations.count_households", "schedule": 6 * 3600.0},
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

# --- limits: documented in docs/ARCHITECTURE.md -----------------------------------------------------
MAX_BODY_BYTES = env.int("MAX_BODY_BYTES", default=30 * 1024 * 1024)
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_PERMISSIONS = 0o640
# Changes single limits of core.live.limits, for example {"most_sockets": 5000}.
LIVE_LIMITS: dict[str, Any] = env.json("LIVE_LIMITS", default={})

# --- what a browser may do --------------------------------------------------------------------------
_map_server = urlsplit(MAP_TILES)
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [
            SELF,
            "data:",
            *([f"{_map_server.scheme}://{_map_server.netloc}"] if _map_server.netloc else []),
        ],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "media-src": [SELF],
        "form-action": [SELF, *SIGN_IN_ORIGINS],
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
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(DATA_DIR / "media")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

LOG_FORMAT = env.str("LOG_FORMAT", default="console")
LOG_LEVEL = env.str("LOG_LEVEL", default="INFO")
LOGGING = logging_settings(level=LOG_LEVEL, as_json=LOG_FORMAT == "json")
