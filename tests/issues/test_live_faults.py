"""Nothing of a discussion is lost, comes twice or out of order, whatever breaks while people talk."""

import asyncio
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from channels_redis.pubsub import RedisPubSubChannelLayer
from django.db import connection

from accounts.models import User
from issues.services import talk
from tests.issues.following import Follower

POSTS = 240
GROUP = "thread"


class StockListener:
    """The control: what the layer of Channels' manual brings to one reader of its group, in a loop of its own."""

    def __init__(self, url: str) -> None:
        self.heard: list[int] = []
        self.taken = 0
        self._url = url
        self._loop = asyncio.new_event_loop()
        self._layer = RedisPubSubChannelLayer(hosts=[url])
        self._worker = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._worker.start()
        self._run(self._join())
        self._listening = asyncio.run_coroutine_threadsafe(self._listen(), self._loop)

    def send(self, number: int) -> None:
        """Counts it only if the layer reports that it was sent."""
        try:
            self._run(self._layer.group_send(GROUP, {"type": "post", "number": number}))
        except Exception:
            return
        self.taken += 1

    def stop(self) -> None:
        self._run(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._worker.join(5)
        self._loop.close()

    async def _end(self) -> None:
        """Leaves no task behind: it would complain in whatever test runs when it is collected."""
        with suppress(Exception):
            await asyncio.wait_for(self._layer.flush(), 5)
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _join(self) -> None:
        self._channel = await self._layer.new_channel()
        await self._layer.group_add(GROUP, self._channel)

    async def _listen(self) -> None:
        while True:
            message = await self._layer.receive(self._channel)
            self.heard.append(message["number"])

    def _run(self, act):
        return asyncio.run_coroutine_threadsafe(act, self._loop).result(10)


def test_three_deaths_of_redis_a_killed_web_process_and_a_cut_line_lose_nothing(
    app_server, another_server, private_redis, issue, person
):
    killed = another_server(LIVE_LIMITS='{"sweep": 5}')
    author = person()
    steady, shaken, cut = (
        Follower(server, issue.thread) for server in (app_server, killed, app_server)
    )
    stock = StockListener(private_redis.url)
    try:
        for number in range(1, POSTS + 1):
            talk.post(actor=author, thread=issue.thread, source=f"{number}", key=uuid.uuid4())
            stock.send(number)
            match number:
                case 40 | 100 | 160:
                    private_redis.kill()
                case 55 | 115 | 175:
                    private_redis.start()
                case 70:
                    killed.kill()
                case 85:
                    killed.start()
                case 130 | 200:
                    cut.cut()
        everything = list(range(1, POSTS + 1))
        for follower in (steady, shaken, cut):
            assert follower.up_to(POSTS) == everything
    finally:
        stock.stop()
    assert steady.times_connected == 1
    assert shaken.times_connected > 1
    assert cut.times_connected > 2
    # The control: the same posts, the same deaths; it does not even hear all that it says it has sent.
    assert len(stock.heard) < stock.taken


def test_posts_of_many_people_at_the_same_moment_are_told_once_and_in_order(
    app_server, issue, person
):
    people, each = [person() for _ in range(6)], 5
    followers = [Follower(app_server, issue.thread) for _ in range(3)]

    def talk_on(author: User) -> None:
        try:
            for number in range(each):
                talk.post(actor=author, thread=issue.thread, source=f"{number}", key=uuid.uuid4())
        finally:
            connection.close()

    with ThreadPoolExecutor(len(people)) as crowd:
        list(crowd.map(talk_on, people))
    everything = list(range(1, len(people) * each + 1))
    for follower in followers:
        assert follower.up_to(len(everything)) == everything
