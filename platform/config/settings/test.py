"""The embedded city on a database and a Redis of its own: what ``make test`` runs.

A server that a test starts is given DATA_DIR, DATABASE_URL and REDIS_URL, and shares its test's city.
"""

import atexit
import shutil
import tempfile
from pathlib import Path

from config.settings.base import *  # noqa: F403
from config.settings.base import CACHES, CHANNEL_LAYERS, LOG_FORMAT, database, env, sqlite_url
from core.embedded import write_redis_configuration
from core.log import logging_settings

DEBUG = False
SECRET_KEY = "only-for-tests-" + "x" * 50
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]

given_folder = env.str("DATA_DIR", default="")
DATA_DIR = Path(given_folder or tempfile.mkdtemp(prefix="yoriai-test-"))
if not given_folder:
    atexit.register(shutil.rmtree, DATA_DIR, ignore_errors=True)
MEDIA_ROOT = DATA_DIR / "media"

DATABASES = {
    "default": database(env.str("DATABASE_URL", default=sqlite_url(DATA_DIR / "yoriai.sqlite3")))
}
if "sqlite" in str(DATABASES["default"]["ENGINE"]):
    # A file and not memory: a server that a test starts must see what the test has written.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
    # Nobody needs these files after a power cut.
    DATABASES["default"]["OPTIONS"]["init_command"] += "; PRAGMA synchronous=OFF"  # type: ignore[index]

# Nothing runs there yet: tests/conftest.py starts it.
REDIS_CONFIGURATION: Path | None = None
REDIS_URL = env.str("REDIS_URL", default="")
if not REDIS_URL:
    REDIS_CONFIGURATION, REDIS_URL = write_redis_configuration(DATA_DIR)
CACHES["default"]["LOCATION"] = REDIS_URL
CHANNEL_LAYERS["default"]["CONFIG"] = {"hosts": [REDIS_URL]}
CELERY_BROKER_URL = REDIS_URL

# Tests ask nobody outside: their maps are papered with our own mark.
MAP_TILES = "/static/img/mark.svg?{z}-{x}-{y}"
DEMO_ACCOUNTS = True
STYLEGUIDE = True

# What a server or worker sends is seen in this folder; the test process itself has Django's outbox.
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = DATA_DIR / "mail"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Static files are served from where they lie; nothing is collected.
WHITENOISE_USE_FINDERS = True
STATIC_ROOT = None
LOGGING = logging_settings(
    level=env.str("LOG_LEVEL", default="WARNING"), as_json=LOG_FORMAT == "json"
)
