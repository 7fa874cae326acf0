"""Raising an issue, changing its words, moving it on, answering it officially."""

import uuid
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override
from PIL import Image

from accounts.models import Role
from core.errors import Conflict, DomainError, NotAllowed
from core.models import AuditEntry
from core.photos import cleaned
from core.times import tokyo_today
from issues.models import Follow, Issue, Stage, Tag
from issues.services import issues as acts


def a_photo():
    buffer = BytesIO()
    Image.new("RGB", (40, 30), "red").save(buffer, "JPEG")
    return cleaned(buffer), "赤い箱"


def test_an_issue_stands_on_the_board_with_its_author_as_follower(issue):
    assert Issue.objects.get().html.count("<strong>") == 1
    assert Follow.objects.get(issue=issue).person == issue.author
    assert issue.follow_count == 1
    assert AuditEntry.objects.filter(act="issues.raised", target_id=str(issue.pk)).count() == 1


def test_a_double_click_raises_one_issue(person, words):
    key, hanako = uuid.uuid4(), person()
    first = acts.raise_issue(actor=hanako, words=words(), key=key)
    assert acts.raise_issue(actor=hanako, words=words(title="別の題"), key=key) == first
    assert Issue.objects.count() == 1


def test_tags_in_other_spellings_are_the_same_tag(issue, person, words):
    other = acts.raise_issue(
        actor=person(), words=words(tags=("ゴミ", "ｺﾞﾐ", "除雪")), key=uuid.uuid4()
    )
    assert set(Tag.objects.values_list("name", flat=True)) == {"ごみ", "地図", "除雪"}
    assert set(Issue.objects.tagged_with("ごみ")) == {issue, other}


@pytest.mark.parametrize(
    "wrong",
    [
        {"tags": ("あ" * 500,)},
        {"tags": tuple(f"札{number}" for number in range(9))},
        {"title": "題" * 81},
        {"title": "  \u200b "},
        {"question": "問" * 201},
    ],
)
def test_what_is_too_long_or_missing_is_refused_and_nothing_is_written(person, words, wrong):
    with pytest.raises((DomainError, ValidationError)):
        acts.raise_issue(actor=person(), words=words(**wrong), key=uuid.uuid4())
    assert Issue.objects.count() == 0
    assert Tag.objects.count() == 0


def test_six_photos_are_kept_in_their_order_and_seven_are_refused(person, words):
    issue = acts.raise_issue(
        actor=person(), words=words(), key=uuid.uuid4(), photos=[a_photo() for _ in range(6)]
    )
    assert [photo.position for photo in issue.photos.all()] == [0, 1, 2, 3, 4, 5]
    assert {photo.words for photo in issue.photos.all()} == {"赤い箱"}
    with pytest.raises(DomainError):
        acts.raise_issue(actor=person(), words=words(), key=uuid.uuid4(), photos=[a_photo()] * 7)


def test_an_edit_keeps_the_words_that_people_had_supported(issue, words):
    Issue.objects.update(support_count=3)
    acts.edit_issue(actor=issue.author, issue=issue, words=words(title="新しい題"), seen_version=1)
    earlier = issue.versions.get()
    assert (earlier.title, earlier.supports_then) == ("古紙の回収場所が、すぐ分かるようにしたい", 3)
    assert Issue.objects.get().title == "新しい題"


def test_the_second_of_two_who_edit_at_once_is_told(issue, words):
    acts.edit_issue(actor=issue.author, issue=issue, words=words(title="一人目"), seen_version=1)
    with pytest.raises(Conflict):
        acts.edit_issue(
            actor=issue.author, issue=issue, words=words(title="二人目"), seen_version=1
        )
    assert Issue.objects.get().title == "一人目"


def test_nobody_else_changes_the_words(issue, person, words):
    with pytest.raises(NotAllowed):
        acts.edit_issue(actor=person(), issue=issue, words=words(), seen_version=1)


@pytest.mark.parametrize("role", [Role.FACILITATOR, Role.CITY_STAFF])
def test_a_change_of_stage_keeps_who_when_and_why(issue, with_role, role):
    somebody = with_role(role)
    acts.change_stage(
        actor=somebody, issue=issue, stage=Stage.PROTOTYPE, reason="試作の仲間ができた"
    )
    change = issue.stage_changes.get()
    assert (change.before, change.after, change.actor) == ("discussion", "prototype", somebody)
    assert Issue.objects.get().stage == Stage.PROTOTYPE
    assert issue.thread.events.get().kind == "stage"


def test_a_stage_changes_only_for_those_who_may_with_a_reason_and_to_another_one(issue, person):
    with pytest.raises(NotAllowed):
        acts.change_stage(actor=person(), issue=issue, stage=Stage.CLOSED, reason="終わり")
    with pytest.raises(DomainError):
        acts.change_stage(actor=issue.author, issue=issue, stage=Stage.CLOSED, reason=" ")
    with pytest.raises(DomainError):
        acts.change_stage(actor=issue.author, issue=issue, stage="nonsense", reason="x")
    with pytest.raises(Conflict):
        acts.change_stage(actor=issue.author, issue=issue, stage=Stage.DISCUSSION, reason="x")


def test_the_city_promises_an_answer_and_gives_it_once(issue, with_role):
    office = with_role(Role.CITY_STAFF)
    due = tokyo_today() + timedelta(days=14)
    promised = acts.promise_answer(actor=office, issue=issue, body="ごみ減量推進課", due_on=due)
    acts.answer_officially(
        actor=office,
        issue=issue,
        body="ごみ減量推進課",
        text="一覧を公開します。",
        promised=promised,
    )
    assert issue.official_answers.get().answered_by == office
    assert Issue.objects.get().has_official_answer
    with pytest.raises(Conflict):
        acts.answer_officially(actor=office, issue=issue, body="x", text="x", promised=promised)


def test_only_city_staff_answer_officially(issue, with_role):
    with pytest.raises(NotAllowed):
        acts.answer_officially(
            actor=with_role(Role.FACILITATOR), issue=issue, body="市", text="はい。"
        )


@pytest.mark.parametrize(
    ("language", "name"), [("ja", "環境・ごみ"), ("ja-easy", "ごみ"), ("en", "Waste")]
)
def test_a_category_speaks_the_language_of_the_reader(category, language, name):
    with override(language):
        assert str(category) == name
