"""Communities that look for students, and students who look for something to do."""

from django.apps import AppConfig


class MatchingConfig(AppConfig):
    name = "matching"
