"""Every WebSocket address of the house."""

from django.urls import re_path

from core.asgi import refuse_websocket

# Channels routes to ASGI applications with Django's own function, whose types know views only.
websocket_urlpatterns = [
    re_path(r"", refuse_websocket),  # type: ignore[arg-type]
]
