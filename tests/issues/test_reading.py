"""Where somebody reads a talk: the line of what is new, permalinks, the beginning and the end."""

import uuid

import pytest

from issues.models import ReadPosition
from issues.services import talk


@pytest.fixture
def long(issue, person):
    """A talk of 150 posts."""
    author = person()
    for number in range(1, 151):
        talk.post(actor=author, thread=issue.thread, source=f"その{number}番", key=uuid.uuid4())
    return issue


@pytest.fixture
def reader(person, client):
    somebody = person()
    client.force_login(somebody)
    return somebody


def opened(client, issue, **query):
    response = client.get(f"/issues/{issue.pk}/", query, headers={"accept-language": "ja"})
    assert response.status_code == 200
    return response.context["talk"], response.content.decode()


def read_up_to(person):
    return ReadPosition.objects.filter(person=person).values_list("number", flat=True).first()


def read(client, issue, number, since=0):
    address = f"/issues/{issue.pk}/read/"
    return client.post(address, {"number": number, "since": since}).status_code


def test_without_scripts_opening_is_reading_and_the_line_comes_back(client, long, person, reader):
    opened(client, long)
    assert read_up_to(reader) == 150
    talk.post(actor=person(), thread=long.thread, source="あとから", key=uuid.uuid4())
    piece, shown = opened(client, long)
    assert piece.unread == 1
    assert shown.index("その150番") < shown.index("ここから新着 1件") < shown.index("あとから")
    assert "ここから新着" not in opened(client, long)[1]


def test_a_page_with_scripts_says_itself_what_was_read(client, long, reader):
    client.cookies["scripts"] = "1"
    opened(client, long)
    assert read_up_to(reader) is None
    assert read(client, long, 120, since=101) == 204
    assert read_up_to(reader) == 120
    piece, _ = opened(client, long)
    assert piece.read_up_to == 120
    assert [shown.post.number for shown in piece.posts if shown.is_first_unread] == [121]


def test_the_position_moves_neither_backwards_nor_beyond_the_newest_post(client, long, reader):
    for number, status, expected in (
        (60, 204, 60),
        (20, 204, 60),
        (0, 400, 60),
        (10**6, 204, 150),
        (10**20, 400, 150),
        ("x", 400, 150),
    ):
        assert read(client, long, number) == status
        assert read_up_to(reader) == expected


def test_following_a_link_into_the_middle_is_not_having_read_what_stands_before(
    client, long, reader
):
    read(client, long, 10)
    piece, shown = opened(client, long, post=100)
    assert read_up_to(reader) == 10
    assert "ここから新着" not in shown
    assert piece.unread == 140
    assert read(client, long, 130, since=piece.read_since) == 204
    assert read_up_to(reader) == 10


def test_who_comes_back_finds_the_line_in_the_piece_that_opens(client, long, reader):
    read(client, long, 40)
    piece, shown = opened(client, long)
    numbers = [one.post.number for one in piece.posts]
    assert numbers[0] < 41 < numbers[-1]
    assert 'id="new"' in shown
    assert read_up_to(reader) == numbers[-1]


def test_jumping_to_the_end_skips_what_one_has_not_read(client, long, reader):
    read(client, long, 10)
    piece, _ = opened(client, long, to="last")
    assert piece.posts[-1].post.number == 150
    assert read_up_to(reader) == 150


def test_a_guest_has_no_line_and_no_position(client, long):
    _, shown = opened(client, long)
    assert "ここから新着" not in shown
    assert read(client, long, 5) == 302
    assert not ReadPosition.objects.exists()


def test_ones_own_post_is_nothing_new(client, issue, person, reader):
    talk.post(actor=person(), thread=issue.thread, source="はい", key=uuid.uuid4())
    read(client, issue, 1)
    talk.post(actor=reader, thread=issue.thread, source="どうも", key=uuid.uuid4())
    assert read_up_to(reader) == 2
    talk.post(actor=person(), thread=issue.thread, source="まだ読んでいない", key=uuid.uuid4())
    talk.post(actor=reader, thread=issue.thread, source="読まずに書いた", key=uuid.uuid4())
    assert read_up_to(reader) == 2


@pytest.mark.parametrize("number", [1, 5, 75, 149, 150])
def test_a_permalink_opens_the_right_piece_with_the_post_marked(client, long, number):
    answer = client.get(f"/issues/{long.pk}/posts/{number}/")
    assert answer["Location"] == f"/issues/{long.pk}/?post={number}#post-{number}"
    piece, shown = opened(client, long, post=number)
    assert [one.post.number for one in piece.posts if one.is_marked] == [number]
    assert f'id="post-{number}"' in shown
    assert len(piece.posts) <= 50


@pytest.mark.parametrize("number", [0, 151, 10**9, 10**20])
def test_a_permalink_to_nothing_says_so(client, long, number):
    assert client.get(f"/issues/{long.pk}/posts/{number}/").status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        {"post": "0"},
        {"post": "100000000000000000000"},
        {"post": "999999999"},
        {"post": "-1"},
        {"post": "１"},
        {"before": "1"},
        {"after": "150"},
        {"to": "nonsense"},
        {"before": "0x10", "after": ""},
    ],
)
def test_an_address_that_somebody_made_up_shows_the_newest_posts(client, long, query):
    assert opened(client, long, **query)[0].posts[-1].post.number == 150


def test_the_pieces_meet_without_gap_or_overlap(client, long):
    numbers: list[int] = []
    piece, _ = opened(client, long, post=1)
    while True:
        numbers += [one.post.number for one in piece.posts]
        if not piece.later:
            break
        piece, _ = opened(client, long, after=piece.later)
    assert numbers == list(range(1, 151))
