"""A process that empties the outbox once; tests kill it. Mail goes to the server at MAIL_PORT, if that is given."""

import os

import django

if __name__ == "__main__":
    django.setup()
    from django.conf import settings

    from notifications.services import outbox

    if "MAIL_PORT" in os.environ:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", int(os.environ["MAIL_PORT"])
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    outbox.dispatch()
