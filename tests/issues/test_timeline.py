"""The way of an issue in one list."""

import uuid
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from core.times import tokyo_today
from issues.models import Issue, Stage
from issues.selectors import timeline
from issues.selectors.issue import issue_for, page_of
from issues.services import issues as acts
from issues.services import talk


def kinds(issue, reader=None):
    return [moment.kind for moment in page_of(issue_for(issue.pk), reader=reader).timeline]


def test_everything_that_changed_the_course_stands_in_its_order(issue, words, with_role):
    office, facilitator = with_role("city_staff"), with_role("facilitator")
    acts.edit_issue(actor=issue.author, issue=issue, words=words(title="新"), seen_version=1)
    acts.change_stage(actor=facilitator, issue=issue, stage=Stage.PROTOTYPE, reason="仲間がいる")
    promised = acts.promise_answer(
        actor=office, issue=issue, body="交通政策課", due_on=tokyo_today() + timedelta(days=3)
    )
    assert kinds(issue) == ["raised", "edited", "stage", "promised"]
    with time_machine.travel(timezone.now() + timedelta(days=5)):
        assert kinds(issue) == ["raised", "edited", "stage", "promised", "overdue"]
        acts.answer_officially(
            actor=office, issue=issue, body="交通政策課", text="します。", promised=promised
        )
        assert kinds(issue)[-2:] == ["overdue", "answered"]


def test_an_answer_in_time_is_never_called_overdue(issue, with_role):
    office = with_role("city_staff")
    promised = acts.promise_answer(actor=office, issue=issue, body="課", due_on=tokyo_today())
    acts.answer_officially(actor=office, issue=issue, body="課", text="はい", promised=promised)
    with time_machine.travel(timezone.now() + timedelta(days=9)):
        assert kinds(issue) == ["raised", "promised", "answered"]


def test_rooms_above_add_what_they_know_and_decide_who_sees_it(client, issue, person, monkeypatch):
    monkeypatch.setattr(timeline, "_providers", [])

    def events_of(of, reader):
        at = of.posted_at - timedelta(days=1)
        return [timeline.Moment(at, "event", "集まり", "公民館", "/events/1/")] if reader else []

    timeline.register(events_of)
    timeline.register(events_of)
    assert kinds(issue) == ["raised"]
    assert kinds(issue, person()) == ["event", "raised"]
    client.force_login(person())
    shown = client.get(f"/issues/{issue.pk}/").content.decode()
    assert '<a href="/events/1/">集まり</a>' in shown


@pytest.mark.parametrize("count", [1, 12])
def test_a_long_way_costs_as_much_as_a_short_one(
    issue, words, with_role, count, django_assert_num_queries
):
    facilitator = with_role("facilitator")
    for number in range(count):
        stage = (Stage.PROTOTYPE, Stage.DISCUSSION)[number % 2]
        acts.change_stage(actor=facilitator, issue=issue, stage=stage, reason="理由")
        acts.edit_issue(
            actor=issue.author, issue=issue, words=words(title=f"{number}"), seen_version=number + 1
        )
    talk.post(actor=facilitator, thread=issue.thread, source="はい", key=uuid.uuid4())
    found = Issue.objects.select_related("author").get()
    with django_assert_num_queries(4):
        page_of(found, reader=None)
