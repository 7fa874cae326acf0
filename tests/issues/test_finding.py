"""What the search finds of the board, and the similar issues beside the form."""

import uuid

import pytest
from django.core.management import call_command

from core.models import AuditEntry
from issues.models import Issue, Support
from issues.selectors.similar import similar_to
from issues.services import issues as acts
from issues.services import talk
from search.models import SearchDocument


def hits(client, typed):
    results = client.get("/search/", {"q": typed}).context["results"]
    return [(hit.kind.slug, hit.url) for hit in results.hits]


def found(client, typed):
    return [kind for kind, _url in hits(client, typed)]


@pytest.fixture
def post(issue, person):
    return talk.post(
        actor=person(),
        thread=issue.thread,
        source="**回覧板**の裏に印刷できます。",
        key=uuid.uuid4(),
    )


def test_an_issue_is_found_by_title_text_question_and_tag(client, issue):
    for word in ("回収場所", "スーパー", "何曜日", "地図"):
        assert hits(client, word) == [("issue", f"/issues/{issue.pk}/")]


def test_an_edited_issue_is_found_by_its_new_words_only(client, issue, words):
    acts.edit_issue(
        actor=issue.author, issue=issue, words=words(title="紙ごみの日"), seen_version=1
    )
    assert found(client, "紙ごみの日") == ["issue"]
    assert found(client, "回収場所") == []


def test_a_post_is_found_under_the_title_of_its_issue_and_leads_to_its_place(client, issue, post):
    ((kind, url),) = hits(client, "回覧板")
    assert kind == "post"
    assert url.endswith("#p1")
    assert client.get(url.partition("#")[0]).status_code == 200


def test_a_post_that_is_hidden_or_withdrawn_is_not_found_and_shown_again_it_is(
    client, post, with_role
):
    from accounts.models import Role

    facilitator = with_role(Role.FACILITATOR)
    talk.edit(actor=post.author, post=post, source="公民館の裏")
    assert (found(client, "回覧板"), found(client, "公民館")) == ([], ["post"])
    talk.hide(actor=facilitator, post=post, reason="確認のため")
    assert found(client, "公民館") == []
    talk.show_again(actor=facilitator, post=post)
    assert found(client, "公民館") == ["post"]
    talk.withdraw(actor=post.author, post=post)
    assert found(client, "公民館") == []


def test_the_rebuild_finds_what_the_acts_had_written(client, issue, post):
    before = set(SearchDocument.objects.values_list("kind", "object_id", "folded", "url"))
    call_command("rebuild_search", "--from-scratch", verbosity=0)
    assert set(SearchDocument.objects.values_list("kind", "object_id", "folded", "url")) == before


@pytest.fixture
def board(person, words):
    """Issues with these titles."""
    titles = (
        "古紙の回収場所が、すぐ分かるようにしたい",
        "歩道の除雪が、子どもの通学に間に合わない",
        "バスが時間どおりに来ない日が多い",
        "耳の聞こえにくい人が、町会の集まりに出やすくしたい",
        "ゴミの分別のきまりが難しい",
    )
    author = person()
    for title in titles:
        acts.raise_issue(
            actor=author,
            words=words(title=title, text="文", question="問い", tags=()),
            key=uuid.uuid4(),
        )


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("古い紙や雑誌の回収の場所を知りたい", "古紙の回収"),
        ("通学路の除雪をしてほしい", "歩道の除雪"),
        ("朝のバスが遅れて困る", ""),
        ("バスの時間", "バスが時間どおり"),
        ("ごみのぶんべつ", "ゴミの分別"),
        ("ゴミ分別", "ゴミの分別"),
        ("耳が聞こえにくい人の集まり", "耳の聞こえにくい"),
        ("図書館の開く時間を長く", ""),
        ("!?。", ""),
        ("", ""),
    ],
)
def test_a_title_that_is_being_typed_finds_its_neighbours(board, person, typed, first):
    titles = [one.issue.title for one in similar_to(typed, reader=person())]
    assert [title[: len(first)] for title in titles[:1]] == ([first] if first else [])


def test_only_the_most_similar_five_are_offered(person, words):
    author = person()
    for number in range(8):
        acts.raise_issue(
            actor=author, words=words(title=f"除雪の手伝い その{number}"), key=uuid.uuid4()
        )
    assert len(similar_to("除雪の手伝い", reader=author)) == 5


@pytest.mark.parametrize("count", [1, 30])
def test_similar_issues_cost_the_same_for_any_number(
    person, words, count, django_assert_max_num_queries
):
    author = person()
    for number in range(count):
        acts.raise_issue(
            actor=author, words=words(title=f"除雪の手伝い その{number}"), key=uuid.uuid4()
        )
    with django_assert_max_num_queries(9):
        assert similar_to("除雪の手伝い", reader=author)


def test_the_box_says_what_the_reader_has_done_already(client, issue, person):
    reader = person()
    Support.objects.create(issue=issue, person=reader)
    client.force_login(reader)
    box = client.get(
        "/issues/new/similar/", {"title": "古紙の回収"}, headers={"X-Part": "similar"}
    ).content.decode()
    assert issue.title in box
    assert f'formaction="/issues/{issue.pk}/support/" name="wanted" value="0"' in box
    assert f'formaction="/issues/{issue.pk}/follow/" name="wanted" value="1"' in box


def test_whoever_opens_the_address_of_the_box_gets_the_whole_form(client, person):
    client.force_login(person())
    answer = client.get("/issues/new/similar/", {"title": "古紙"}, follow=True)
    assert answer.redirect_chain[0][0].startswith("/issues/new/?title=")
    assert answer.context["form"]["title"].value() == "古紙"


def test_similar_issues_stand_on_the_page_of_a_refused_form_too(client, issue, person):
    client.force_login(person())
    answer = client.post("/issues/new/", {"key": str(uuid.uuid4()), "title": "古紙の回収場所"})
    assert answer.status_code == 422
    assert [one.issue for one in answer.context["similar"]] == [issue]
    assert Issue.objects.count() == 1
    assert AuditEntry.objects.filter(act="issues.raised").count() == 1
