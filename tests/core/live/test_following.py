"""Following a stream: everything, once, in order; and only by those who may."""

import asyncio

import pytest

from tests.core.live.city.running import City
from tests.core.live.followers import (
    close_code,
    next_frame,
    numbers,
    open_socket,
    silence,
)


async def test_events_reach_the_readers_of_every_web_process_in_order(
    city: City, talk: str
) -> None:
    async with open_socket(city, talk, web=0) as one, open_socket(city, talk, web=1) as other:
        assert (await next_frame(one))["type"] == "hello"
        assert (await next_frame(other))["type"] == "hello"
        await asyncio.to_thread(city.do, "chatter", key=talk, count=30, per_second=500)
        assert await numbers(one, 30) == await numbers(other, 30) == list(range(1, 31))


async def test_a_reader_gets_exactly_what_comes_after_its_number(city: City, talk: str) -> None:
    city.do("say", key=talk, texts=[f"{number}" for number in range(250)])
    async with open_socket(city, talk, after=17) as socket:
        hello = await next_frame(socket)
        assert (hello["protocol"], hello["last"]) == (1, 250)
        assert await numbers(socket, 250) == list(range(18, 251))
        city.do("say", key=talk, texts=["one more"])
        assert await next_frame(socket, "event") == {
            "type": "event", "seq": 251, "event": {"text": "one more"},
        }  # fmt: skip


async def test_a_reader_without_a_number_is_told_what_happens_from_now_on(
    city: City, talk: str
) -> None:
    city.do("say", key=talk, texts=["before"])
    async with open_socket(city, talk) as socket:
        await next_frame(socket, "hello")
        city.do("say", key=talk, texts=["after"])
        assert await numbers(socket, 2) == [2]


async def test_readers_who_join_while_people_talk_miss_nothing(city: City, talk: str) -> None:
    async def join_and_read(after_seconds: float) -> list[int]:
        await asyncio.sleep(after_seconds)
        async with open_socket(city, talk, after=0, web=int(after_seconds * 100) % 2) as socket:
            return await numbers(socket, 200)

    talking = asyncio.to_thread(city.do, "chatter", key=talk, count=200, per_second=300)
    results = await asyncio.gather(talking, *(join_and_read(step / 50) for step in range(30)))
    assert all(result == list(range(1, 201)) for result in results[1:])


async def test_what_was_committed_without_a_word_is_found_in_the_database(
    city: City, talk: str
) -> None:
    async with open_socket(city, talk, web=1) as socket:
        await next_frame(socket, "hello")
        city.do("say", key=talk, texts=["the process died here"], aloud=False)
        assert await numbers(socket, 1, within=4) == [1]


async def test_a_word_that_comes_before_an_earlier_one_makes_the_hub_ask_for_that(
    city: City, talk: str
) -> None:
    async with open_socket(city, talk) as socket:
        await next_frame(socket, "hello")
        city.do("say", key=talk, texts=["not heard of"], aloud=False)
        city.do("say", key=talk, texts=["heard of"])
        assert await numbers(socket, 2) == [1, 2]


@pytest.mark.parametrize("after", ["999999", "abc", "-1", "1e3", "9" * 400, "%00", "１"])
async def test_a_number_that_nobody_gave_ends_in_a_polite_close(
    city: City, talk: str, after: str
) -> None:
    city.do("say", key=talk, texts=["hello"])
    async with open_socket(city, talk, after=after) as socket:
        assert await close_code(socket) in {4400, 4409}


async def test_a_reader_who_was_away_too_long_is_told_to_load_the_page(
    city: City, talk: str
) -> None:
    city.do("say", key=talk, texts=["word"] * 401)
    async with open_socket(city, talk, after=0) as socket:
        assert await next_frame(socket, "reload", "event") == {"type": "reload", "last": 401}
        assert await close_code(socket) == 4409
    async with open_socket(city, talk, after=1) as socket:
        assert await numbers(socket, 401) == list(range(2, 402))


async def test_a_hidden_talk_and_one_that_does_not_exist_answer_alike(city: City) -> None:
    member, cookie = city.do("sign_in")
    _, stranger = city.do("sign_in")
    hidden = city.do("new_talk", hidden=True, members=[member])
    for key, who in [(hidden, ""), (hidden, stranger), ("123456", cookie), ("x'--", cookie)]:
        async with open_socket(city, key, after=0, cookie=who) as socket:
            assert await close_code(socket) == 4404
    async with open_socket(city, hidden, after=0, cookie=cookie) as socket:
        assert (await next_frame(socket))["type"] == "hello"


async def test_readers_are_counted_over_all_web_processes(city: City, talk: str) -> None:
    async def counted(socket: object, count: int) -> None:
        while (await next_frame(socket, "presence", "hello"))["readers"] != count:  # type: ignore[arg-type]
            pass

    _, cookie = city.do("sign_in")
    async with open_socket(city, talk) as guest:
        await counted(guest, 1)
        async with open_socket(city, talk, web=1, cookie=cookie) as signed_in:
            await counted(guest, 2)
            await counted(signed_in, 2)
            async with open_socket(city, talk, web=1, cookie=cookie):
                # A second page of the same person.
                await silence_of_presence(guest)
        await counted(guest, 1)


async def silence_of_presence(socket: object) -> None:
    with pytest.raises(TimeoutError):
        await next_frame(socket, "presence", within=1)  # type: ignore[arg-type]


async def test_a_quiet_stream_gives_signs_of_life(city: City, talk: str) -> None:
    async with open_socket(city, talk) as socket:
        assert await next_frame(socket, "heartbeat") == {"type": "heartbeat", "last": 0}
        await socket.send('{"type": "ping"}')
        assert await next_frame(socket, "pong") == {"type": "pong"}
        await silence(socket, 0.1)
