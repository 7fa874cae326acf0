"""The door for HTTP and WebSocket."""

import gc
import multiprocessing
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.embedded")
django.setup(set_prefix=False)

# Only now: these import models, which need the apps that the line above loaded.
from channels.auth import AuthMiddlewareStack  # noqa: E402
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from channels.security.websocket import AllowedHostsOriginValidator  # noqa: E402
from django.conf import settings  # noqa: E402

from config.routing import websocket_urlpatterns  # noqa: E402
from core.asgi import BodyLimit, OneHopHandler  # noqa: E402
from core.checks import exit_if_unsafe  # noqa: E402
from core.live.door import Door  # noqa: E402

# `uvicorn --workers` starts a worker that ends anew for ever, unless it ends with this status.
UVICORN_STARTUP_FAILURE = 3
exit_if_unsafe(status=UVICORN_STARTUP_FAILURE if multiprocessing.parent_process() else 1)

application = ProtocolTypeRouter(
    {
        "http": BodyLimit(
            OneHopHandler(threads=settings.HTTP_THREADS), limit=settings.MAX_BODY_BYTES
        ),
        "websocket": Door(
            AllowedHostsOriginValidator(AuthMiddlewareStack(URLRouter(websocket_urlpatterns))),
        ),
    },
)

# All that is loaded by now stays for good. While the collector searches it for garbage, every request and every
# socket stands still (docs/adr/0004).
gc.collect()
gc.freeze()
