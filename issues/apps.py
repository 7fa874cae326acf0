"""The board: local issues, discussed live."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IssuesConfig(AppConfig):
    name = "issues"

    def ready(self) -> None:
        from accounts.services import personal_data
        from associations.selectors import register_part
        from core import home, live
        from core.rooms import ISSUES
        from issues.live import Threads
        from issues.selectors import news
        from issues.services import finding
        from issues.services import personal_data as own
        from search import kinds

        home.register_nearby(news.moved_lately)
        live.register("thread", Threads())
        register_part(news.issues_of)
        personal_data.register("issues", export=own.export, erase=own.erase)
        kinds.register(kinds.Kind(finding.ISSUE, ISSUES.label, finding.issue_entries))
        kinds.register(kinds.Kind(finding.POST, _("Posts"), finding.post_entries))
