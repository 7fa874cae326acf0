"""The board: local issues, discussed live."""

from django.apps import AppConfig


class IssuesConfig(AppConfig):
    name = "issues"

    def ready(self) -> None:
        from accounts.services import personal_data
        from associations.selectors import register_part
        from core import home
        from issues.selectors import news, saved
        from issues.services.saved import forget_saved_filters

        home.register_nearby(news.moved_lately)
        register_part(news.issues_of)
        personal_data.register(
            "saved_filters",
            export=lambda person: personal_data.Part(saved.what_we_know(person)),
            erase=forget_saved_filters,
        )
