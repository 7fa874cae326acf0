"""Who is told of what: each person whom it concerns, once, and nobody of their own acts."""

import dataclasses
import uuid

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.models import Role
from accounts.services import grant_role
from core.times import tokyo_today
from issues import notices
from issues.services import issues as acts
from issues.services import parts, talk
from notifications import kinds, services
from notifications.kinds import audiences
from notifications.models import Broadcast, Delivery, Notification


def told(person):
    rows = Notification.objects.filter(recipient=person).order_by("pk")
    return [row.kind.removeprefix("issues.") for row in rows]


@pytest.fixture
def staff(person):
    somebody = person()
    grant_role(actor=None, person=somebody, role=Role.CITY_STAFF)
    return somebody


def test_the_author_hears_of_a_post_and_the_one_who_wrote_it_does_not(hanako, say, person):
    taro = person()
    say(taro)
    assert (told(hanako), told(taro)) == (["new_post"], [])


def test_who_is_answered_hears_of_the_reply_and_of_nothing_else(hanako, issue, say, person):
    taro, jiro = person(), person()
    parts.follow(actor=taro, issue=issue, wanted=True)
    post = say(taro)
    say(jiro, answers=post)
    assert told(taro) == ["reply"]
    assert told(hanako) == ["new_post", "new_post"]


def test_a_reply_to_a_reply_is_told_to_whoever_wrote_that_reply(say, person):
    taro, jiro = person(), person()
    reply = say(jiro, answers=say(taro))
    say(person(), answers=reply)
    assert told(jiro) == ["reply"]


def test_a_repeated_act_tells_nobody_twice(hanako, issue, person):
    taro, key = person(), uuid.uuid4()
    for _ in range(2):
        talk.post(actor=taro, thread=issue.thread, source="一度", key=key)
    assert told(hanako) == ["new_post"]
    assert Delivery.objects.count() == 1


def test_reactions_are_told_once_a_day_and_leave_the_house_in_the_evening(say, person):
    taro = person()
    post = say(taro)
    for kind in ("agree", "thanks"):
        talk.react(actor=person(), post=post, kind=kind, wanted=True)
    talk.react(actor=taro, post=post, kind="thanks", wanted=True)
    assert told(taro) == ["reactions"]
    due = Delivery.objects.get(recipient=taro).due_at
    assert (due - timezone.now()).total_seconds() > 0
    assert (due.astimezone(timezone.get_current_timezone()).hour, due.minute) == (18, 0)


def test_followers_hear_of_stages_promises_and_answers(hanako, issue, staff, person):
    taro = person()
    parts.follow(actor=taro, issue=issue, wanted=True)
    acts.change_stage(actor=staff, issue=issue, stage="prototype", reason="仲間が集まった")
    promised = acts.promise_answer(actor=staff, issue=issue, body="課", due_on=tokyo_today())
    acts.answer_officially(actor=staff, issue=issue, body="課", text="答", promised=promised)
    assert told(taro) == told(hanako) == ["stage_change", "answer_promised", "answer_given"]
    assert told(staff) == []


def test_an_offered_skill_is_told_to_the_author_once(hanako, issue, person):
    taro = person()
    for words in ("写真", "写真と動画"):
        parts.offer_skill(actor=taro, issue=issue, words=words)
    assert told(hanako) == ["skill_offered"]


def test_who_has_muted_an_issue_hears_nothing_of_it(hanako, issue, say, person):
    services.mute(actor=hanako, within_type="issues.issue", within_id=issue.pk)
    say(person())
    assert told(hanako) == []
    services.unmute(actor=hanako, within_type="issues.issue", within_id=issue.pk)
    say(person())
    assert told(hanako) == ["new_post"]


def test_nothing_is_told_of_an_act_that_was_undone(hanako, say, person):
    with transaction.atomic():
        say(person())
        transaction.set_rollback(True)
    assert told(hanako) == []
    assert not Delivery.objects.exists()


def test_each_notification_has_one_delivery_whose_key_stays(hanako, say, person):
    post = say(person())
    before = Delivery.objects.get()
    assert (before.recipient, before.channel, before.state) == (hanako, "", "pending")
    services.notify(notices.NEW_POST, actor=None, about=post, recipients=[hanako.pk])
    assert Delivery.objects.get().key == before.key


def test_a_whole_city_is_one_row(issue, person):
    for _ in range(3):
        person()
    for _ in range(2):
        services.notify(
            notices.NEW_ISSUE, actor=None, about=issue, audience=(audiences.EVERYBODY, "")
        )
    assert Broadcast.objects.count() == 1
    assert not Notification.objects.exists()


def test_the_number_of_queries_does_not_grow_with_the_number_of_people(
    say, person, django_assert_num_queries
):
    post = say(person())
    for number in (2, 12):
        people = [person().pk for _ in range(number)]
        with django_assert_num_queries(5):
            services.notify(notices.MENTION, actor=None, about=post, recipients=people)


def test_a_kind_that_nobody_has_registered_is_an_error(issue):
    unknown = dataclasses.replace(notices.NEW_ISSUE, name="issues.unheard_of")
    with pytest.raises(kinds.UnknownKind):
        services.notify(unknown, actor=None, about=issue)
    twin = dataclasses.replace(notices.NEW_ISSUE)
    with pytest.raises(ValueError, match="taken"):
        kinds.register(twin)


@pytest.mark.parametrize(
    "change",
    [
        {"name": "Issues Reply"},
        {"name": "issues.siren", "urgent": True},
        {
            "name": "issues.other",
            "category": dataclasses.replace(notices.TALK, position=99),
        },
    ],
)
def test_a_kind_that_contradicts_itself_is_refused_at_the_start(change):
    with pytest.raises(ValueError, match=r"issues|talk|Issues"):
        kinds.register(dataclasses.replace(notices.REPLY, **change))


def test_telling_of_a_row_of_another_model_is_an_error(issue):
    with pytest.raises(ValueError, match="is about a saved"):
        services.notify(notices.REPLY, actor=None, about=issue)


@pytest.mark.django_db(transaction=True)
def test_telling_outside_the_transaction_of_an_act_is_an_error(issue):
    with pytest.raises(ValueError, match="transaction"):
        services.notify(notices.NEW_ISSUE, actor=None, about=issue, recipients=[1])
