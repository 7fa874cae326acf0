"""``manage.py demo``: fills the city with believable life. Running it again adds only what is missing."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from core import demo


class Command(BaseCommand):
    help = "Fills the city with demo content; idempotent."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO_ACCOUNTS:
            raise CommandError(
                _("Demo content has public passwords, so it is loaded in the embedded city only.")
            )
        for line in demo.load():
            self.stdout.write(line)
