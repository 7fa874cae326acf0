"""People: who they are, how they sign in, how they want to read."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts import selectors
        from accounts.adapter import receivers
        from accounts.services import erasure, personal_data

        receivers.connect()
        personal_data.register(
            "account",
            export=lambda person: personal_data.Part(selectors.what_we_know(person)),
            erase=erasure.forget_who_it_was,
        )
