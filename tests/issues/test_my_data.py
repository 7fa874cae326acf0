"""What the board hands out to a person about themselves, and what it forgets when they leave."""

import io
import json
import uuid
import zipfile

import pytest

from accounts.services import erase_account, personal_data
from issues.models import Follow, Issue, IssueDraft, Post, Reaction, ReadPosition, SkillOffer
from issues.services import drafts, parts, talk
from issues.services import issues as acts
from tests.issues.test_raising import a_photo


@pytest.fixture
def taro(person, words, issue):
    """Somebody who has done everything once, on an issue of her own and on one of others."""
    taro = person("taro", display_name="太郎")
    own = acts.raise_issue(
        actor=taro,
        words=words(title="太郎の課題", text="太郎の文"),
        key=uuid.uuid4(),
        photos=[a_photo()],
    )
    acts.edit_issue(
        actor=taro,
        issue=own,
        words=words(title="太郎の新しい題", text="太郎の新しい文"),
        seen_version=1,
    )
    post = talk.post(actor=taro, thread=issue.thread, source="太郎の投稿", key=uuid.uuid4())
    talk.edit(actor=taro, post=post, source="太郎の直した投稿")
    parts.support(actor=taro, issue=issue, wanted=True)
    parts.follow(actor=taro, issue=issue, wanted=True)
    parts.offer_skill(actor=taro, issue=issue, words="地図が作れます")
    other = talk.post(actor=issue.author, thread=issue.thread, source="はい", key=uuid.uuid4())
    talk.react(actor=taro, post=other, kind="thanks", wanted=True)
    talk.mark_read(actor=taro, thread=issue.thread, number=2)
    drafts.save_draft(actor=taro, key=uuid.uuid4(), typed={"title": "太郎の下書き"})
    return taro


def archive_of(person):
    return zipfile.ZipFile(io.BytesIO(b"".join(personal_data.archive(person))))


def test_everything_of_ones_own_is_in_the_archive_with_the_photos(taro):
    archive = archive_of(taro)
    kept = json.loads(archive.read("issues.json"))
    for name, words in {
        "issues": "太郎の新しい題",
        "earlier_versions_of_issues": "太郎の課題",
        "drafts": "太郎の下書き",
        "posts": "太郎の直した投稿",
        "earlier_versions_of_posts": "太郎の投稿",
        "offered_skills": "地図が作れます",
    }.items():
        assert words in json.dumps(kept[name], ensure_ascii=False)
    assert [len(kept[name]) for name in ("me_too", "following", "reactions", "read_up_to")] == [
        1,
        2,
        1,
        1,
    ]
    (photo,) = [name for name in archive.namelist() if name.startswith("issues/")]
    assert archive.read(photo).startswith(b"\xff\xd8")


def test_nothing_of_others_is_in_the_archive(taro, issue, person):
    drafts.save_draft(actor=issue.author, key=uuid.uuid4(), typed={"title": "花子の下書き"})
    everything = archive_of(taro).read("issues.json").decode()
    assert "花子の下書き" not in everything
    assert issue.text not in everything


def test_after_leaving_what_was_said_stays_and_what_was_private_is_gone(client, taro, issue):
    before = Issue.objects.get(pk=issue.pk)
    erase_account(actor=taro, person=taro)
    for model, field in (
        (IssueDraft, "author"),
        (Follow, "person"),
        (SkillOffer, "person"),
        (ReadPosition, "person"),
    ):
        assert not model.objects.filter(**{field: taro}).exists()
    now = Issue.objects.get(pk=issue.pk)
    assert (now.support_count, now.follow_count) == (before.support_count, before.follow_count - 1)
    assert Post.objects.filter(author=taro).count() == 1
    assert Reaction.objects.filter(person=taro).count() == 1
    for path in (
        f"/issues/{issue.pk}/",
        f"/issues/{taro.issues.get().pk}/",
        f"/issues/{taro.issues.get().pk}/versions/",
    ):
        shown = client.get(path, headers={"accept-language": "ja"}).content.decode()
        assert "退会した利用者" in shown
    assert "太郎 さん" not in shown
