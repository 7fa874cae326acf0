"""Every WebSocket address of the house."""

from django.urls import path, re_path

from core.asgi import refuse_websocket
from core.live.consumer import follow

# Channels routes to ASGI applications with Django's own function, whose types know views only.
websocket_urlpatterns = [
    path("ws/live/<str:kind>/<str:key>/", follow),  # type: ignore[arg-type]
    re_path(r"", refuse_websocket),  # type: ignore[arg-type]
]
