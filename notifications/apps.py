"""What happened that concerns a person, and every attempt to tell them."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "notifications"

    def ready(self) -> None:
        from core import health
        from notifications.selectors import outbox

        health.register("outbox", outbox.outbox_finding)
