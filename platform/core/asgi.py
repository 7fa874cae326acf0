"""ASGI pieces that stand before Django: a limit on bodies, and an answer for unknown sockets."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

Scope = dict[str, Any]
Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

NO_SUCH_SOCKET = 4404


class BodyLimit:
    """Refuses request bodies above ``limit`` bytes with 413, before they fill the disk.

    Django spools a body of any size to a temporary file before a view can object. A declared length is
    refused at once; an undeclared one as soon as it has grown too long.
    """

    def __init__(self, application: Application, *, limit: int) -> None:
        self.application = application
        self.limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if declared_length(scope) > self.limit:
            scope["yoriai.body_too_large"] = True
        received = 0
        ended = False

        async def counted() -> Message:
            nonlocal received, ended
            if scope.get("yoriai.body_too_large"):
                if not ended:
                    ended = True
                    return {"type": "http.request", "body": b"", "more_body": False}
                # After the end of a body only a disconnect may follow; what still comes is thrown away.
                while (message := await receive())["type"] == "http.request":
                    pass
                return message
            message = await receive()
            received += len(message.get("body", b""))
            if received > self.limit:
                scope["yoriai.body_too_large"] = True
                return await counted()
            return message

        await self.application(scope, counted, send)


def declared_length(scope: Scope) -> int:
    """The ``Content-Length`` of a request in bytes; 0 where there is none that can be read."""
    for name, value in scope.get("headers", []):
        if name == b"content-length" and value.isdigit() and len(value) < 20:
            return int(value)
    return 0


async def refuse_websocket(scope: Scope, receive: Receive, send: Send) -> None:
    """Closes a WebSocket to an address that does not exist, instead of failing in the server's log."""
    await receive()
    await send({"type": "websocket.close", "code": NO_SUCH_SOCKET})
