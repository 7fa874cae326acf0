"""A WebSocket that follows one stream: ``/ws/live/<kind>/<key>/?after=<seq>``.

Channels has found the address, the session and the person. From here on the socket belongs to the hub; this
coroutine only reads what the client says, which is little, since people write by HTTP.
"""

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import parse_qs

import structlog
from django.db import Error as DatabaseFailure

from core.live.hub import Hub, current_hub
from core.live.limits import limits
from core.live.publishing import session_digest
from core.live.registry import kind_of
from core.live.stream import TooFarBehind
from core.live.viewer import Identity, Send, Viewer
from core.live.wire import (
    BROKEN,
    COME_BACK_LATER,
    MALFORMED,
    NOT_FOUND,
    NOT_TEXT,
    RELOAD,
    TOO_MANY,
    encode,
    error_frame,
    hello_frame,
    reload_frame,
)

Scope = Mapping[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]

log = structlog.get_logger("yoriai.live")

NUMBER = re.compile(r"[0-9]{1,15}\Z")


async def follow(scope: Scope, receive: Receive, send: Send) -> None:
    """The ASGI application behind the address."""
    await receive()  # websocket.connect
    # Accepted before anything is asked: a browser cannot read the status of a refused handshake, but a close code.
    await send({"type": "websocket.accept"})
    viewer = Viewer(
        kind=scope["url_route"]["kwargs"]["kind"],
        key=scope["url_route"]["kwargs"]["key"],
        identity=_identity(scope),
        send=scope.get("yoriai.send", send),
        abort=scope.get("yoriai.abort"),
    )
    hub = current_hub()
    if code := hub.admit(viewer):
        viewer.close(code)
        return
    try:
        await _serve(hub, viewer, scope, receive)
    except DatabaseFailure as error:
        log.warning("a socket could not be served", error=type(error).__name__)
        viewer.close(COME_BACK_LATER)
    except TimeoutError:
        viewer.close(COME_BACK_LATER)
    except OSError:
        pass  # the client is gone
    except Exception:
        log.exception("a socket could not be served")
        viewer.close(BROKEN)
    finally:
        hub.leave(viewer)


async def _serve(hub: Hub, viewer: Viewer, scope: Scope, receive: Receive) -> None:
    streams = kind_of(viewer.kind)
    if streams is None or not await hub.may_join(viewer, streams, scope["user"]):
        viewer.close(NOT_FOUND)
        return
    after = parse_qs(scope["query_string"].decode("latin-1")).get("after", [""])[-1]
    if after and not NUMBER.match(after):
        viewer.close(MALFORMED)
        return
    try:
        stream = await hub.enter(viewer, streams)
        # Without a number: from now on.
        viewer.seq = int(after) if after else stream.last
        hello = hello_frame(last=stream.last, readers=stream.readers, heartbeat=limits().heartbeat)
        await viewer.write(hello)
        try:
            await stream.bring_up(viewer, viewer.write)
        except TooFarBehind:
            await viewer.write(reload_frame(stream.last))
            viewer.close(RELOAD)
            return
        await _listen(viewer, receive, hub.loop.time)
    finally:
        hub.exit(viewer)


async def _listen(viewer: Viewer, receive: Receive, clock: Callable[[], float]) -> None:
    """Reads what the client says until it is gone."""
    allowance, faults, at = float(limits().burst), 0, clock()
    while (message := await receive())["type"] != "websocket.disconnect":
        now = clock()
        allowance = min(limits().burst, allowance + (now - at) * limits().messages_per_second) - 1
        at = now
        if allowance < 0:
            viewer.close(TOO_MANY)
        elif message.get("text") is None:
            viewer.close(NOT_TEXT)
        else:
            fault = _answer(viewer, message["text"])
            if fault:
                faults += 1
                viewer.push(error_frame(fault))
            if faults >= limits().most_faults:
                viewer.close(MALFORMED)


def _answer(viewer: Viewer, text: str) -> str:
    """Does what a message asks for; returns what is wrong with it, if anything is."""
    if len(text) > limits().longest_message:
        return "too_long"
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        return "not_json"
    match message:
        case {"type": "ping"}:
            viewer.push(encode({"type": "pong"}))
            return ""
        case {"type": str()}:
            return "unknown_type"
        case _:
            return "not_a_message"


def _identity(scope: Scope) -> Identity:
    user = scope["user"]
    if not user.is_authenticated:
        address = (scope.get("client") or ("unknown",))[0]
        return Identity(session_key="", digest="", user_id="", origin=f"address {address}")
    session_key = scope["session"].session_key
    return Identity(
        session_key=session_key,
        digest=session_digest(session_key),
        user_id=str(user.pk),
        origin=f"account {user.pk}",
    )
