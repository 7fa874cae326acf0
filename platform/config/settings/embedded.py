"""One machine, one command: SQLite, a private Redis, mail as files. For laptops, halls and demonstrations."""

import socket
from pathlib import Path

from django.core.management.utils import get_random_secret_key

from config.settings.base import *  # noqa: F403
from config.settings.base import DATA_DIR, database, env, sqlite_url


def kept_secret_key(path: Path) -> str:
    """The secret key of this installation: made once, readable by its owner only."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(get_random_secret_key())
    return path.read_text().strip()


DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="") or kept_secret_key(DATA_DIR / "secret_key")
ALLOWED_HOSTS = [
    "localhost",
    "127.0.0.1",
    "[::1]",
    socket.gethostname().lower(),
    *env.list("ALLOWED_HOSTS", default=[]),
]
DATABASES = {
    "default": database(env.str("DATABASE_URL", default=sqlite_url(DATA_DIR / "yoriai.sqlite3")))
}
DEMO_ACCOUNTS = env.bool("DEMO_ACCOUNTS", default=True)
STYLEGUIDE = True

EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = DATA_DIR / "mail"

# Static files are served from where they lie; nothing is collected.
WHITENOISE_USE_FINDERS = True
STATIC_ROOT = None
