"""What clients that follow a discussion are told, by socket and by HTTP, and what they are refused."""

import json
import uuid
from contextlib import suppress

import pytest
from django.conf import settings
from django.db import transaction
from websockets.exceptions import ConnectionClosed, InvalidStatus

from accounts.models import Role
from core import live
from issues.models import Event, Issue, Post, Thread
from issues.selectors.frames import frames_of
from issues.selectors.thread import events_after
from issues.services import issues as acts
from issues.services import talk
from tests.issues.following import close_code, frames, open_socket
from tests.support.people import signed_in_client


@pytest.fixture
def say(issue, person):
    """Somebody says something: ``say("はい")``."""

    def said(source="はい、そう思います。", actor=None) -> Post:
        return talk.post(
            actor=actor or person(), thread=issue.thread, source=source, key=uuid.uuid4()
        )

    return said


def by_http(client, thread, **query):
    return client.get(f"/live/thread/{getattr(thread, 'pk', thread)}/", query)


# --- what is told -----------------------------------------------------------------------------------


def test_guests_and_people_are_told_the_same_to_the_letter(app_server, issue, say, person):
    cookie = signed_in_client(person()).cookies[settings.SESSION_COOKIE_NAME].value
    with (
        open_socket(app_server, issue.thread) as guest,
        open_socket(app_server, issue.thread, cookie=cookie) as reader,
    ):
        for socket in (guest, reader):
            frames(socket, "hello")
        post = say("**地図**がうれしいです。")
        talk.edit(actor=post.author, post=post, source="紙の地図がうれしいです。")
        talk.react(actor=person(), post=post, kind="thanks", wanted=True)
        acts.change_stage(actor=issue.author, issue=issue, stage="prototype", reason="できた")
        told = frames(guest, "event", until=4)
        assert told == frames(reader, "event", until=4)
    events = [frame["event"] for frame in told]
    assert [event["kind"] for event in events] == ["posted", "edited", "reacted", "stage"]
    assert "<strong>地図</strong>" in events[0]["body"]
    assert events[2]["counts"]["thanks"] == 1
    assert set(events[3]["steps"]) == {"ja", "ja-easy", "en"}
    # Nothing that only one of them may press, and no token.
    assert "<form" not in json.dumps(told)
    assert "csrf" not in json.dumps(told)


def test_a_hidden_or_withdrawn_post_is_replayed_as_a_tombstone(
    app_server, client, issue, say, with_role
):
    hidden, withdrawn = say("ひどい言葉"), say("言いすぎた言葉")
    talk.hide(actor=with_role(Role.FACILITATOR), post=hidden, reason="悪口")
    talk.withdraw(actor=withdrawn.author, post=withdrawn)
    with open_socket(app_server, issue.thread, after=0) as socket:
        replayed = frames(socket, "event", until=4)
    assert by_http(client, issue.thread, after=0).json()["events"] == replayed
    assert [frame["event"]["kind"] for frame in replayed] == [
        "posted",
        "posted",
        "hidden",
        "withdrawn",
    ]
    assert [frame["event"]["body"] for frame in replayed] == [""] * 4
    told = json.dumps(replayed, ensure_ascii=False)
    assert "ひどい" not in told
    assert "言いすぎた" not in told
    assert "hidden this post" in replayed[0]["event"]["head"]["en"]


def test_what_is_told_at_once_is_what_is_told_later(app_server, issue, say):
    with open_socket(app_server, issue.thread) as socket:
        frames(socket, "hello")
        say()
        told = frames(socket, "event")
    with open_socket(app_server, issue.thread, after=0) as socket:
        assert frames(socket, "event") == told


def test_an_act_that_is_taken_back_is_not_told(app_server, issue, say):
    with open_socket(app_server, issue.thread) as socket:
        frames(socket, "hello")
        with suppress(ZeroDivisionError), transaction.atomic():
            say("言わなかった")
            raise ZeroDivisionError
        say("言った")
        assert "言った" in frames(socket, "event", until=1)[0]["event"]["body"]
    assert Event.objects.count() == 1


@pytest.mark.parametrize("count", [2, 40])
def test_replaying_costs_the_same_for_any_number_of_events(
    issue, say, count, django_assert_num_queries
):
    first = say()
    for number in range(count):
        say()
        talk.edit(actor=first.author, post=first, source=f"{number}")
    thread = Thread.objects.select_related("issue").get()
    with django_assert_num_queries(4):
        told = frames_of(thread, events_after(thread, 0, limit=100))
    assert [event.seq for event in told] == list(range(1, 2 * count + 2))


# --- what is refused --------------------------------------------------------------------------------


def test_a_forged_number_is_told_to_load_the_page(app_server, client, issue, say):
    say()
    with open_socket(app_server, issue.thread, after=999_999) as socket:
        assert frames(socket, "reload") == [{"type": "reload", "last": 1}]
        assert close_code(socket) == 4409
    assert by_http(client, issue.thread, after=999_999).json()["reload"] is True


@pytest.mark.parametrize("after", ["-1", "abc", "1.5", "9" * 20, "１"])
def test_a_number_that_is_none_is_refused(app_server, client, issue, after):
    with open_socket(app_server, issue.thread, after=after) as socket:
        assert close_code(socket) == 4400
    assert by_http(client, issue.thread, after=after).status_code == 400


@pytest.mark.parametrize("key", ["999999", "x", "0", "9" * 30, "-1"])
def test_a_thread_that_does_not_exist_is_not_found(app_server, client, issue, key):
    with open_socket(app_server, key) as socket:
        assert close_code(socket) == 4404
    assert by_http(client, key).status_code == 404


