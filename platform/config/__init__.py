"""The wiring of the house: settings, addresses, the ASGI door, Celery."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
