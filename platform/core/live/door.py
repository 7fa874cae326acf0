"""What stands before every WebSocket of the house: faults of others end in a refusal, not in a traceback."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import structlog
from django.db import Error as DatabaseFailure
from redis.exceptions import RedisError

from core.asgi import Application, Receive, Scope, Send
from core.live.wire import COME_BACK_LATER

log = structlog.get_logger("yoriai.live")


class Door:
    """Stands outermost, before origin, session and person are looked at.

    Also leaves the server's own ``send`` and a way to cut the connection in the scope: fan-out goes past the
    wrappers that only matter while a socket is being opened.
    """

    def __init__(self, application: Application) -> None:
        self.application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        closed = False

        async def watched(message: Mapping[str, Any]) -> None:
            nonlocal closed
            closed = closed or message["type"] == "websocket.close"
            await send(message)

        if not _has_readable_origin(scope):
            await receive()
            await send({"type": "websocket.close"})
            return
        inside = {**scope, "yoriai.send": send, "yoriai.abort": _abort_of(send)}
        try:
            await self.application(inside, receive, watched)
        except (DatabaseFailure, RedisError) as error:
            log.warning("a socket could not be opened", error=type(error).__name__)
            if not closed:
                await send({"type": "websocket.close", "code": COME_BACK_LATER})


def _has_readable_origin(scope: Scope) -> bool:
    """Is the Origin header a URL at all? Channels' own validator fails on some that are none."""
    for name, value in scope["headers"]:
        if name == b"origin":
            try:
                urlsplit(value.decode("latin-1")).port  # noqa: B018  (reading it is what raises)
            except ValueError:
                return False
    return True


def _abort_of(send: Send) -> Any:
    """Uvicorn's way to cut a connection whose buffers will never empty; ASGI itself has none.

    ``None`` under another server: the connection then ends when that server loses patience.
    """
    transport = getattr(getattr(send, "__self__", None), "transport", None)
    return getattr(transport, "abort", None)
