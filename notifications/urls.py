"""Addresses of the room; until it is furnished, one friendly page."""

from django.urls import path

from core.rooms import NOTIFICATIONS
from core.views import RoomInPreparation

app_name = "notifications"
urlpatterns = [
    path("", RoomInPreparation.as_view(room=NOTIFICATIONS), name="index"),
]
