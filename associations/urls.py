"""Addresses of the room; until it is furnished, one friendly page."""

from django.urls import path

from core.rooms import ASSOCIATIONS
from core.views import RoomInPreparation

app_name = "associations"
urlpatterns = [
    path("", RoomInPreparation.as_view(room=ASSOCIATIONS), name="index"),
]
