"""``manage.py rebuild_search``: indexes anew what the rooms have; the city goes on meanwhile."""

from typing import Any

from django.core.management import CommandParser
from django.core.management.base import BaseCommand

from search import services


class Command(BaseCommand):
    help = "Indexes everything anew, a chunk at a time; people and acts go on meanwhile."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--from-scratch",
            action="store_true",
            help="empty the index first; needed after a change of what it holds",
        )

    def handle(self, *args: Any, from_scratch: bool, **options: Any) -> None:
        for kind, count in services.rebuild_all(from_scratch=from_scratch):
            self.stdout.write(f"{kind.slug}: {count}")
