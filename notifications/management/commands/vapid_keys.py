"""``manage.py vapid_keys``: makes the key by which push services know this site."""

from typing import Any

from django.core.management.base import BaseCommand

from core.vapid import new_pair


class Command(BaseCommand):
    """Prints a line for ``.env``. A new key ends every subscription: browsers must be added again."""

    help = "Makes a key for push notices (VAPID) and prints the line for .env."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints the private key; the public half is made from it at start."""
        private, _public = new_pair()
        self.stdout.write(f"VAPID_PRIVATE_KEY={private}")
