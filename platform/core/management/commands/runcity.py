"""``manage.py runcity``: one command runs the city. ``make run`` calls it."""

import os
import threading
import time
import urllib.error
import urllib.request
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import CommandParser, call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import override

from core import demo, embedded

READY_WITHIN_SECONDS = 90


class Command(BaseCommand):
    help = "Runs web, worker, beat and a private Redis on this machine until Ctrl-C."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", default=os.environ.get("PORT") or "8000")
        parser.add_argument("--host", default=os.environ.get("HOST_ADDRESS") or "127.0.0.1")

    def handle(self, *args: Any, port: str, host: str, **options: Any) -> None:
        # Django switches commands to no language at all; this one speaks to a person.
        with override(_terminal_language()):
            try:
                status = self.run(port=_port_number(port), host=host)
            except embedded.CannotStart as error:
                raise CommandError(str(error)) from error
        if status:
            raise SystemExit(status)

    def run(self, *, port: int, host: str) -> int:
        run_folder = settings.DATA_DIR / "run"
        embedded.ensure_port_is_free(host, port)
        lock = embedded.hold_the_only_run(run_folder)
        redis_server = embedded.find_redis_server()
        configuration, redis_url = embedded.write_redis_configuration(run_folder)

        self.stdout.write(_("Preparing the database …"))
        call_command("migrate", verbosity=0)
        if settings.DEMO_ACCOUNTS and not get_user_model().objects.exists():
            self.stdout.write(_("Loading the demo city …"))
            call_command("demo", stdout=self.stdout)

        environment = embedded.python_environment() | {
            "REDIS_SERVER": str(redis_server),
            "REDIS_CONF": str(configuration),
            "REDIS_URL": redis_url,
            "HOST": host,
            "PORT": str(port),
            "DATA_DIR": str(settings.DATA_DIR),
            "SITE_URL": f"http://localhost:{port}",
        }
        announcer = threading.Thread(target=self.announce, args=(host, port), daemon=True)
        announcer.start()
        try:
            return embedded.run_processes(
                settings.BASE_DIR / "Procfile", environment, folder=settings.BASE_DIR
            )
        finally:
            lock.close()

    def announce(self, host: str, port: int) -> None:
        """Says where to go as soon as every process answers, and who can sign in."""
        with override(_terminal_language()):
            if not _becomes_ready(f"http://{host}:{port}/readyz"):
                self.stderr.write(
                    _("The city is not ready yet; the lines above say what is missing.")
                )
                return
            lines = [
                "",
                _("The city is open: %(address)s") % {"address": f"http://localhost:{port}/"},
            ]
            if settings.DEMO_ACCOUNTS:
                lines += demo.introduction()
            lines += [_("Stop everything with Ctrl-C."), ""]
            self.stdout.write("\n".join(lines))
            self.stdout.flush()


def _terminal_language() -> str:
    return "ja" if os.environ.get("LANG", "").startswith("ja") else "en"


def _port_number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise embedded.CannotStart(
            _("PORT must be a number from 1 to 65535, for example: make run PORT=8001")
        )
    return int(text)


def _becomes_ready(address: str) -> bool:
    for _second in range(READY_WITHIN_SECONDS):
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310  (our own address)
                return True
        except (urllib.error.URLError, OSError):
            time.sleep(1)
    return False
