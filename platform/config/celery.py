"""Celery: hints that there is work; the work itself stands in the tables (docs/adr/0005)."""

import os

from celery import Celery
from celery.signals import beat_init, setup_logging, worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.embedded")

app = Celery("yoriai")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def keep_our_logging(**kwargs: object) -> None:
    """Celery leaves logging alone when somebody answers this signal: Django's settings hold."""


@worker_init.connect
@beat_init.connect
def refuse_unsafe_settings(**kwargs: object) -> None:
    """A worker refuses to start with the settings that the web process would refuse."""
    from core.checks import exit_if_unsafe

    exit_if_unsafe()
