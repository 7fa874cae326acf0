"""Addresses of the room; until it is furnished, one friendly page."""

from django.urls import path

from core.rooms import CIRCULARS
from core.views import RoomInPreparation

app_name = "circulars"
urlpatterns = [
    path("", RoomInPreparation.as_view(room=CIRCULARS), name="index"),
]
