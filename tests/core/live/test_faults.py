"""Nothing is lost, nothing comes twice, and the order holds, whatever breaks."""

import asyncio
import random
from contextlib import suppress

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from tests.core.live.city.running import City
from tests.core.live.followers import ORIGIN, Follower, next_frame, numbers, open_socket


async def test_three_deaths_of_redis_lose_nothing_where_the_stock_layer_loses(
    city: City, talk: str
) -> None:
    count, heard_from_stock = 700, []

    async def listen_to_stock() -> None:
        address = f"ws://127.0.0.1:{city.ports[0]}/ws/stock/"
        with suppress(ConnectionClosed):
            async with connect(address, origin=ORIGIN) as socket:  # type: ignore[arg-type]
                async for text in socket:
                    heard_from_stock.append(text)

    async with open_socket(city, talk, after=0) as never_cut:
        followers = [Follower(city, talk, web=0), Follower(city, talk, web=1)]
        stock = asyncio.create_task(listen_to_stock())
        await asyncio.sleep(0.5)
        talking = asyncio.create_task(
            asyncio.to_thread(city.do, "chatter", key=talk, count=count, per_second=150, stock=True)
        )
        for _ in range(3):
            await asyncio.sleep(0.6)
            city.redis.kill()
            await asyncio.sleep(0.2)
            await asyncio.to_thread(city.redis.start)
        taken_by_stock = await talking
        everything = list(range(1, count + 1))
        assert [await follower.up_to(count) for follower in followers] == [everything] * 2
        assert await numbers(never_cut, count) == everything
    stock.cancel()
    city.forget_complaints()  # those of the stock layer
    # The control: the same lines, the same process, the same deaths.
    assert len(heard_from_stock) < taken_by_stock


async def test_what_was_said_while_redis_was_dead_comes_as_soon_as_it_is_back(
    city: City, talk: str
) -> None:
    async with open_socket(city, talk) as socket:
        await next_frame(socket, "hello")
        city.redis.kill()
        city.do("say", key=talk, texts=["one", "two"])
        await asyncio.to_thread(city.redis.start)
        assert await numbers(socket, 2) == [1, 2]


async def test_a_killed_web_process_costs_its_readers_no_event(city: City, talk: str) -> None:
    followers = [Follower(city, talk, web=web) for web in (0, 0, 0, 1)]
    talking = asyncio.create_task(
        asyncio.to_thread(city.do, "chatter", key=talk, count=400, per_second=200)
    )
    await asyncio.sleep(0.7)
    city.web[0].kill()
    await asyncio.to_thread(city.web[0].start)
    await talking
    assert [await follower.up_to(400) for follower in followers] == [list(range(1, 401))] * 4
    assert [follower.times_connected > 1 for follower in followers] == [True, True, True, False]


async def test_a_cut_line_costs_no_event(city: City, talk: str) -> None:
    seen: list[int] = []
    talking = asyncio.create_task(
        asyncio.to_thread(city.do, "chatter", key=talk, count=300, per_second=150)
    )
    cuts = 0
    while not seen or seen[-1] < 300:
        after = seen[-1] if seen else 0
        async with open_socket(city, talk, after=after, web=random.choice((0, 1))) as socket:
            for _ in range(40):
                seen.append((await next_frame(socket, "event"))["seq"])
                if seen[-1] == 300:
                    break
            # As a phone in a tunnel: no word of farewell.
            socket.transport.abort()
            cuts += 1
    await talking
    assert seen == list(range(1, 301))
    assert cuts >= 7


async def test_without_redis_readers_join_and_hear_a_little_later(city: City, talk: str) -> None:
    async with open_socket(city, talk, web=1) as there_before:
        await next_frame(there_before, "hello")
        city.redis.kill()
        city.do("say", key=talk, texts=["nobody carries this"])
        assert await numbers(there_before, 1, within=3) == [1]
        async with open_socket(city, talk, after=0, web=1) as newcomer:
            assert await numbers(newcomer, 1) == [1]
