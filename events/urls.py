"""Addresses of the room; until it is furnished, one friendly page."""

from django.urls import path

from core.rooms import EVENTS
from core.views import RoomInPreparation

app_name = "events"
urlpatterns = [
    path("", RoomInPreparation.as_view(room=EVENTS), name="index"),
]
