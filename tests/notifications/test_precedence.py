"""The order of precedence: tried out on every mixture of circumstances."""

import dataclasses
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.times import TOKYO
from notifications.kinds.precedence import OUTSIDE, Act, Circumstances, Quiet, Reason, decide
from notifications.models import Channel, Rhythm

moments = st.integers(0, 400 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
times = st.times().map(lambda at: at.replace(second=0, microsecond=0))
some_channels = st.frozensets(st.sampled_from([str(channel) for channel in OUTSIDE]))
quiets = st.none() | st.builds(Quiet, times, times)
mixtures = st.builds(
    Circumstances,
    now=moments,
    is_active=st.booleans(),
    may_see=st.booleans(),
    has_read=st.booleans(),
    is_muted=st.booleans(),
    is_reading=st.booleans(),
    transactional=st.booleans(),
    urgent=st.booleans(),
    wanted=st.frozensets(st.sampled_from(Channel.values)),
    reachable=some_channels,
    tried=some_channels,
    bound_to=st.sampled_from(["", *map(str, OUTSIDE)]),
    quiet=quiets,
    frequency=st.sampled_from(Rhythm.Frequency.values),
)


@given(mixtures)
def test_there_is_always_one_answer_and_it_is_whole(case):
    found = decide(case)
    assert (found.act == Act.SEND) == bool(found.channels)
    assert (found.act == Act.WAIT) == (found.until is not None)
    assert found.until is None or found.until > case.now


@given(mixtures)
def test_nothing_goes_where_it_may_not(case):
    found = decide(case)
    assert set(found.channels) <= case.reachable - case.tried
    if case.bound_to:
        assert set(found.channels) <= {case.bound_to}
    if not case.transactional:
        assert set(found.channels) <= case.wanted
    if not (case.is_active and case.may_see):
        assert found.act == Act.SKIP


@given(mixtures)
def test_what_must_be_known_passes_over_wishes(case):
    case = dataclasses.replace(case, transactional=True)
    other = dataclasses.replace(
        case, is_muted=not case.is_muted, is_reading=not case.is_reading, frequency="weekly"
    )
    assert decide(case) == decide(other)
    free = dataclasses.replace(case, is_active=True, may_see=True, has_read=False, bound_to="")
    assert (decide(free).act in (Act.SEND, Act.WAIT)) == bool(case.reachable - case.tried)


@given(mixtures)
def test_only_what_is_urgent_goes_at_night_and_by_more_than_one_way(case):
    found = decide(case)
    if found.act == Act.SEND and not case.urgent:
        assert len(found.channels) == 1
        assert case.quiet is None or case.quiet.end_of(case.now) is None
    assert not (case.urgent and found.act == Act.WAIT)


@given(mixtures)
def test_taking_a_wish_away_never_sends_more(case):
    less = dataclasses.replace(case, wanted=frozenset(), transactional=False)
    assert decide(less).act == Act.SKIP


@given(moments, times, times)
def test_who_waited_is_told_when_the_night_is_over(now, begins, ends):
    case = dataclasses.replace(ALL_WELL, now=now, quiet=Quiet(begins, ends))
    found = decide(case)
    if found.act == Act.WAIT:
        assert found.until is not None
        found = decide(dataclasses.replace(case, now=found.until))
    assert found.act == Act.SEND


@given(st.builds(Quiet, times, times), moments)
def test_quiet_hours_end_within_a_day_at_the_hour_that_was_chosen(quiet, now):
    end = quiet.end_of(now)
    if end is None:
        return
    assert timedelta() < end - now <= timedelta(days=1)
    assert end.astimezone(TOKYO).time() == quiet.ends
    assert quiet.end_of(end) is None


@pytest.mark.parametrize(
    ("hour", "is_night"), [(20, False), (21, True), (23, True), (0, True), (6, True), (7, False)]
)
def test_the_night_is_from_nine_to_seven_unless_somebody_chooses_otherwise(hour, is_night):
    rhythm = Rhythm()
    quiet = Quiet(rhythm.quiet_from, rhythm.quiet_until)
    now = datetime(2026, 11, 21, hour, 0, tzinfo=TOKYO)
    assert (quiet.end_of(now) is not None) == is_night


ALL_WELL = Circumstances(
    now=datetime(2026, 11, 21, 3, tzinfo=UTC),
    wanted=frozenset(Channel.values),
    reachable=frozenset(map(str, OUTSIDE)),
    quiet=Quiet(time(21), time(7)),
)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, Reason.WANTED),
        ({"frequency": "daily"}, Reason.WANTED),
        ({"frequency": "daily", "reachable": frozenset({"email"})}, Reason.IN_SUMMARY),
        ({"now": datetime(2026, 11, 21, 14, tzinfo=UTC)}, Reason.QUIET_HOURS),
        ({"is_reading": True}, Reason.READING_NOW),
        ({"reachable": frozenset(), "is_reading": True}, Reason.NO_ADDRESS),
        ({"tried": frozenset(map(str, OUTSIDE))}, Reason.NOTHING_LEFT),
        ({"wanted": frozenset({"in_app"}), "reachable": frozenset()}, Reason.SWITCHED_OFF),
        ({"is_muted": True, "wanted": frozenset()}, Reason.MUTED),
        ({"has_read": True, "is_muted": True}, Reason.ALREADY_READ),
        ({"may_see": False, "has_read": True}, Reason.NOT_PERMITTED),
        ({"is_active": False, "may_see": False}, Reason.ACCOUNT_CLOSED),
        ({"transactional": True, "is_muted": True, "wanted": frozenset()}, Reason.TRANSACTIONAL),
    ],
)
def test_the_first_rule_that_applies_answers(changes, reason):
    assert decide(dataclasses.replace(ALL_WELL, **changes)).reason == reason


def test_line_goes_before_mail_and_mail_before_push():
    assert decide(ALL_WELL).channels == ["line"]
    without = dataclasses.replace(ALL_WELL, tried=frozenset({"line"}))
    assert decide(without).channels == ["email"]
    urgent = dataclasses.replace(ALL_WELL, transactional=True, urgent=True)
    assert decide(urgent).channels == ["line", "email", "web_push"]
