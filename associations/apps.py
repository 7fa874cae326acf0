"""The tree of associations, their blocks, households and offices."""

from django.apps import AppConfig


class AssociationsConfig(AppConfig):
    name = "associations"

    def ready(self) -> None:
        from associations import selectors
        from core import home

        home.register_place(selectors.place_in_words)
