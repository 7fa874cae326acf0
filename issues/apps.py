"""The board: local issues, discussed live."""

from django.apps import AppConfig


class IssuesConfig(AppConfig):
    name = "issues"

    def ready(self) -> None:
        from core import home
        from issues import notices
        from issues.selectors import news
        from notifications import kinds

        kinds.register(*notices.ALL)
        home.register_nearby(news.moved_lately)
