"""The real door, and beside it a talk over a stock channel layer, to be compared with."""

import os
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.core.live.city.settings")

# Only now: it needs the apps that the line above loaded.
from channels.generic.websocket import AsyncWebsocketConsumer

from config.asgi import application as real_application


class StockConsumer(AsyncWebsocketConsumer):
    """What the manual of Channels shows: one group, and every message of it to the client."""

    async def connect(self) -> None:
        await self.channel_layer.group_add("talk", self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:
        await self.channel_layer.group_discard("talk", self.channel_name)

    async def talk_line(self, event: dict[str, Any]) -> None:
        await self.send(text_data=event["text"])


stock = StockConsumer.as_asgi()


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """``/ws/stock/`` is the comparison; everything else is the real house."""
    if scope["type"] == "websocket" and scope["path"] == "/ws/stock/":
        await stock(scope, receive, send)
    else:
        await real_application(scope, receive, send)
