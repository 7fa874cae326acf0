"""The tree of associations, their blocks, households and offices."""

from django.apps import AppConfig


class AssociationsConfig(AppConfig):
    name = "associations"
