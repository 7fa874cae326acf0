"""The board: local issues, discussed live."""

from django.apps import AppConfig


class IssuesConfig(AppConfig):
    name = "issues"
