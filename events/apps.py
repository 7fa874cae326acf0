"""Meetings, classes and clean-ups that people sign up for."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "events"
