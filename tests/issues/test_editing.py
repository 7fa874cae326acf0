"""Changing an issue by its page: versions that everybody sees, photos in their order, two people at once."""

import threading
import uuid

import pytest
from django.db import connections

from core.errors import Conflict, DomainError
from issues.models import Issue, Photo
from issues.services import issues as acts
from issues.services import parts
from issues.services.photos import Arrangement
from tests.core.test_photos import picture, saved
from tests.issues.test_raising import a_photo


@pytest.fixture
def author(client, issue):
    client.force_login(issue.author)
    return client


@pytest.fixture
def with_photos(person, words):
    return acts.raise_issue(
        actor=person(),
        words=words(),
        key=uuid.uuid4(),
        photos=[(a_photo()[0], words) for words in ("一", "二", "三")],
    )


@pytest.fixture
def entries():
    """What the form of an issue sends when nothing is changed: ``entries(issue, title="…")``."""

    def made(issue, **changed):
        usual = {
            "version": issue.version,
            "title": issue.title,
            "question": issue.question,
            # As browsers send it.
            "text": issue.text.replace("\n", "\r\n"),
            "category": issue.category_id,
            "tags": " ".join(issue.tags.names()),
        }
        return usual | changed

    return made


def page(client, path, status=200):
    response = client.get(path, headers={"accept-language": "ja"})
    assert response.status_code == status
    return response.content.decode()


def test_the_author_changes_every_part_of_an_issue(author, issue, entries):
    shown = page(author, f"/issues/{issue.pk}/edit/")
    assert issue.title in shown
    changed = entries(
        issue,
        title="新しい題",
        tags="除雪、通学路",
        decided_by="町会の総会",
        latitude="36.55780",
        longitude="136.67150",
    )
    answer = author.post(f"/issues/{issue.pk}/edit/", changed)
    assert answer["Location"] == f"/issues/{issue.pk}/"
    now = Issue.objects.get()
    assert (now.title, now.version, now.decided_by) == ("新しい題", 2, "町会の総会")
    assert set(now.tags.names()) == {"除雪", "通学路"}
    assert str(now.latitude) == "36.55780"


def test_saving_without_a_change_makes_no_version(author, issue, entries):
    author.post(f"/issues/{issue.pk}/edit/", entries(issue))
    now = Issue.objects.get()
    assert (now.version, now.edited_at, now.versions.count()) == (1, None, 0)


def test_everybody_sees_what_was_changed_and_how_many_had_supported_it(
    author, client, issue, entries, person
):
    for _ in range(3):
        parts.support(actor=person(), issue=issue, wanted=True)
    author.post(
        f"/issues/{issue.pk}/edit/",
        entries(issue, text="町会ごとの日が**別々の紙**です。\n新しい行"),
    )
    client.logout()
    assert f"/issues/{issue.pk}/versions/" in page(client, f"/issues/{issue.pk}/")
    shown = page(client, f"/issues/{issue.pk}/versions/")
    assert "3人が「わたしも」と言っていました" in shown
    assert "<del>" in shown
    assert "<ins>" in shown
    assert "スーパーの箱" in shown
    # Parts that stayed the same are not listed.
    assert "だれが決めますか" not in shown


def test_an_issue_that_was_never_changed_says_so(client, issue):
    assert "この課題は変更されていません" in page(client, f"/issues/{issue.pk}/versions/")


def test_many_versions_come_in_pages_of_ten_without_a_gap(client, issue, words):
    for number in range(13):
        acts.edit_issue(
            actor=issue.author,
            issue=issue,
            words=words(title=f"題{number}"),
            seen_version=number + 1,
        )
    first = client.get(f"/issues/{issue.pk}/versions/").context["history"]
    second = client.get(f"/issues/{issue.pk}/versions/", {"before": first.following}).context[
        "history"
    ]
    seen = [change.version.version for change in [*first.changes, *second.changes]]
    assert seen == list(range(13, 0, -1))
    # Across the border of pages a change is still told by its next version.
    assert second.changes[0].differences[0].after == f"題{second.changes[0].version.version - 1}"


@pytest.mark.parametrize("count", [1, 10])
def test_the_page_of_versions_costs_the_same_for_any_number(
    client, issue, words, count, django_assert_num_queries
):
    for number in range(count):
        acts.edit_issue(
            actor=issue.author,
            issue=issue,
            words=words(title=f"題{number}"),
            seen_version=number + 1,
        )
    with django_assert_num_queries(5):
        client.get(f"/issues/{issue.pk}/versions/")


def test_a_text_of_ten_thousand_tiny_sentences_is_shown_without_being_compared(
    client, issue, words
):
    acts.edit_issue(
        actor=issue.author, issue=issue, words=words(text="あ。\nい。\n" * 1600), seen_version=1
    )
    acts.edit_issue(
        actor=issue.author, issue=issue, words=words(text="い。\nう。\n" * 1600), seen_version=2
    )
    change = client.get(f"/issues/{issue.pk}/versions/").context["history"].changes[0]
    assert [one.pieces for one in change.differences] == [[]]


def test_the_second_of_two_tabs_sees_both_versions_and_goes_on_from_there(author, issue, entries):
    address = f"/issues/{issue.pk}/edit/"
    first = entries(issue, title="一つ目の画面の題", text="一つ目の画面の文。")
    second = entries(issue, title="二つ目の画面の題", decided_by="二つ目で書いた人")
    author.post(address, first)
    clash = author.post(address, second, headers={"accept-language": "ja"})
    assert clash.status_code == 409
    shown = clash.content.decode()
    for words in ("一つ目の画面の題", "一つ目の画面の文。", "二つ目の画面の題", "二つ目で書いた人"):
        assert words in shown
    form = clash.context["form"]
    assert form["title"].value() == "二つ目の画面の題"
    assert Issue.objects.get().title == "一つ目の画面の題"
    again = second | {"version": form["version"].value()}
    assert author.post(address, again).status_code == 302
    now = Issue.objects.get()
    assert (now.title, now.decided_by, now.version) == ("二つ目の画面の題", "二つ目で書いた人", 3)
    # What the first one had written is kept as a version, not lost.
    assert {version.title for version in now.versions.all()} >= {"一つ目の画面の題"}


