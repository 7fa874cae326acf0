"""The outbox: what is due is sent once, by the right channel, and what fails is tried again or given up."""

import dataclasses
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone

from accounts.models import Role
from accounts.services import grant_role, keep_preferences
from core.errors import Conflict, NotAllowed
from issues import notices
from issues.services import talk
from notifications import kinds, services
from notifications.kinds import audiences
from notifications.models import Broadcast, Delivery, Notification, Rhythm, Wish
from notifications.services import channels, outbox
from notifications.services.outbox import claiming, pace, sending


@pytest.fixture
def reply(hanako, say, person, noon, sinks):
    """Somebody replies to Hanako, who has LINE and mail; ``reply()``."""
    sinks.reach(hanako.pk, "line", "email")
    mine = say(hanako)

    def make(source="なるほど"):
        return say(person(), source, answers=mine)

    return make


@pytest.fixture
def siren(monkeypatch):
    """An urgent kind, for this test only."""
    kind = dataclasses.replace(notices.REPLY, name="issues.siren", transactional=True, urgent=True)
    monkeypatch.setitem(kinds.registry._kinds, kind.name, kind)
    return kind


def test_a_reply_goes_out_by_the_first_channel_only_and_once(hanako, reply, sinks, states):
    reply()
    assert outbox.dispatch() == 1
    assert outbox.dispatch() == 0
    [(channel, message)] = sinks.sent
    assert channel == "line"
    assert (
        message.subject == "「古紙の回収場所」でperson1 さんさんがあなたに返信しました"
        or message.subject
    )
    assert message.text == "なるほど"
    assert message.url.endswith(f"/notifications/{Notification.objects.get().pk}/")
    assert states(hanako) == [("line", "sent", "")]


def test_a_message_is_worded_in_the_language_of_its_recipient(hanako, reply, sinks):
    keep_preferences(actor=hanako, language="en")
    reply()
    outbox.dispatch()
    assert sinks.sent[0][1].subject.endswith("replied to you in “古紙の回収場所”")
    assert sinks.sent[0][1].language == "en"


def test_what_came_in_a_burst_goes_out_as_one_message(hanako, reply, sinks, states):
    for _ in range(3):
        reply()
    outbox.dispatch()
    assert sinks.to(hanako.pk) == [("line", "「古紙の回収場所」であなたへの返信が3件あります")]
    assert [state for _, state, _ in states(hanako)] == ["skipped", "skipped", "sent"]


def test_a_moment_passes_before_a_reply_leaves_the_house(hanako, reply, sinks, settings, noon):
    settings.NOTIFICATION_PATIENCE = 60
    reply()
    assert outbox.dispatch() == 0
    noon.shift(61)
    reply()
    outbox.dispatch()
    assert sinks.to(hanako.pk) == [("line", "「古紙の回収場所」であなたへの返信が2件あります")]


def test_what_is_hidden_meanwhile_is_not_sent(hanako, reply, sinks, states):
    post = reply()
    talk.withdraw(actor=post.author, post=post)
    outbox.dispatch()
    assert sinks.sent == []
    assert states(hanako) == [("", "skipped", "not_permitted")]


def test_what_was_read_meanwhile_is_not_sent(hanako, reply, sinks, states):
    reply()
    services.mark_all_read(actor=hanako)
    outbox.dispatch()
    assert states(hanako) == [("", "skipped", "already_read")]


@pytest.mark.parametrize("how", ["opening the page", "reading along"])
def test_who_reads_the_talk_gets_no_mail_about_it(
    hanako, issue, reply, sinks, states, signed_in, how
):
    browser = signed_in(hanako)
    post = reply()
    if how == "opening the page":
        browser.get(f"/issues/{issue.pk}/")
    else:
        browser.post(f"/issues/{issue.pk}/read/", {"number": post.number, "read": post.number})
    outbox.dispatch()
    assert sinks.to(hanako.pk) == []
    assert states(hanako) == [("", "skipped", "already_read")]


def test_a_mute_set_meanwhile_counts(hanako, issue, reply, sinks, states):
    reply()
    Notification.objects.update(read_at=None)
    services.mute(actor=hanako, within_type="issues.issue", within_id=issue.pk)
    Notification.objects.update(read_at=None)
    outbox.dispatch()
    assert states(hanako) == [("", "skipped", "muted")]


def test_a_channel_switched_off_is_passed_over(hanako, reply, sinks):
    Wish.objects.create(person=hanako, category="talk", channel="line", is_on=False)
    reply()
    outbox.dispatch()
    assert [channel for channel, _ in sinks.to(hanako.pk)] == ["email"]


def test_who_has_no_address_is_told_in_the_app_alone(hanako, say, person, sinks, states, noon):
    say(person(), answers=say(hanako))
    outbox.dispatch()
    assert states(hanako) == [("", "skipped", "no_address")]


