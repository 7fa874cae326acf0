"""``manage.py heartbeat beat``: has that process given a sign of life lately? For the health checks of containers."""

from typing import Any

from django.core.management import CommandParser
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from core.health import heartbeat_of


class Command(BaseCommand):
    help = "Exits with status 0 if the process gave a sign of life in the last 35 seconds, else with 1."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("process", choices=["beat", "worker"])

    def handle(self, *args: Any, process: str, **options: Any) -> None:
        try:
            finding = heartbeat_of(process)()
        except DatabaseError as error:
            raise CommandError(f"{process}: the database cannot be asked") from error
        if not finding.ok:
            raise CommandError(f"{process}: {finding.note}")
        self.stdout.write(f"{process}: {finding.note}")
