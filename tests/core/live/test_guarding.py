"""Who is sent away, how, and that it does not trouble anybody else."""

import asyncio
import socket as sockets
from contextlib import suppress
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.core.live.city.running import City
from tests.core.live.followers import (
    close_code,
    next_frame,
    numbers,
    open_socket,
)

# --- other people's pages ---------------------------------------------------------------------------


@pytest.mark.parametrize("origin", ["https://elsewhere.example", None, "null", "http://[", "x:y:z"])
async def test_a_page_of_another_site_opens_no_socket(
    city: City, talk: str, origin: str | None
) -> None:
    with pytest.raises(InvalidStatus) as refusal:
        async with open_socket(city, talk, origin=origin):
            pass
    assert refusal.value.response.status_code == 403


# --- permissions ------------------------------------------------------------------------------------


async def test_withdrawn_permission_closes_the_socket_before_the_next_event(city: City) -> None:
    (member, cookie), (other, other_cookie) = city.do("sign_in"), city.do("sign_in")
    # What is said while the room thinks about it must not be heard either.
    key = city.do("new_talk", hidden=True, members=[member, other], seconds_to_decide=0.3)
    async with (
        open_socket(city, key, cookie=cookie) as expelled,
        open_socket(city, key, cookie=other_cookie, web=1) as stays,
    ):
        await next_frame(expelled, "hello")
        await next_frame(stays, "hello")
        city.do("expel", key=key, user_id=member)
        city.do("say", key=key, texts=["not for the expelled"])
        assert await events_until_closed(expelled) == []
        assert expelled.close_code == 4403
        assert await numbers(stays, 1) == [1]


async def test_hiding_a_talk_sends_guests_away_and_lets_members_read_on(city: City) -> None:
    member, cookie = city.do("sign_in")
    key = city.do("new_talk", members=[member])
    async with (
        open_socket(city, key, web=1) as guest,
        open_socket(city, key, cookie=cookie) as reader,
    ):
        await next_frame(guest, "hello")
        await next_frame(reader, "hello")
        city.do("hide", key=key)
        # Between the word and the answer of the database the member is told nothing, and then all of it.
        city.do("chatter", key=key, count=50, per_second=1000)
        assert await close_code(guest) == 4403
        assert await numbers(reader, 50) == list(range(1, 51))


async def test_signing_out_closes_the_sockets_of_that_session_only(city: City, talk: str) -> None:
    (person, cookie), (_, other_cookie) = city.do("sign_in"), city.do("sign_in")
    async with (
        open_socket(city, talk, cookie=cookie) as gone,
        open_socket(city, talk, cookie=other_cookie) as stays,
    ):
        await next_frame(gone, "hello")
        await next_frame(stays, "hello")
        assert city.do("sign_out", user_id=person) == 302
        assert await close_code(gone, within=0.7) == 4401
        await next_frame(stays, "heartbeat")


@pytest.mark.parametrize("aloud", [True, False], ids=["with a word", "found at the next check"])
async def test_closing_an_account_closes_its_sockets(city: City, talk: str, aloud: bool) -> None:
    person, cookie = city.do("sign_in")
    async with open_socket(city, talk, cookie=cookie) as socket:
        await next_frame(socket, "hello")
        city.do("close_account", user_id=person, aloud=aloud)
        assert await close_code(socket, within=0.7 if aloud else 4) == 4401


async def test_a_permission_that_holds_is_asked_for_again_without_being_noticed(city: City) -> None:
    member, cookie = city.do("sign_in")
    key = city.do("new_talk", hidden=True, members=[member])
    async with open_socket(city, key, cookie=cookie) as socket:
        await asyncio.sleep(2)  # more than one round of checks
        city.do("say", key=key, texts=["still here"])
        assert await numbers(socket, 1) == [1]


# --- what clients say -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{", "not_json"),
        ("[" * 4000, "not_json"),
        ("[]", "not_a_message"),
        ('{"type": 1}', "not_a_message"),
        ('{"type": "seen", "seq": 999999}', "unknown_type"),
        ('{"type": "event", "seq": 1, "event": {}}', "unknown_type"),
        ("あ" * 5000, "too_long"),
    ],
)
async def test_a_message_that_makes_no_sense_is_answered_with_an_error(
    city: City, talk: str, text: str, code: str
) -> None:
    async with open_socket(city, talk) as socket:
        await socket.send(text)
        assert await next_frame(socket, "error") == {"type": "error", "code": code}
        city.do("say", key=talk, texts=["it goes on"])
        assert await numbers(socket, 1) == [1]


async def test_a_client_that_talks_nonsense_on_and_on_is_sent_away(city: City, talk: str) -> None:
    async with open_socket(city, talk) as socket:
        for _ in range(5):
            await socket.send("nonsense")
        assert await close_code(socket) == 4400


