"""The electronic circular of the neighbourhood associations, with receipts and replies."""

from django.apps import AppConfig


class CircularsConfig(AppConfig):
    name = "circulars"
