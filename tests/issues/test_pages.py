"""The pages of the board, as people use them: without JavaScript, in a flat number of queries."""

import uuid

import pytest

from accounts.models import Role
from issues.models import Issue, IssueDraft, Photo, Post
from issues.services import issues as acts
from issues.services import parts, talk
from tests.core.test_photos import picture, saved


@pytest.fixture
def many(person, words):
    """More issues and posts: ``many(30)``."""

    def made(count):
        author = person()
        for number in range(count):
            issue = acts.raise_issue(
                actor=author, words=words(title=f"課題 {number}"), key=uuid.uuid4()
            )
            talk.post(actor=author, thread=issue.thread, source="はい", key=uuid.uuid4())
        return issue

    return made


def page(client, path, **query):
    response = client.get(path, query, headers={"accept-language": "ja"})
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("count", [1, 40])
def test_the_list_costs_the_same_for_any_number_of_issues(
    client, many, count, django_assert_num_queries
):
    many(count)
    with django_assert_num_queries(3):
        client.get("/issues/")


@pytest.mark.parametrize("count", [1, 40])
def test_an_issue_costs_the_same_for_any_number_of_posts(
    client, issue, person, count, django_assert_num_queries
):
    for _ in range(count):
        talk.post(actor=person(), thread=issue.thread, source="はい", key=uuid.uuid4())
    with django_assert_num_queries(10):
        client.get(f"/issues/{issue.pk}/")


def test_every_issue_is_on_exactly_one_page_of_the_list(client, many):
    many(45)
    for order in ("active", "new", "supported", "hot"):
        seen: list[str] = []
        query = {"order": order}
        while query:
            response = client.get("/issues/", query)
            seen += [issue.title for issue in response.context["page"].issues]
            following = response.context["page"].following
            query = {"order": order, "after": following} if following else {}
        assert sorted(seen) == sorted(f"課題 {number}" for number in range(45))


@pytest.mark.parametrize(
    "query",
    [
        {"after": "nonsense"},
        {"after": "WyJ4IiwgMV0"},
        {"after": "W251bGwsIG51bGxd"},
        {"order": "nonsense"},
        {"stage": "nonsense"},
    ],
)
def test_a_list_that_does_not_exist_is_explained(client, issue, query):
    assert client.get("/issues/", query).status_code == 400


@pytest.mark.parametrize(
    "query",
    [
        {"place": "x"},
        {"place": "9" * 30},
        {"place": "0"},
        {"place": "4711"},
        {"category": "x" * 900},
        {"category": "nonsense\0"},
        {"tag": "あ" * 31},
        {"tag": "\0"},
        {"unanswered": "2"},
        {"skills": "yes"},
        {"order": "new", "after": "WzEsIDFd"},
        {"order": "supported", "after": "WzEuNSwgMV0"},
        {"order": "supported", "after": "WzFlOTksIDFd"},
        {"order": "hot", "after": "W05hTiwgMV0"},
        {"order": "hot", "after": "W0luZmluaXR5LCAxXQ"},
        {"after": "WyI5OTk5LTEyLTMxVDIzOjU5OjU5LTIzOjU5IiwgMV0"},
    ],
)
def test_a_list_that_makes_no_sense_is_refused_with_a_sentence(client, issue, query):
    answer = client.get("/issues/", query)
    assert answer.status_code == 400
    assert "<h1" in answer.content.decode()


@pytest.mark.parametrize("tag", ["%_\\", "'; DROP TABLE", "🚮", "   "])
def test_an_odd_tag_finds_what_has_it_and_breaks_nothing(client, issue, tag):
    assert client.get("/issues/", {"tag": tag}).status_code == 200


def test_filters_find_what_they_say(client, issue, person, words):
    other = acts.raise_issue(
        actor=person(), words=words(title="雪の道", tags=("除雪",)), key=uuid.uuid4()
    )
    talk.post(actor=person(), thread=issue.thread, source="はい", key=uuid.uuid4())
    assert "雪の道" not in page(client, "/issues/", tag="ゴミ")
    assert "古紙の" not in page(client, "/issues/", tag="除雪")
    assert "古紙の" not in page(client, "/issues/", unanswered="1")
    assert other.title in page(client, "/issues/", unanswered="1")
    assert other.title not in page(client, "/issues/", stage="closed")


def test_somebody_raises_an_issue_with_a_photo(client, person, category):
    client.force_login(person())
    form = page(client, "/issues/new/")
    answer = client.post(
        "/issues/new/",
        {
            "key": str(uuid.uuid4()),
            "title": "歩道の雪",
            "question": "だれと、何時までに？",
            "text": "朝の通学に間に合いません。",
            "category": category.pk,
            "tags": "除雪、通学路",
            "photos": [saved(picture(), "JPEG")],
            "photo_words": "雪の歩道",
        },
    )
    issue = Issue.objects.get()
    assert answer["Location"] == f"/issues/{issue.pk}/"
    shown = page(client, f"/issues/{issue.pk}/")
    photo = issue.photos.get()
    assert f"/issues/photos/{photo.pk}/" in shown
    assert 'alt="雪の歩道"' in shown
    assert client.get(f"/issues/photos/{photo.pk}/")["Content-Type"] == "image/jpeg"
    assert "みなさんに聞きたいこと" in form


