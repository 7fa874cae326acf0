"""How the city reaches people outside the app: mail, push notices, LINE (docs/DEPLOYMENT.md, "Notices")."""

import os

import environ

from core.vapid import public_half

env = environ.Env()

# --- mail -------------------------------------------------------------------------------------------
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="yoriai@localhost")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_TIMEOUT = 10
# Instead of a mail server: a provider that Anymail speaks to, for example postmark (docs/DEPLOYMENT.md).
MAIL_PROVIDER = env.str("MAIL_PROVIDER", default="")
# "user:password", with which the provider tells us about mails that came back; without it nobody is believed.
MAIL_WEBHOOK_SECRET = env.str("MAIL_WEBHOOK_SECRET", default="")
ANYMAIL: dict[str, object] = {
    "WEBHOOK_SECRET": MAIL_WEBHOOK_SECRET,
    "REQUESTS_TIMEOUT": (5, 15),
    **{
        # ANYMAIL_POSTMARK_SERVER_TOKEN and its like: whatever the provider's page in Anymail's manual asks for.
        name.removeprefix("ANYMAIL_"): value
        for name, value in os.environ.items()
        if name.startswith("ANYMAIL_")
    },
}

# --- push notices -----------------------------------------------------------------------------------
# By this key push services know the site: manage.py vapid_keys makes one. Without it there is no Web Push.
VAPID_PRIVATE_KEY = env.str("VAPID_PRIVATE_KEY", default="")
VAPID_PUBLIC_KEY = public_half(VAPID_PRIVATE_KEY) if VAPID_PRIVATE_KEY else ""
# Whom a push service writes to when something is wrong.
VAPID_CONTACT = env.str("VAPID_CONTACT", default="") or f"mailto:{DEFAULT_FROM_EMAIL}"
# A browser names its own push service; what is not listed here is nobody we send to.
WEB_PUSH_SERVICES = env.list(
    "WEB_PUSH_SERVICES",
    default=[
        "fcm.googleapis.com",
        "updates.push.services.mozilla.com",
        ".push.apple.com",
        ".notify.windows.com",
    ],
)

# --- notices by LINE: the official account, Messaging API -------------------------------------------
LINE_MESSAGING_TOKEN = env.str("LINE_MESSAGING_TOKEN", default="")
LINE_MESSAGING_SECRET = env.str("LINE_MESSAGING_SECRET", default="")
# The name of the account, with its @: people add it as a friend.
LINE_ACCOUNT_ID = env.str("LINE_ACCOUNT_ID", default="")
LINE_API_URL = env.str("LINE_API_URL", default="https://api.line.me")

# --- notices ----------------------------------------------------------------------------------------
# Seconds before a notice leaves the house: what follows at once goes along. Transactional ones go at once.
NOTIFICATION_PATIENCE = env.int("NOTIFICATION_PATIENCE", default=60)
# How fast a channel may go: messages a second, and how many at once.
NOTIFICATION_PACES = {
    "email": (
        env.float("MAILS_A_SECOND", default=20),
        env.int("MAILS_AT_ONCE", default=500),
    ),
    "web_push": (500.0, 5_000),
    "line": (5_000.0, 20_000),
}