def test_photos_change_places_get_other_words_and_go(client, with_photos, entries):
    client.force_login(with_photos.author)
    one, two, three = with_photos.photos.all()
    gone = two.picture
    changed = entries(with_photos) | {
        f"photo_{one.pk}_order": 3,
        f"photo_{one.pk}_words": "一",
        f"photo_{two.pk}_remove": "on",
        f"photo_{three.pk}_order": 1,
        f"photo_{three.pk}_words": "三つ目の新しい言葉",
        "photos": [saved(picture(), "PNG"), saved(picture(), "JPEG")],
        "photo_words": "四\n五",
    }
    assert client.post(f"/issues/{with_photos.pk}/edit/", changed).status_code == 302
    assert [(photo.words, photo.position) for photo in with_photos.photos.all()] == [
        ("三つ目の新しい言葉", 0),
        ("一", 1),
        ("四", 2),
        ("五", 3),
    ]
    assert Issue.objects.get().version == 2
    assert gone.storage.exists(gone.name)  # until the transaction has come to its end


def test_the_file_of_a_photo_that_was_taken_away_is_gone_after_the_commit(
    with_photos, words, django_capture_on_commit_callbacks
):
    photo = with_photos.photos.first()
    kept = [(other.pk, other.words) for other in with_photos.photos.all()[1:]]
    with django_capture_on_commit_callbacks(execute=True):
        acts.edit_issue(
            actor=with_photos.author,
            issue=with_photos,
            words=words(),
            seen_version=1,
            photos=Arrangement(kept=kept),
        )
    assert not photo.picture.storage.exists(photo.picture.name)
    assert not photo.thumbnail.storage.exists(photo.thumbnail.name)


@pytest.mark.parametrize(("wishes", "order"), [((3, 2, 3), "二三一"), ((1, 2, 1), "三一二")])
def test_a_photo_goes_where_it_was_sent(client, with_photos, entries, wishes, order):
    client.force_login(with_photos.author)
    photos = list(with_photos.photos.all())
    changed = entries(with_photos)
    for photo, wish in zip(photos, wishes, strict=True):
        changed |= {f"photo_{photo.pk}_order": wish, f"photo_{photo.pk}_words": photo.words}
    client.post(f"/issues/{with_photos.pk}/edit/", changed)
    assert "".join(photo.words for photo in with_photos.photos.all()) == order


def test_a_seventh_photo_is_refused_beside_its_field(client, with_photos, entries):
    client.force_login(with_photos.author)
    seven = entries(with_photos) | {"photos": [saved(picture(), "JPEG") for _ in range(4)]}
    answer = client.post(f"/issues/{with_photos.pk}/edit/", seven)
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"photos"}
    assert Photo.objects.count() == 3


def test_a_photo_of_another_issue_cannot_be_taken_over(issue, with_photos, words):
    theirs = with_photos.photos.first()
    with pytest.raises(DomainError):
        acts.edit_issue(
            actor=issue.author,
            issue=issue,
            words=words(),
            seen_version=1,
            photos=Arrangement(kept=[(theirs.pk, "")]),
        )
    assert Photo.objects.get(pk=theirs.pk).issue == with_photos


def test_the_pin_can_be_taken_off_without_a_map(author, issue, entries):
    Issue.objects.update(latitude="36.55780", longitude="136.67150")
    pinned = entries(issue, latitude="36.55780", longitude="136.67150", remove_pin="on")
    assert "remove_pin" in page(author, f"/issues/{issue.pk}/edit/")
    author.post(f"/issues/{issue.pk}/edit/", pinned)
    assert not Issue.objects.get().has_pin


def test_a_day_that_is_over_may_stay_when_something_else_is_changed(author, issue, entries):
    Issue.objects.update(wanted_by="2020-01-01")
    kept = entries(issue, wanted_by="2020-01-01", title="別の題")
    assert author.post(f"/issues/{issue.pk}/edit/", kept).status_code == 302
    moved = entries(Issue.objects.get(), wanted_by="2020-01-02")
    assert author.post(f"/issues/{issue.pk}/edit/", moved).status_code == 422


@pytest.mark.parametrize("stage", ["discussion", "closed"])
def test_the_page_is_for_the_author_of_an_open_issue_only(client, issue, person, stage):
    Issue.objects.update(stage=stage)
    client.force_login(issue.author if stage == "closed" else person())
    assert client.get(f"/issues/{issue.pk}/edit/").status_code == 403
    assert client.post(f"/issues/{issue.pk}/edit/", {}).status_code == 403


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_of_eight_who_save_at_the_same_moment_one_is_first_and_seven_are_told(issue, words):
    told = []

    def save(number):
        try:
            acts.edit_issue(
                actor=issue.author, issue=issue, words=words(title=f"題{number}"), seen_version=1
            )
        except Conflict:
            told.append(number)
        finally:
            connections.close_all()

    savers = [threading.Thread(target=save, args=(number,)) for number in range(8)]
    for saver in savers:
        saver.start()
    for saver in savers:
        saver.join(30)
    now = Issue.objects.get()
    assert (len(told), now.version, now.versions.count()) == (7, 2, 1)
