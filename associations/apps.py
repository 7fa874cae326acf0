"""The tree of associations, their blocks, households and offices."""

from datetime import timedelta

from django.apps import AppConfig


class AssociationsConfig(AppConfig):
    name = "associations"

    def ready(self) -> None:
        from accounts.services import personal_data
        from associations import selectors
        from associations.selectors import mine, waiting
        from associations.services import finding, leaving
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
        home.register_waiting(waiting.waiting_for)
        personal_data.register(
            "association",
            export=lambda person: personal_data.Part(mine.what_we_know(person)),
            erase=leaving.leave_everything,
        )
