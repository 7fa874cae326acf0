"""The ground floor: what every room uses."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "core"

    def ready(self) -> None:
        from core import checks, live, tasks  # noqa: F401  (they register themselves)
