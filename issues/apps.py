"""The board: local issues, discussed live."""

from django.apps import AppConfig


class IssuesConfig(AppConfig):
    name = "issues"

    def ready(self) -> None:
        from core import home, live
        from issues.live import Threads
        from issues.selectors import news

        home.register_nearby(news.moved_lately)
        live.register("thread", Threads())
