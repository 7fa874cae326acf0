"""The ground floor: what every room uses."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "core"

    def ready(self) -> None:
        from core import checks, tasks  # noqa: F401  (both register themselves)
