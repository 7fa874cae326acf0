"""Drafts: kept while somebody types, seen by nobody else, gone when the issue stands on the board."""

import threading
import uuid

import pytest
from django.conf import settings as city
from django.db import connections, transaction

from core.errors import DomainError
from issues.models import Issue, IssueDraft
from issues.services import drafts
from issues.services import issues as acts
from tests.core.test_photos import picture, saved

SCRIPT = {"accept": "application/json"}


@pytest.fixture
def hanako(client, person):
    hanako = person("hanako")
    client.force_login(hanako)
    return hanako


@pytest.fixture
def typed():
    return {"key": str(uuid.uuid4()), "title": "歩道の雪", "text": "朝の"}


@pytest.fixture
def draft(hanako):
    return drafts.save_draft(actor=hanako, key=uuid.uuid4(), typed={"title": "書きかけの題"})


def test_the_script_of_the_form_saves_again_and_again_one_draft(client, hanako, typed):
    first = client.post("/issues/drafts/save/", typed, headers=SCRIPT).json()
    second = client.post(
        "/issues/drafts/save/", typed | {"text": "朝の通学"}, headers=SCRIPT
    ).json()
    assert first["pk"] == second["pk"]
    assert second["saved_at"]
    assert IssueDraft.objects.get().typed["text"] == "朝の通学"


def test_the_button_works_without_a_script_and_says_that_photos_are_left_out(client, hanako, typed):
    answer = client.post(
        "/issues/drafts/save/",
        typed | {"photos": saved(picture(), "JPEG")},
        follow=True,
        headers={"accept-language": "ja"},
    )
    assert answer.redirect_chain == [(f"/issues/new/?draft={IssueDraft.objects.get().pk}", 302)]
    shown = answer.content.decode()
    assert "写真は保存されない" in shown
    assert "歩道の雪" in shown


def test_an_opened_draft_is_raised_with_its_own_key_and_is_gone_then(
    client, hanako, draft, category
):
    form = client.get("/issues/new/", {"draft": draft.pk}).context["form"]
    assert form["title"].value() == "書きかけの題"
    assert form["key"].value() == str(draft.key)
    entries = {
        "key": str(form["key"].value()),
        "title": "題",
        "question": "問い",
        "text": "文",
        "category": category.pk,
    }
    assert client.post("/issues/new/", entries).status_code == 302
    assert not IssueDraft.objects.exists()


def test_a_copy_that_arrives_late_brings_no_draft_back(client, hanako, words, typed):
    acts.raise_issue(actor=hanako, words=words(), key=uuid.UUID(typed["key"]))
    assert client.post("/issues/drafts/save/", typed, headers=SCRIPT).json()["raised"]
    assert client.post("/issues/drafts/save/", typed).status_code == 409
    assert not IssueDraft.objects.exists()


def test_drafts_are_listed_for_their_author_and_lead_back_to_the_form(client, hanako, draft):
    for path in ("/issues/drafts/", "/issues/new/"):
        shown = client.get(path).content.decode()
        assert "書きかけの題" in shown
        assert f"/issues/new/?draft={draft.pk}" in shown


def test_nobody_else_sees_changes_or_deletes_a_draft(client, draft, person):
    client.force_login(person())
    assert "書きかけの題" not in client.get("/issues/drafts/").content.decode()
    assert client.get("/issues/new/", {"draft": draft.pk}).status_code == 404
    assert client.post(f"/issues/drafts/{draft.pk}/discard/").status_code == 404
    # The same key of another person is another draft.
    client.post("/issues/drafts/save/", {"key": str(draft.key), "title": "別の人"}, headers=SCRIPT)
    draft.refresh_from_db()
    assert draft.typed["title"] == "書きかけの題"


def test_a_draft_can_be_thrown_away(client, hanako, draft):
    assert client.post(f"/issues/drafts/{draft.pk}/discard/").status_code == 302
    assert not IssueDraft.objects.exists()


