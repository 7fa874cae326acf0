"""The embedded city on a database and a Redis of its own: what ``make test`` runs."""

import tempfile
from pathlib import Path

from config.settings.base import *  # noqa: F403
from config.settings.base import database, env, sqlite_url

DEBUG = False
SECRET_KEY = "only-for-tests-" + "x" * 50
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
DATA_DIR = Path(tempfile.mkdtemp(prefix="yoriai-test-"))
MEDIA_ROOT = DATA_DIR / "media"
DATABASES = {
    "default": database(env.str("DATABASE_URL", default=sqlite_url(DATA_DIR / "yoriai.sqlite3")))
}
DEMO_ACCOUNTS = True
STYLEGUIDE = True

EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Static files are served from where they lie; nothing is collected.
WHITENOISE_USE_FINDERS = True
STATIC_ROOT = None
LOG_LEVEL = "WARNING"
