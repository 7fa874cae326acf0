"""Reports, decisions and appeals; what keeps the place decent."""

from django.apps import AppConfig


class ModerationConfig(AppConfig):
    name = "moderation"
