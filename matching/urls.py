"""Addresses of the room; until it is furnished, one friendly page."""

from django.urls import path

from core.rooms import PROJECTS
from core.views import RoomInPreparation

app_name = "matching"
urlpatterns = [
    path("", RoomInPreparation.as_view(room=PROJECTS), name="index"),
]
