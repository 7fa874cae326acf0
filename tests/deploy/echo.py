"""A small application that says what reached it: what the proxy test puts in the place of the web server."""

import json
from typing import Any


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Answers HTTP with what it was sent, as JSON, and a WebSocket with its own words."""
    if scope["type"] == "http":
        received = 0
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            received += len(message.get("body", b""))
            if not message.get("more_body"):
                break
        body = json.dumps(
            {
                "client": scope["client"][0],
                "scheme": scope["scheme"],
                "headers": [[name.decode(), value.decode()] for name, value in scope["headers"]],
                "received": received,
                "padding": "よりあい" * 500,
            }
        ).encode()
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(body)).encode()),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        if scope["path"].startswith("/break"):
            await send({"type": "http.response.body", "body": body[:100], "more_body": True})
            raise ConnectionAbortedError
        await send({"type": "http.response.body", "body": body})
    elif scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
        while (message := await receive())["type"] == "websocket.receive":
            await send({"type": "websocket.send", "text": f"{scope['scheme']} {message['text']}"})
