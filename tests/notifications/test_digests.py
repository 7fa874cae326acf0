"""Summaries: every happening is in exactly one, and the windows follow each other without gap or overlap."""

import uuid
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
import time_machine
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from issues.services import talk
from notifications import services
from notifications.models import Delivery, Digest, Notification, Rhythm
from notifications.services import outbox
from notifications.services.outbox.digests import latest_boundary
from tests.support.people import new_person

DAY = timedelta(days=1)


@pytest.fixture
def reader(hanako, sinks):
    """Hanako has mail only, and wants one a day."""
    sinks.reach(hanako.pk, "email")
    Rhythm.objects.create(person=hanako, frequency=Rhythm.Frequency.DAILY)
    return hanako


def test_one_mail_a_day_says_all_that_happened(reader, say, person, sinks, noon, states):
    mine = say(reader)
    for _ in range(2):
        say(person(), answers=mine)
    outbox.dispatch()
    assert sinks.sent == []
    assert outbox.write_digests() == 0
    noon.shift(DAY)
    assert outbox.write_digests() == 1
    outbox.dispatch()
    [(channel, message)] = sinks.sent
    assert channel == "email"
    assert message.subject == "あなたへのお知らせが1件あります"
    assert "あなたへの返信が2件あります" in message.text
    assert message.unsubscribe_url
    assert outbox.write_digests() == outbox.dispatch() == 0


def test_a_summary_leaves_out_what_was_read_muted_or_taken_back(
    reader, issue, say, person, sinks, noon
):
    mine = say(reader)
    say(person(), answers=mine)
    outbox.dispatch()
    services.mark_all_read(actor=reader)
    noon.shift(DAY)
    outbox.write_digests()
    outbox.dispatch()
    assert sinks.sent == []
    post = say(person(), answers=mine)
    outbox.dispatch()
    talk.withdraw(actor=post.author, post=post)
    noon.shift(DAY)
    outbox.write_digests()
    outbox.dispatch()
    assert sinks.sent == []


def test_what_must_be_known_waits_for_no_summary(reader, say, person, sinks, noon, monkeypatch):
    import dataclasses

    from issues import notices
    from notifications import kinds

    kind = dataclasses.replace(notices.MENTION, name="issues.must", transactional=True)
    monkeypatch.setitem(kinds.registry._kinds, kind.name, kind)
    services.notify(kind, actor=None, about=say(person()), recipients=[reader.pk])
    outbox.dispatch()
    assert len(sinks.to(reader.pk)) == 1


@pytest.mark.parametrize(
    ("frequency", "now", "boundary"),
    [
        ("daily", "2026-11-21 07:59", "2026-11-20"),
        ("daily", "2026-11-21 08:00", "2026-11-21"),
        ("weekly", "2026-11-21 12:00", "2026-11-16"),
        ("weekly", "2026-11-23 07:59", "2026-11-16"),
        ("weekly", "2026-11-23 08:00", "2026-11-23"),
    ],
)
def test_windows_end_at_eight_and_weekly_ones_on_monday(frequency, now, boundary):
    found = latest_boundary(frequency, datetime.fromisoformat(f"{now}+09:00"))
    assert found == datetime.fromisoformat(f"{boundary} 08:00+09:00")


class Windows(TestCase):
    """Whenever things happen and workers run, each happening ends in one window, in the order of time."""

    @hypothesis_settings(max_examples=40, deadline=None)
    @given(
        frequency=st.sampled_from(["daily", "weekly"]),
        hours=st.lists(st.tuples(st.integers(0, 90), st.booleans()), min_size=1, max_size=12),
    )
    def test_no_gap_no_overlap_nothing_twice(self, frequency, hours):
        with time_machine.travel(datetime(2026, 11, 2, tzinfo=UTC), tick=False) as clock:
            person = new_person()
            Rhythm.objects.create(person=person, frequency=frequency)
            number = 0
            for wait, does_happen in hours:
                clock.shift(timedelta(hours=wait))
                if does_happen:
                    number += 1
                    collect(person, number)
                outbox.write_digests()
            clock.shift(timedelta(days=15))
            outbox.write_digests()
            windows = list(Digest.objects.order_by("starts_at"))
            for earlier, later in pairwise(windows):
                assert earlier.ends_at == later.starts_at
            parts = Delivery.objects.filter(state="collected")
            assert parts.count() == number
            for part in parts:
                assert part.digest is not None
                assert part.digest.starts_at <= part.due_at < part.digest.ends_at
            carriers = Delivery.objects.exclude(state="collected")
            assert carriers.count() == len(windows)


def collect(person, number):
    now = datetime.now(tz=UTC)
    told = Notification.objects.create(
        recipient=person,
        kind="issues.reply",
        about_id=number,
        within_type="issues.issue",
        within_id=1,
        at=now,
    )
    Delivery.objects.create(
        key=uuid.uuid4(), notification=told, recipient=person, state="collected", due_at=now
    )
