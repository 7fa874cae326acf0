"""Addresses of the room; until it is furnished, one friendly page."""

from django.urls import path

from core.rooms import MODERATION
from core.views import RoomInPreparation

app_name = "moderation"
urlpatterns = [
    path("", RoomInPreparation.as_view(room=MODERATION), name="index"),
]