def test_a_refused_form_keeps_what_was_typed(client, person, category):
    client.force_login(person())
    answer = client.post(
        "/issues/new/",
        {"key": str(uuid.uuid4()), "title": "題だけ", "photos": [saved(picture(), "GIF")]},
    )
    assert answer.status_code == 422
    assert "題だけ" in answer.content.decode()
    assert not Issue.objects.exists()


def test_a_talk_goes_on_by_forms_alone(client, issue, person):
    taro = person("taro", display_name="太郎")
    client.force_login(taro)
    address = f"/issues/{issue.pk}/"
    client.post(f"{address}posts/", {"key": str(uuid.uuid4()), "source": "地図がうれしいです。"})
    client.post(
        f"{address}posts/", {"key": str(uuid.uuid4()), "source": "わたしも。", "answers": 1}
    )
    client.post(f"{address}posts/1/react/", {"kind": "thanks", "wanted": "1"})
    client.post(
        f"{address}posts/1/edit/", {"source": "地図と紙。", "seen_source": "地図がうれしいです。"}
    )
    client.post(f"{address}posts/2/withdraw/")
    client.post(f"{address}support/", {"wanted": "1"})
    shown = page(client, address)
    assert "地図と紙。" in shown
    assert "投稿した人が削除しました" in shown
    assert "わたしも。" not in shown
    assert "ありがとう 1" in shown
    assert Issue.objects.get().support_count == 1


def test_words_that_were_hidden_are_nowhere_on_the_page(client, issue, person, with_role):
    post = talk.post(actor=person(), thread=issue.thread, source="ひどい言葉", key=uuid.uuid4())
    client.force_login(with_role(Role.FACILITATOR))
    client.post(f"/issues/{issue.pk}/posts/1/hide/", {"reason": "悪口"})
    assert Post.objects.get(pk=post.pk).state == Post.State.HIDDEN
    assert "ひどい言葉" not in page(client, f"/issues/{issue.pk}/")


@pytest.mark.parametrize("path", ["stage/", "official-answer/", "posts/1/hide/", "posts/1/edit/"])
def test_doors_that_are_not_for_everybody_stay_closed(client, issue, person, path):
    talk.post(actor=issue.author, thread=issue.thread, source="はい", key=uuid.uuid4())
    client.force_login(person())
    assert client.get(f"/issues/{issue.pk}/{path}").status_code == 403
    assert client.post(f"/issues/{issue.pk}/{path}").status_code == 403


def test_the_line_new_from_here_stands_before_what_one_has_not_read(client, issue, person):
    reader = person()
    client.force_login(reader)
    talk.post(actor=person(), thread=issue.thread, source="一つ目", key=uuid.uuid4())
    assert "ここから新着" not in page(client, f"/issues/{issue.pk}/")
    talk.post(actor=person(), thread=issue.thread, source="二つ目", key=uuid.uuid4())
    shown = page(client, f"/issues/{issue.pk}/")
    assert shown.index("一つ目") < shown.index("ここから新着") < shown.index("二つ目")


def test_a_long_thread_opens_in_pieces(client, issue, person):
    author = person()
    for number in range(120):
        talk.post(actor=author, thread=issue.thread, source=f"その{number + 1}番", key=uuid.uuid4())
    newest = client.get(f"/issues/{issue.pk}/").context["talk"]
    assert [newest.posts[0].post.number, newest.posts[-1].post.number] == [71, 120]
    earlier = client.get(f"/issues/{issue.pk}/", {"before": newest.earlier}).context["talk"]
    assert [earlier.posts[0].post.number, earlier.posts[-1].post.number] == [21, 70]
    later = client.get(f"/issues/{issue.pk}/", {"after": earlier.later}).context["talk"]
    assert [later.posts[0].post.number, later.posts[-1].post.number] == [71, 120]


def test_the_home_page_says_what_moved(client, issue, person):
    parts.support(actor=person(), issue=issue, wanted=True)
    assert issue.title in page(client, "/")


def test_a_missing_issue_is_a_friendly_404(client, db):
    response = client.get("/issues/4711/")
    assert response.status_code == 404


def test_the_demo_board_is_full_of_life_and_loading_it_twice_changes_nothing(client, db):
    from django.core.management import call_command

    call_command("demo")
    before = list(Issue.objects.order_by("pk").values_list("pk", "title", "support_count"))
    call_command("demo")
    assert list(Issue.objects.order_by("pk").values_list("pk", "title", "support_count")) == before
    assert len(before) == 7
    assert Issue.objects.filter(latitude__isnull=False).count() == 4
    assert Photo.objects.exclude(words="").count() == 3
    assert IssueDraft.objects.get().author.username == "jumin"
    assert Post.objects.count() == 10
