"""By LINE: one request for many, never twice, never more than the month's quota; against a LINE over HTTP."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from notifications.models import LineBatch, LineBatchMember, LineLink
from notifications.services import channels, line_batches
from notifications.services.channels import Result
from notifications.services.channels.line import text_of
from tests.notifications.channels.conftest import outgoing
from tests.notifications.channels.line_double import user_id

# What is said to the other side no database changes.
pytestmark = [pytest.mark.once, pytest.mark.django_db]

SENT = Result("sent")
RECOGNISED = Result("sent", "recognised")


def send(*messages):
    return list(channels.adapter("line").send(messages))


def letters(count, **fields):
    return [outgoing(user_id(number), **fields) for number in range(count)]


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    monkeypatch.setattr("notifications.services.channels.line.TIMEOUT", (1, 0.5))


def test_a_message_arrives_with_subject_text_and_address(line):
    assert send(outgoing(user_id(1))) == [SENT]
    assert line.received == {
        user_id(1): [
            "用水路の清掃について\n\nこんにちは。\n\n12月5日(土) 10:00 に集まります。\n\nhttp://localhost:8000/issues/1/"
        ]
    }


def test_500_people_are_one_request(line):
    assert send(*letters(500)) == [SENT] * 500
    assert len(line.multicasts) == 1
    assert len(line.received) == 500


def test_more_than_500_are_refused_as_a_mistake(line):
    with pytest.raises(ValueError, match="at most"):
        send(*letters(501))


def test_each_wording_is_a_request_of_its_own(line):
    messages = [*letters(3), outgoing(user_id(9), language="en", subject="Cleaning the canal")]
    assert send(*messages) == [SENT] * 4
    assert sorted(len(request["to"]) for request in line.multicasts) == [1, 3]
    assert line.received[user_id(9)][0].startswith("Cleaning the canal")


@given(
    st.lists(st.uuids(), min_size=1, max_size=20, unique=True).flatmap(
        lambda keys: st.tuples(st.just(keys), st.permutations(keys))
    )
)
def test_the_same_deliveries_have_the_same_retry_key_in_whatever_order(both):
    keys, shuffled = both
    assert line_batches.retry_key(keys) == line_batches.retry_key(shuffled)
    assert line_batches.retry_key(keys) != line_batches.retry_key([*keys, uuid4()])


def test_a_delivery_that_is_sent_again_reaches_nobody_twice(line):
    messages = letters(5)
    assert send(*messages) == [SENT] * 5
    assert send(*messages) == [RECOGNISED] * 5
    assert all(len(texts) == 1 for texts in line.received.values())


@pytest.mark.parametrize("fault", ["slow", "lost"])
def test_when_the_answer_is_lost_the_repeat_is_recognised_by_line(line, fault):
    messages = letters(5)
    line.next_answers = [fault]
    assert send(*messages) == [Result("retry", "cut_off")] * 5
    assert send(*messages) == [RECOGNISED] * 5
    first, second = line.multicasts
    assert first == second
    assert all(len(texts) == 1 for texts in line.received.values())


def test_a_worker_that_dies_between_sent_and_recorded_sends_nothing_twice(line, monkeypatch):
    messages = letters(5)
    with monkeypatch.context() as patch:
        patch.setattr(line_batches, "accepted", _killed)
        with pytest.raises(KeyboardInterrupt):
            send(*messages)
    assert send(*messages) == [RECOGNISED] * 5
    assert all(len(texts) == 1 for texts in line.received.values())


def _killed(batch):
    raise KeyboardInterrupt


def test_what_was_unclear_is_repeated_word_for_word_though_the_outbox_asks_in_other_bundles(line):
    first, second = letters(4), [outgoing(user_id(number)) for number in range(10, 13)]
    line.next_answers = ["lost"]
    send(*first)
    # Two of the four come back together with three new ones; then the other two.
    assert send(*first[:2], *second) == [RECOGNISED] * 2 + [SENT] * 3
    assert send(*first[2:]) == [RECOGNISED] * 2
    assert all(len(texts) == 1 for texts in line.received.values())
    assert len(line.received) == 7


@pytest.mark.parametrize("fault", ["500", "503"])
def test_what_line_could_not_do_is_tried_again_and_arrives_once(line, fault):
    messages = letters(3)
    line.next_answers = [fault]
    assert send(*messages) == [Result("retry", f"http_{fault}")] * 3
    assert send(*messages) == [SENT] * 3
    assert all(len(texts) == 1 for texts in line.received.values())


def test_too_many_requests_are_tried_again_later(line):
    line.next_answers = ["429"]
    messages = letters(3)
    assert send(*messages) == [Result("retry", "http_429")] * 3
    assert send(*messages) == [SENT] * 3


def test_a_wrong_token_loses_nothing(line, settings):
    messages = letters(2)
    right, settings.LINE_MESSAGING_TOKEN = settings.LINE_MESSAGING_TOKEN, "wrong"
    assert send(*messages) == [Result("retry", "http_401", 300)] * 2
    settings.LINE_MESSAGING_TOKEN = right
    assert send(*messages) == [SENT] * 2


def test_without_line_everything_waits(line, settings):
    settings.LINE_API_URL = "http://127.0.0.1:1"
    assert send(*letters(2)) == [Result("retry", "cut_off")] * 2


def test_one_who_is_unknown_spoils_nothing_for_the_others(line, with_line):
    gone = with_line(user_id(3))
    line.unknown = {user_id(3)}
    results = send(*letters(8))
    assert results[3] == Result("dead", "no_such_address", drop_address=True)
    assert [result for place, result in enumerate(results) if place != 3] == [SENT] * 7
    assert len(line.received) == 7
    assert channels.addresses.of("line", [gone.pk]) == {}
    assert len(line.multicasts) <= 8


def test_words_that_line_does_not_take_cost_nobody_their_address(line, with_line):
    with_line(user_id(0))
    results = send(*letters(4, subject="", text="", url=""))
    assert results == [Result("dead", "malformed")] * 4
    assert LineLink.objects.get().is_friend
    assert len(line.multicasts) == 1


def test_who_has_blocked_us_is_no_error(line):
    line.blocked_by = {user_id(1)}
    assert send(*letters(3)) == [SENT] * 3
    assert set(line.received) == {user_id(0), user_id(2)}


def test_the_same_words_twice_to_one_person_are_two_requests_and_no_refusal(line):
    assert send(*letters(2), outgoing(user_id(0))) == [SENT] * 3
    assert [len(request["to"]) for request in line.multicasts] == [2, 1]
    assert len(line.received[user_id(0)]) == 2


# --- the quota ----------------------------------------------------------------------------------------


def test_the_quota_of_the_month_is_read_and_not_exceeded(line):
    line.quota, line.used = 200, 195
    results = send(*letters(8))
    assert results == [SENT] * 5 + [Result("dead", "quota")] * 3
    assert line.used == 200
    assert len(line.multicasts) == 1


def test_what_is_urgent_gets_what_is_left_of_the_quota(line):
    line.quota, line.used = 200, 199
    urgent = outgoing(user_id(9), urgent=True, subject="安否の確認")
    assert send(*letters(2), urgent) == [Result("dead", "quota")] * 2 + [SENT]
    assert set(line.received) == {user_id(9)}


def test_the_quota_is_asked_for_once_a_minute_and_our_own_messages_are_counted(line):
    line.quota = 10
    assert send(*letters(6)) == [SENT] * 6
    second = [outgoing(user_id(number)) for number in range(20, 26)]
    assert send(*second) == [SENT] * 4 + [Result("dead", "quota")] * 2
    assert line.requests.count("GET /v2/bot/message/quota") == 1


def test_a_plan_without_a_limit_has_no_limit(line):
    line.quota, line.used = None, 1_000_000
    assert send(*letters(3)) == [SENT] * 3


def test_when_others_have_used_up_the_month_line_says_so_and_is_believed(line):
    line.is_full = True
    assert send(*letters(3)) == [Result("dead", "quota")] * 3
    assert send(*[outgoing(user_id(9))]) == [Result("dead", "quota")]
    assert len(line.multicasts) == 1


# --- what is kept -------------------------------------------------------------------------------------


def test_the_user_ids_are_forgotten_when_line_has_accepted(line):
    send(*letters(3))
    assert LineBatch.objects.get().request == {}


def older_by(**time):
    LineBatch.objects.update(created_at=timezone.now() - timedelta(**time))


def test_old_requests_are_forgotten_and_young_ones_are_not(line):
    send(*letters(3))
    assert line_batches.forget_old() == 0
    older_by(days=3, seconds=1)
    assert line_batches.forget_old() == 1
    assert not LineBatchMember.objects.exists()


def test_after_a_day_line_no_longer_knows_a_repeat_and_it_is_said_to_be_unclear(line):
    messages = letters(2)
    line.next_answers = ["lost"]
    send(*messages)
    older_by(hours=24)
    assert send(*messages) == [Result("unknown", "cut_off")] * 2
    assert len(line.multicasts) == 1


@given(text=st.text(max_size=6000), subject=st.text(min_size=1, max_size=100))
def test_a_message_is_never_longer_than_line_takes(text, subject):
    whole = text_of(outgoing(user_id(1), subject=subject, text=text))
    assert len(whole.encode("utf-16-le", "surrogatepass")) // 2 <= 5000
    assert whole.endswith("http://localhost:8000/issues/1/")
