"""Addresses of the room."""

from django.urls import path

from notifications.views import inbox

app_name = "notifications"
urlpatterns = [
    path("", inbox.index, name="index"),
    path("<int:pk>/", inbox.open_one, name="open"),
    path("<int:pk>/mute/", inbox.mute, name="mute"),
    path("broadcasts/<int:pk>/", inbox.open_broadcast, name="open_broadcast"),
    path("all-read/", inbox.mark_all_read, name="mark_all_read"),
]
