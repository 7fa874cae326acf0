"""What happened that concerns a person, and every attempt to tell them."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "notifications"

    def ready(self) -> None:
        from accounts.services import personal_data
        from core import health
        from notifications import selectors
        from notifications.services import addresses, mail_troubles

        health.register("outbox", selectors.outbox_finding)
        mail_troubles.connect()
        personal_data.register(
            "notification-addresses",
            export=lambda person: personal_data.Part(selectors.what_we_know(person)),
            erase=addresses.forget,
        )