def test_at_night_it_waits_for_the_morning(hanako, reply, sinks, states, noon):
    noon.move_to(timezone.now().replace(hour=14))  # 23:00 in Japan
    reply()
    outbox.dispatch()
    assert sinks.sent == []
    due = Delivery.objects.get().due_at.astimezone(timezone.get_current_timezone())
    assert (due.day, due.hour) == (22, 7)
    noon.move_to(due)
    outbox.dispatch()
    assert len(sinks.sent) == 1


def test_an_urgent_message_goes_at_night_by_every_channel(hanako, reply, sinks, siren, noon):
    post = reply()
    Delivery.objects.all().delete()
    noon.move_to(timezone.now().replace(hour=16))  # 01:00 in Japan
    Rhythm.objects.create(person=hanako)
    services.notify(siren, actor=None, about=post, recipients=[hanako.pk])
    outbox.dispatch()
    assert sorted(channel for channel, _ in sinks.to(hanako.pk)) == ["email", "line"]
    assert all(message.urgent and not message.unsubscribe_url for _, message in sinks.sent)


def test_a_refused_channel_is_followed_by_the_next(hanako, reply, sinks, states):
    sinks.answer("line", "dead")
    reply()
    outbox.dispatch()
    assert states(hanako) == [("line", "dead", "told_to"), ("email", "sent", "")]
    assert len({message.key for _, message in sinks.sent}) == 2


def test_when_every_channel_refuses_the_story_ends(hanako, reply, sinks, states):
    sinks.answer("line", "dead")
    sinks.answer("email", "dead")
    reply()
    outbox.dispatch()
    assert [state for _, state, _ in states(hanako)] == ["dead", "dead", "skipped"]
    assert states(hanako)[-1][2] == "nothing_left"


def test_a_failure_is_tried_again_later_with_the_same_key(hanako, reply, sinks, states, make_due):
    sinks.answer("line", "retry", "retry")
    reply()
    outbox.dispatch()
    assert states(hanako) == [("line", "pending", "told_to")]
    assert Delivery.objects.get().due_at > timezone.now()
    for _ in range(2):
        make_due()
        outbox.dispatch()
    assert states(hanako) == [("line", "sent", "")]
    assert len({message.key for _, message in sinks.sent}) == 1


def test_after_eight_failures_it_is_given_up_and_the_next_channel_takes_over(
    hanako, reply, sinks, states, make_due
):
    sinks.answer("line", *["retry"] * 8)
    reply()
    for _ in range(8):
        make_due()
        outbox.dispatch()
    assert states(hanako) == [("line", "dead", "told_to"), ("email", "sent", "")]


def test_the_waits_grow_and_are_never_the_same_for_all():
    for attempts in range(1, 12):
        waits = {claiming.wait_after(attempts) for _ in range(20)}
        middle = min(timedelta(seconds=30) * 2 ** (attempts - 1), timedelta(hours=1))
        assert len(waits) > 1
        assert all(middle * 0.5 <= wait <= middle * 1.5 for wait in waits)


def test_a_provider_that_asks_for_rest_gets_it(hanako, reply, sinks, noon, make_due):
    sinks.answer("line", "retry", retry_after=90)
    reply()
    outbox.dispatch()
    make_due()
    outbox.dispatch()
    assert len(sinks.sent) == 1
    noon.shift(100)
    make_due()
    outbox.dispatch()
    assert len(sinks.sent) == 2


def test_an_unclear_mail_is_shown_as_unclear_and_not_repeated(
    hanako, reply, sinks, states, make_due
):
    sinks.addresses["line"].clear()
    sinks.answer("email", "unknown")
    reply()
    outbox.dispatch()
    make_due()
    outbox.dispatch()
    assert states(hanako) == [("email", "unknown", "told_to")]


def test_staff_can_try_again_what_was_given_up(hanako, reply, sinks, states, person):
    sinks.addresses["line"].clear()
    sinks.answer("email", "unknown")
    reply()
    outbox.dispatch()
    lost = Delivery.objects.get()
    with pytest.raises(NotAllowed):
        outbox.try_again(actor=hanako, delivery=lost)
    staff = person()
    grant_role(actor=None, person=staff, role=Role.CITY_STAFF)
    outbox.try_again(actor=staff, delivery=lost)
    outbox.dispatch()
    assert states(hanako) == [("email", "sent", "")]
    with pytest.raises(Conflict):
        outbox.try_again(actor=staff, delivery=lost)


def test_a_fault_in_the_words_of_one_kind_stops_nobody_else(
    hanako, reply, sinks, states, monkeypatch, person
):
    taro = person()
    sinks.reach(taro.pk, "email")
    post = reply()
    services.notify(notices.MENTION, actor=None, about=post, recipients=[taro.pk])
    broken = dataclasses.replace(notices.REPLY, headline=lambda fact, count: fact.about.nonsense)
    monkeypatch.setitem(kinds.registry._kinds, "issues.reply", broken)
    outbox.dispatch()
    assert states(hanako)[0] == ("line", "dead", "not_worded")
    assert states(taro) == [("email", "sent", "")]