def test_a_thread_of_another_room_is_not_to_be_told_from_none(app_server, client):
    elsewhere = Thread.objects.create()
    with open_socket(app_server, elsewhere, after=0) as socket:
        assert close_code(socket) == 4404
    assert by_http(client, elsewhere).status_code == 404


@pytest.mark.parametrize("aloud", [True, False], ids=["with a word", "found at the next check"])
def test_a_withdrawn_permission_closes_the_sockets(another_server, issue, say, aloud):
    server = another_server(LIVE_LIMITS='{"recheck": 1.0}')
    thread = issue.thread
    with open_socket(server, thread, after=0) as socket:
        frames(socket, "hello")
        # Nothing of the board belongs to the thread any more.
        Issue.objects.filter(pk=issue.pk).delete()
        if aloud:
            live.withdraw("thread", str(thread.pk))
        assert close_code(socket, within=1 if aloud else 5) == 4403


def test_signing_out_closes_the_sockets_of_that_person_only(app_server, issue, person, say):
    browser = signed_in_client(person())
    cookie = browser.cookies[settings.SESSION_COOKIE_NAME].value
    with (
        open_socket(app_server, issue.thread, cookie=cookie) as mine,
        open_socket(app_server, issue.thread) as guest,
    ):
        for socket in (mine, guest):
            frames(socket, "hello")
        browser.post("/accounts/logout/")
        assert close_code(mine) == 4401
        say()
        assert frames(guest, "event", until=1)


@pytest.mark.parametrize("origin", ["https://elsewhere.example", None])
def test_a_page_of_another_site_hears_nothing(app_server, issue, origin):
    with (
        pytest.raises(InvalidStatus) as refusal,
        open_socket(app_server, issue.thread, origin=origin),
    ):
        pass
    assert refusal.value.response.status_code == 403


@pytest.mark.parametrize(
    "message", ['{"type": "post", "source": "はい"}', '{"type": "react"}', "{", "[]"]
)
def test_an_unknown_message_gets_an_error_and_changes_nothing(app_server, issue, say, message):
    with open_socket(app_server, issue.thread) as socket:
        socket.send(message)
        assert frames(socket, "error")[0]["type"] == "error"
        say()
        assert frames(socket, "event", until=1)
    assert Post.objects.count() == 1


def test_who_talks_without_end_is_sent_away_and_others_hear_on(app_server, issue, say):
    # The server has served other tests, some with nonsense.
    said_before = len(app_server.log)
    with (
        open_socket(app_server, issue.thread) as rude,
        open_socket(app_server, issue.thread) as huge,
        open_socket(app_server, issue.thread) as polite,
    ):
        frames(polite, "hello")
        with suppress(ConnectionClosed):
            for _ in range(100):
                rude.send('{"type": "ping"}')
        assert close_code(rude) == 4429
        with suppress(ConnectionClosed):
            huge.send("x" * 10 * 1024 * 1024)
        assert close_code(huge) in {1009, 1006}
        say()
        assert frames(polite, "event", until=1)
    assert "Traceback" not in app_server.log[said_before:]


# --- posting ----------------------------------------------------------------------------------------


def posts(client, issue, count):
    return [
        client.post(
            f"/issues/{issue.pk}/posts/",
            {"key": str(uuid.uuid4()), "source": f"速い {number}"},
            headers={"accept-language": "ja"},
        )
        for number in range(count)
    ]


def test_a_hundred_posts_at_once_are_refused_with_a_sentence_that_keeps_the_words(
    private_redis, issue, person
):
    answers = posts(signed_in_client(person()), issue, 100)
    assert [answer.status_code for answer in answers] == [302] * 12 + [429] * 88
    refusal = answers[-1].content.decode()
    assert "1分ほど待って" in refusal
    assert "速い 99" in refusal
    assert Post.objects.count() == 12
    # It is one account that rests, not the discussion.
    assert posts(signed_in_client(person()), issue, 1)[0].status_code == 302


def test_edits_and_reactions_rest_too(private_redis, issue, person, say):
    hanako = person()
    post, client = say(actor=hanako), signed_in_client(hanako)
    address = f"/issues/{issue.pk}/posts/1/"
    reactions = [
        client.post(f"{address}react/", {"kind": "agree", "wanted": str(number % 2)})
        for number in range(70)
    ]
    assert [answer.status_code for answer in reactions] == [302] * 60 + [429] * 10
    edits = [
        client.post(f"{address}edit/", {"source": f"{number}", "seen_source": ""})
        for number in range(14)
    ]
    assert {answer.status_code for answer in edits} <= {302, 409, 422, 429}
    assert post.versions.count() <= 12


@pytest.mark.parametrize(
    ("number", "status", "read"),
    [("2", 204, 2), ("999999999", 204, 3), ("x", 400, 0), ("-1", 400, 0), ("9" * 30, 400, 0)],
)
def test_a_page_says_up_to_where_it_was_read(issue, say, person, number, status, read):
    for _ in range(3):
        say()
    client = signed_in_client(person())
    answer = client.post(f"/issues/{issue.pk}/read/", {"number": number})
    assert answer.status_code == status
    assert sum(issue.thread.read_positions.values_list("number", flat=True)) == read


def test_without_redis_the_talk_goes_on_and_readers_hear_it_a_little_later(
    app_server, private_redis, issue, person
):
    client = signed_in_client(person())
    with open_socket(app_server, issue.thread) as socket:
        frames(socket, "hello")
        private_redis.kill()
        assert posts(client, issue, 1)[0].status_code == 302
        assert frames(socket, "event", until=1, within=15)
