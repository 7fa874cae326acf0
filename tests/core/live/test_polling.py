"""The same streams by HTTP, for those whose network lets no WebSocket through."""

import json
import urllib.error
import urllib.request
from typing import Any

import pytest

from tests.core.live.city.running import City
from tests.core.live.followers import numbers, open_socket


def get(city: City, key: str, query: str = "", *, cookie: str = "") -> tuple[int, Any]:
    request = urllib.request.Request(
        f"http://127.0.0.1:{city.ports[0]}/live/talk/{key}/{query}",
        headers={"Cookie": f"sessionid={cookie}"} if cookie else {},
    )
    try:
        with urllib.request.urlopen(request) as response:
            assert "no-store" in response.headers["Cache-Control"]
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def test_polling_page_by_page_gives_everything_once_and_in_order(city: City, talk: str) -> None:
    city.do("say", key=talk, texts=[f"{number}" for number in range(250)])
    found, pages, more = [0], 0, True
    while more:
        status, answer = get(city, talk, f"?after={found[-1]}")
        assert (status, answer["last"], answer["reload"]) == (200, 250, False)
        found += [frame["seq"] for frame in answer["events"]]
        more, pages = answer["more"], pages + 1
    assert (found[1:], pages) == (list(range(1, 251)), 3)
    assert get(city, talk, "?after=250")[1]["events"] == []


async def test_the_frames_are_those_of_the_socket(city: City, talk: str) -> None:
    city.do("say", key=talk, texts=["改行\nと「引用」", "</script>"])
    async with open_socket(city, talk, after=0) as socket:
        await socket.recv()
        by_socket = [json.loads(await socket.recv()) for _ in range(2)]
    assert get(city, talk, "?after=0")[1]["events"] == by_socket


def test_without_a_number_it_only_says_where_the_stream_stands(city: City, talk: str) -> None:
    city.do("say", key=talk, texts=["one"])
    assert get(city, talk)[1] == {
        "last": 1, "reload": False, "more": False, "poll": 0.3, "events": [],
    }  # fmt: skip


def test_what_one_may_not_follow_and_what_does_not_exist_answer_alike(city: City) -> None:
    member, cookie = city.do("sign_in")
    _, stranger = city.do("sign_in")
    hidden = city.do("new_talk", hidden=True, members=[member])
    refusals = [get(city, hidden), get(city, hidden, cookie=stranger), get(city, "123456")]
    assert refusals == [(404, {"error": "not_found"})] * 3
    assert get(city, hidden, cookie=cookie)[0] == 200


@pytest.mark.parametrize(
    ("query", "status"), [("?after=abc", 400), ("?after=-1", 400), ("?after=999999", 200)]
)
def test_a_number_that_nobody_gave_gets_no_events(
    city: City, talk: str, query: str, status: int
) -> None:
    got, answer = get(city, talk, query)
    assert got == status
    assert status == 400 or (answer["reload"] and answer["events"] == [])


def test_a_reader_who_was_away_too_long_is_told_to_load_the_page(city: City, talk: str) -> None:
    city.do("say", key=talk, texts=["word"] * 401)
    assert get(city, talk, "?after=0")[1]["reload"]
    assert not get(city, talk, "?after=1")[1]["reload"]


async def test_numbers_go_on_where_the_socket_left_off(city: City, talk: str) -> None:
    city.do("say", key=talk, texts=["one", "two"])
    async with open_socket(city, talk, after=0) as socket:
        assert await numbers(socket, 2) == [1, 2]
    city.do("say", key=talk, texts=["three"])
    assert [frame["seq"] for frame in get(city, talk, "?after=2")[1]["events"]] == [3]