def test_no_more_is_sent_at_once_than_the_channel_may(sinks, say, person, settings, noon):
    settings.NOTIFICATION_PACES = {"email": (1.0, 10), "line": (1.0, 10), "web_push": (1.0, 10)}
    people = [person() for _ in range(25)]
    for somebody in people:
        sinks.reach(somebody.pk, "email")
    post = say(person())
    services.notify(notices.MENTION, actor=None, about=post, recipients=[p.pk for p in people])
    outbox.dispatch(seconds=5)
    assert len(sinks.sent) == 10
    assert set(Delivery.objects.filter(state="pending").values_list("attempts", flat=True)) == {0}
    noon.shift(5)
    outbox.dispatch(seconds=5)
    assert len(sinks.sent) <= 15
    for _ in range(5):
        noon.shift(20)
        outbox.dispatch(seconds=5)
    assert len(sinks.sent) == len({message.key for _, message in sinks.sent}) == 25


def test_the_pace_is_kept_on_average(db, noon, settings):
    settings.NOTIFICATION_PACES = {"email": (2.0, 4)}
    granted = 0
    for _ in range(100):
        number, again_at = pace.reserve("email", 3)
        granted += number
        assert again_at >= timezone.now()
        noon.shift(0.5)
    assert 4 <= granted <= 4 + 2 * 50


def test_a_broadcast_becomes_deliveries_in_chunks_each_once(person, issue, hanako, sinks, noon):
    people = [person() for _ in range(12)]
    services.notify(
        notices.NEW_ISSUE, actor=hanako, about=issue, audience=(audiences.EVERYBODY, "")
    )
    assert outbox.write_deliveries(chunk=5, chunks=1) == 1
    assert Delivery.objects.count() == 5
    outbox.write_deliveries(chunk=5)
    keys = set(Delivery.objects.values_list("key", flat=True))
    assert len(keys) == 12
    assert set(Delivery.objects.values_list("recipient_id", flat=True)) == {p.pk for p in people}
    # A worker that was killed before its mark was written does the same again.
    Broadcast.objects.update(reached=0, written_at=None)
    outbox.write_deliveries(chunk=5)
    assert set(Delivery.objects.values_list("key", flat=True)) == keys
    sinks.reach(people[0].pk, "email")
    outbox.dispatch()
    assert [channel for channel, _ in sinks.to(people[0].pk)] == ["email"]


def test_a_round_asks_as_much_for_many_people_as_for_few(
    person, say, sinks, noon, django_assert_max_num_queries
):
    for number in (3, 60):
        people = [person() for _ in range(number)]
        for somebody in people:
            sinks.reach(somebody.pk, "line")
        post = say(person())
        services.notify(notices.MENTION, actor=None, about=post, recipients=[p.pk for p in people])
        with django_assert_max_num_queries(40):
            outbox.one_round()


def test_what_a_dead_worker_held_comes_back_and_a_mail_on_its_way_is_unclear(
    hanako, reply, sinks, states, noon
):
    reply()
    claiming.claim(size=10)
    assert outbox.recover() == 0
    noon.shift(claiming.LEASE.total_seconds() + 1)
    assert outbox.recover() == 1
    assert states(hanako) == [("", "pending", "worker_lost")]
    for channel, state in (("line", "pending"), ("email", "unknown")):
        token, _keys = claiming.claim(size=10)
        Delivery.objects.filter(claim=token).update(channel=channel, state="sending")
        noon.shift(claiming.LEASE.total_seconds() + 1)
        outbox.recover()
        assert states(hanako)[0][:2] == (channel, state)


def test_what_kills_every_worker_is_given_up(hanako, reply, sinks, states, noon):
    reply()
    for _ in range(claiming.MOST_ATTEMPTS):
        claiming.claim(size=10)
        noon.shift(claiming.LEASE.total_seconds() + 1)
        outbox.recover()
    assert states(hanako) == [("", "dead", "worker_lost")]


def test_a_worker_that_comes_back_too_late_writes_nothing(
    hanako, reply, sinks, states, noon, monkeypatch
):
    reply()

    def slow(message):
        noon.shift(claiming.LEASE.total_seconds() + 1)
        outbox.recover()
        claiming.claim(size=10)
        return channels.Result("dead", "too_late")

    sinks.answers["line"] = slow
    outbox.one_round()
    assert states(hanako)[0] == ("line", "claimed", "worker_lost")


def test_a_database_that_goes_away_before_the_result_is_written_loses_nothing(
    hanako, reply, sinks, states, noon, monkeypatch
):
    reply()
    finish = sending._finish

    def gone(*args: object) -> None:
        monkeypatch.setattr(sending, "_finish", finish)
        raise OperationalError("the server closed the connection")

    monkeypatch.setattr(sending, "_finish", gone)
    with pytest.raises(OperationalError):
        outbox.one_round()
    assert states(hanako)[0][:2] == ("line", "sending")
    noon.shift(claiming.LEASE.total_seconds() + 1)
    outbox.recover()
    outbox.dispatch()
    assert states(hanako) == [("line", "sent", "")]
    # Sent again under the same key: LINE takes it for the repeat that it is.
    assert len(sinks.sent) == 2
    assert len({message.key for _, message in sinks.sent}) == 1
