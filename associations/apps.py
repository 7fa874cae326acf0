"""The tree of associations, their blocks, households and offices."""

from datetime import timedelta

from django.apps import AppConfig


class AssociationsConfig(AppConfig):
    name = "associations"

    def ready(self) -> None:
        from associations import selectors
        from associations.services import finding
        from core import home
        from core.rooms import ASSOCIATIONS
        from search import kinds

        kinds.register(
            kinds.Kind(
                slug=finding.KIND,
                label=ASSOCIATIONS.label,
                entries=finding.entries,
                # An association does not age.
                head_start=timedelta(days=365),
            )
        )
        home.register_place(selectors.place_in_words)
