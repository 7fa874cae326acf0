"""The search: finds what people wrote, in every room, for whoever may read it."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "search"