def test_what_was_emptied_again_leaves_no_draft(client, hanako, typed):
    client.post("/issues/drafts/save/", typed, headers=SCRIPT)
    empty = {"key": typed["key"], "title": " ", "text": ""}
    assert client.post("/issues/drafts/save/", empty, headers=SCRIPT).json()["pk"] is None
    assert not IssueDraft.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"key": "nonsense"}, 400),
        ({"text": "あ" * 20_001}, 413),
        ({"text": "あ" * 200_000}, 413),
    ],
)
def test_what_is_no_draft_is_refused_with_a_sentence(client, hanako, typed, wrong, status):
    answer = client.post("/issues/drafts/save/", typed | wrong, headers=SCRIPT)
    assert answer.status_code == status
    assert answer.json()["sentence"]
    assert not IssueDraft.objects.exists()


def test_only_fields_of_the_form_are_kept_and_no_nul(client, hanako, typed):
    client.post(
        "/issues/drafts/save/", typed | {"stranger": "x", "title": "a\x00b"}, headers=SCRIPT
    )
    kept = IssueDraft.objects.get().typed
    assert set(kept) == set(drafts.FIELDS)
    assert kept["title"] == "ab"


def test_there_are_twenty_drafts_at_most_and_those_can_still_be_changed(hanako):
    for _ in range(20):
        kept = drafts.save_draft(actor=hanako, key=uuid.uuid4(), typed={"title": "題"})
    assert kept is not None
    with pytest.raises(DomainError):
        drafts.save_draft(actor=hanako, key=uuid.uuid4(), typed={"title": "題"})
    drafts.save_draft(actor=hanako, key=kept.key, typed={"title": "別の題"})
    assert IssueDraft.objects.filter(author=hanako).count() == 20


def test_saving_without_end_is_slowed_down(client, hanako, typed, private_redis):
    assert city.ACCOUNT_RATE_LIMITS["issue_draft"] == "60/m/user"
    answers = [
        client.post("/issues/drafts/save/", typed, headers=SCRIPT).status_code for _ in range(61)
    ]
    assert answers == [200] * 60 + [429]


def test_looking_something_up_without_a_script_loses_nothing(client, hanako, typed):
    answer = client.post(
        "/issues/new/", typed | {"look": "similar"}, headers={"accept-language": "ja"}
    )
    assert answer.status_code == 200
    assert answer.context["form"]["text"].value() == "朝の"
    assert "似た課題は見つかりませんでした" in answer.content.decode()
    assert IssueDraft.objects.get().typed["title"] == "歩道の雪"
    assert not Issue.objects.exists()


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_draft_that_is_saved_while_its_issue_is_being_raised_is_not_left_over(person, words):
    hanako, written, key = person(), words(), uuid.uuid4()
    refused = []

    def save():
        try:
            drafts.save_draft(actor=hanako, key=key, typed={"title": "題"})
        except drafts.RaisedAlready as error:
            refused.append(error)
        finally:
            connections.close_all()

    saver = threading.Thread(target=save)
    with transaction.atomic():
        acts.raise_issue(actor=hanako, words=written, key=key)
        saver.start()
        # Long enough for the other transaction to run into whatever it runs into.
        saver.join(1)
    saver.join(10)
    assert len(refused) == 1
    assert not IssueDraft.objects.exists()


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_twenty_drafts_are_the_most_even_when_they_come_at_the_same_moment(person):
    hanako = person()
    for _ in range(18):
        drafts.save_draft(actor=hanako, key=uuid.uuid4(), typed={"title": "題"})
    together = threading.Barrier(8)

    def save():
        together.wait(10)
        try:
            drafts.save_draft(actor=hanako, key=uuid.uuid4(), typed={"title": "題"})
        except drafts.TooManyDrafts:
            pass
        finally:
            connections.close_all()

    savers = [threading.Thread(target=save) for _ in range(8)]
    for saver in savers:
        saver.start()
    for saver in savers:
        saver.join(20)
    assert IssueDraft.objects.count() == 20
