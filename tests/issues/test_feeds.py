"""Atom feeds of lists and threads."""

import uuid
from xml.etree import ElementTree

import pytest

from issues.models import Issue, Post
from issues.services import issues as acts
from issues.services import talk

ATOM = {"a": "http://www.w3.org/2005/Atom"}


def feed(client, path, **query):
    answer = client.get(path, query, headers={"accept-language": "ja"})
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    root = ElementTree.fromstring(answer.content)
    for needed in ("a:id", "a:updated", "a:author/a:name"):
        assert root.findtext(needed, "", ATOM)
    return root


def titles(root):
    return [entry.find("a:title", ATOM).text for entry in root.findall("a:entry", ATOM)]


def test_a_list_has_a_feed_with_the_same_filters_the_newest_first(client, issue, person, words):
    acts.raise_issue(actor=person(), words=words(title="雪 & <道>", tags=("雪",)), key=uuid.uuid4())
    assert titles(feed(client, "/issues/feed/")) == ["雪 & <道>", issue.title]
    root = feed(client, "/issues/feed/", tag="ゴミ", order="hot")
    assert titles(root) == [issue.title]
    assert "ごみ" in root.find("a:title", ATOM).text
    link = root.find("a:entry/a:link", ATOM).get("href")
    assert link == f"http://testserver/issues/{issue.pk}/"
    assert client.get("/issues/feed/", {"order": "nonsense"}).status_code == 400


def test_pages_name_their_feeds_for_people_and_for_programs(client, issue):
    board = client.get("/issues/", {"tag": "ごみ"}).content.decode()
    assert board.count("/issues/feed/?tag=%E3%81%94%E3%81%BF") == 2
    assert 'rel="alternate"' in board
    assert (
        client.get(f"/issues/{issue.pk}/").content.decode().count(f"/issues/{issue.pk}/feed/") == 2
    )


def test_a_thread_has_a_feed_without_what_was_hidden_or_withdrawn(client, issue, person, with_role):
    author = person()
    for words in ("はじめ", "ひどい言葉", "取り消す言葉", "おわり"):
        talk.post(actor=author, thread=issue.thread, source=words, key=uuid.uuid4())
    address = f"/issues/{issue.pk}/feed/"
    before = client.get(address)
    posts = {post.source: post for post in Post.objects.all()}
    talk.hide(actor=with_role("facilitator"), post=posts["ひどい言葉"], reason="悪口")
    talk.withdraw(actor=author, post=posts["取り消す言葉"])
    root = feed(client, address)
    assert [title.split()[0] for title in titles(root)] == ["#4", "#1"]
    assert "言葉" not in ElementTree.tostring(root, encoding="unicode")
    # A reader that asks whether something has changed is not told "no" though no newer post came.
    again = client.get(address, headers={"if-none-match": before["ETag"]})
    assert again.status_code == 200


@pytest.mark.parametrize("path", ["/issues/feed/", "/issues/{}/feed/"])
def test_a_reader_that_has_everything_is_told_so_in_a_word(client, issue, path):
    path = path.format(issue.pk)
    first = client.get(path)
    again = client.get(path, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_control_characters_and_odd_titles_still_make_valid_xml(client, issue, person):
    talk.post(actor=person(), thread=issue.thread, source="はい", key=uuid.uuid4())
    odd = "\x01\x0b]]>&amp;\ufffe\uffff😀<b>"
    Issue.objects.update(title=odd, question=odd)
    Post.objects.update(html=f"<p>{odd}</p>")
    assert titles(feed(client, "/issues/feed/")) == ["]]>&amp;😀<b>"]
    assert feed(client, f"/issues/{issue.pk}/feed/").find("a:title", ATOM).text == "]]>&amp;😀<b>"


def test_an_empty_list_has_an_empty_feed_that_never_changes(client, db):
    assert titles(feed(client, "/issues/feed/")) == []
    first = client.get("/issues/feed/")
    assert client.get("/issues/feed/", headers={"if-none-match": first["ETag"]}).status_code == 304
    assert client.get("/issues/4711/feed/").status_code == 404


@pytest.mark.parametrize("count", [1, 40])
def test_feeds_cost_the_same_at_any_length(client, issue, person, count, django_assert_num_queries):
    for _ in range(count):
        talk.post(actor=person(), thread=issue.thread, source="はい", key=uuid.uuid4())
    with django_assert_num_queries(5):
        client.get(f"/issues/{issue.pk}/feed/")
    with django_assert_num_queries(3):
        client.get("/issues/feed/")
