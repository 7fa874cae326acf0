"""``manage.py demo``: fills the city with believable life. Running it again adds only what is missing."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils.translation import gettext as _

from core import demo


class Command(BaseCommand):
    help = "Fills the city with demo content; idempotent."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--scale",
            default="handful",
            help="handful (default), district, city, or a number of member households",
        )

    def handle(self, *args: Any, scale: str, **options: Any) -> None:
        try:
            size = demo.Scale.parse(scale)
        except ValueError as error:
            raise CommandError(str(error)) from error
        if not settings.DEMO_ACCOUNTS:
            raise CommandError(
                _("Demo content has public passwords, so it is loaded in the embedded city only.")
            )
        for line in demo.load(size):
            self.stdout.write(line)
        if connection.vendor == "postgresql":
            # Or the planner thinks for a minute that the tables are as small as they were.
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
