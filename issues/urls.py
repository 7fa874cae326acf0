"""Addresses of the room; until it is furnished, one friendly page."""

from django.urls import path

from core.rooms import ISSUES
from core.views import RoomInPreparation

app_name = "issues"
urlpatterns = [
    path("", RoomInPreparation.as_view(room=ISSUES), name="index"),
]