async def test_a_client_that_talks_too_much_is_sent_away(city: City, talk: str) -> None:
    async with open_socket(city, talk) as socket:
        for _ in range(40):
            await socket.send('{"type": "ping"}')
        assert await close_code(socket) == 4429


async def test_a_binary_frame_is_refused(city: City, talk: str) -> None:
    async with open_socket(city, talk) as socket:
        await socket.send(b"\x00\x01")
        assert await close_code(socket) == 1003


async def test_text_that_is_no_text_is_refused(city: City, talk: str) -> None:
    async with open_socket(city, talk) as socket:
        await socket.send(b"\xff\xfe", text=True)
        assert await close_code(socket) == 1007


@pytest.mark.parametrize("megabytes", [1, 10])
async def test_a_huge_frame_is_refused_and_nobody_else_notices(
    city: City, talk: str, megabytes: int
) -> None:
    async with open_socket(city, talk) as rude, open_socket(city, talk) as polite:
        await next_frame(polite, "hello")
        with suppress(ConnectionClosed):
            await rude.send("x" * (megabytes * 1024 * 1024))
        await rude.wait_closed()
        assert rude.close_code in {1009, 1006}
        city.do("say", key=talk, texts=["it goes on"])
        assert await numbers(polite, 1) == [1]


# --- too many, too slow -----------------------------------------------------------------------------


# Of 63 kB each; the kernel keeps some 4 MB for a connection on which nobody reads.
LONG_LINES = 120


async def test_one_account_cannot_hold_all_sockets(city: City, talk: str) -> None:
    _, cookie = city.do("sign_in")
    async with (
        open_socket(city, talk, cookie=cookie) as first,
        open_socket(city, talk, cookie=cookie),
        open_socket(city, talk, cookie=cookie),
        open_socket(city, talk, cookie=cookie) as fourth,
    ):
        assert await close_code(fourth) == 4429
        await first.close()
        await asyncio.sleep(0.1)
        async with open_socket(city, talk, cookie=cookie) as again:
            assert (await next_frame(again))["type"] == "hello"


async def test_a_slow_reader_is_sent_away_comes_back_and_has_missed_nothing(
    city: City, talk: str
) -> None:
    _, options = narrow_line(city)
    async with (
        open_socket(city, talk, after=0, **options) as slow,
        open_socket(city, talk, after=0) as quick,
    ):
        await next_frame(slow, "hello")
        reading = asyncio.create_task(numbers(quick, LONG_LINES, within=10))
        await say_more_than_a_connection_holds(city, talk)
        assert await reading == list(range(1, LONG_LINES + 1))
        seen = await events_until_closed(slow)
        assert slow.close_code == 1013
    assert seen == list(range(1, len(seen) + 1))
    assert len(seen) < LONG_LINES
    async with open_socket(city, talk, after=seen[-1]) as again:
        assert await numbers(again, LONG_LINES) == list(range(seen[-1] + 1, LONG_LINES + 1))


async def test_a_reader_that_never_reads_again_is_cut_off(city: City, talk: str) -> None:
    narrow, options = narrow_line(city)
    slow = await open_socket(city, talk, after=0, **options)
    try:
        await say_more_than_a_connection_holds(city, talk)
        async with asyncio.timeout(10):
            while connections_between(city.ports[0], narrow.getsockname()[1]):
                await asyncio.sleep(0.1)
    finally:
        slow.transport.abort()


async def say_more_than_a_connection_holds(city: City, talk: str) -> None:
    for _ in range(LONG_LINES // 10):
        await asyncio.to_thread(city.do, "say", key=talk, texts=["長い話" * 7_000] * 10)


def narrow_line(city: City) -> tuple[sockets.socket, dict[str, Any]]:
    """A connection that holds little, for a client that takes nothing until it is asked to."""
    narrow = sockets.socket()
    narrow.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 4096)
    narrow.connect(("127.0.0.1", city.ports[0]))
    return narrow, {"sock": narrow, "max_queue": 1, "ping_interval": None}


async def events_until_closed(socket: ClientConnection, *, within: float = 10) -> list[int]:
    """The numbers of the events that come before the server closes the socket."""
    seen = []
    with suppress(ConnectionClosed):
        async with asyncio.timeout(within):
            while True:
                seen.append((await next_frame(socket, "event", within=within))["seq"])
    return seen


def connections_between(server_port: int, client_port: int) -> int:
    """How many connections the server still holds to this client, by the kernel's own list."""
    wanted = (f":{server_port:04X}", f":{client_port:04X}")
    with open("/proc/net/tcp") as table:
        rows = [line.split() for line in table][1:]
    return sum(
        row[1].endswith(wanted[0]) and row[2].endswith(wanted[1]) and row[3] == "01" for row in rows
    )
