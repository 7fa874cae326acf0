"""The door for HTTP and WebSocket."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.embedded")
http_application = get_asgi_application()

# Only now: these import models, which need the apps that the line above loaded.
from channels.auth import AuthMiddlewareStack  # noqa: E402
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from channels.security.websocket import AllowedHostsOriginValidator  # noqa: E402
from django.conf import settings  # noqa: E402

from config.routing import websocket_urlpatterns  # noqa: E402
from core.asgi import BodyLimit  # noqa: E402
from core.checks import exit_if_unsafe  # noqa: E402
from core.live.door import Door  # noqa: E402

exit_if_unsafe()

application = ProtocolTypeRouter(
    {
        "http": BodyLimit(http_application, limit=settings.MAX_BODY_BYTES),
        "websocket": Door(
            AllowedHostsOriginValidator(AuthMiddlewareStack(URLRouter(websocket_urlpatterns))),
        ),
    },
)
