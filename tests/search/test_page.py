"""The search page: works by links and a form alone, and says in words what it found."""

import re
from html import unescape
from http import HTTPStatus

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.services import open_account
from search import kinds
from search.kinds import SIGNED_IN
from tests.support.search import entry, put

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(client):
    person = open_account(actor=None, username="hanako", display_name="花子", password=None)
    client.force_login(person)
    return person


@pytest.fixture
def look(client):
    def look(status=HTTPStatus.OK, path="/search/", **query):
        response = client.get(path, query, headers={"accept-language": "en"})
        assert response.status_code == status
        return re.sub(r"\s+", " ", response.content.decode())

    return look


def titles(page):
    return re.findall(r'<h3[^>]*><a href="([^"]*)">', page)


def link(page, text):
    [address] = re.findall(r'href="([^"]*)"[^>]*> ?' + re.escape(text), page)
    return unescape(address)


def test_the_page_has_its_own_address(look):
    assert reverse("search:index") == "/search/"
    assert 'name="q"' in look()


def test_a_hit_is_shown_with_kind_title_marked_text_and_date(look):
    put(entry(1, "この冬の除雪について話しましょう", title="除雪の当番"))
    page = look(q="除雪")
    assert "1 found" in page
    assert "Issues" in page
    assert '<a href="/issues/1/"><mark>除雪</mark>の当番</a>' in page
    assert "この冬の<mark>除雪</mark>について話しましょう" in page
    assert "Sat, 21 November 2026" in page


def test_what_people_wrote_is_never_markup(look):
    put(entry(1, "<b>除雪</b>&amp;", title="<script>除雪</script>"))
    page = look(q="除雪<i>")
    assert "<i>" not in page
    page = look(q="除雪")
    assert "&lt;script&gt;<mark>除雪</mark>&lt;/script&gt;" in page
    assert "&lt;b&gt;<mark>除雪</mark>&lt;/b&gt;&amp;amp;" in page


def test_a_guest_sees_public_things_and_somebody_signed_in_theirs_too(look, client):
    kinds.register_keys(lambda person: {"association:12"})
    put(
        entry(1, "除雪"),
        entry(2, "除雪", audience={SIGNED_IN}),
        entry(3, "除雪の秘密", audience={"association:12"}),
        entry(4, "除雪の秘密", audience={"association:13"}),
    )
    page = look(q="除雪")
    assert titles(page) == ["/issues/1/"]
    assert "1 found" in page
    assert "秘密" not in page
    client.force_login(
        open_account(actor=None, username="hanako", display_name="花子", password=None)
    )
    page = look(q="除雪")
    assert sorted(titles(page)) == ["/issues/1/", "/issues/2/", "/issues/3/"]
    assert "3 found" in page


def test_pages_and_kinds_and_orders_are_links(look):
    put(
        *(entry(number, "除雪", days_ago=number) for number in range(1, 31)),
        *(entry(number, "除雪", kind="post", days_ago=number) for number in range(1, 6)),
    )
    page = look(q="除雪")
    assert "35 found" in page
    assert len(titles(page)) == 20
    rest = look(path="/search/" + link(page, "Show more"))
    assert len(titles(rest)) == 15
    assert not set(titles(page)) & set(titles(rest))
    assert titles(look(path="/search/" + link(rest, "Back to the first page"))) == titles(page)
    posts = look(path="/search/" + link(page, "Posts (5)"))
    assert titles(posts) == [f"/posts/{number}/" for number in range(1, 6)]
    assert titles(look(path="/search/" + link(posts, "Everywhere"))) == titles(page)
    newest = look(path="/search/" + link(page, "Put the newest first"))
    assert titles(look(path="/search/" + link(newest, "Put the best first"))) == titles(page)


def test_very_many_hits_are_said_to_be_200_or_more(look):
    put(*(entry(number, "除雪", days_ago=number) for number in range(1, 211)))
    assert "200 or more found" in look(q="除雪")
    page = look(q="雪")
    assert "With two or more you get closer" in page


def test_nothing_found_says_what_to_try(look, person):
    put(entry(1, "花壇"))
    page = look(q="除雪", kind="issue")
    assert "0 found" in page
    assert "Use fewer words" in page
    assert "Look everywhere" in page


def test_signs_alone_ask_for_a_word(look):
    assert "enter at least one word" in look(q="?!")


def test_a_query_that_is_too_long_is_refused_beside_the_field(look):
    page = look(HTTPStatus.BAD_REQUEST, q="雪" * 201)
    assert "at most 200 characters" in page
    assert 'aria-describedby="id_q_error"' in page
    assert "雪" * 200 in page
    look(HTTPStatus.BAD_REQUEST, q="雪" * 5000)
    look(q="雪" * 200)


@pytest.mark.parametrize(
    "parameters",
    [{"kind": "no such"}, {"order": "random"}, {"after": "x"}, {"after": "9.9.9.9"}, {"page": "7"}],
)
def test_what_the_page_does_not_know_it_leaves_out(look, parameters):
    put(entry(1, "除雪"))
    assert titles(look(q="除雪", **parameters)) == ["/issues/1/"]


def test_behind_the_last_hit_there_is_a_way_back(look):
    put(entry(1, "除雪"))
    page = look(q="除雪", after="1.1.1")
    assert titles(page) == []
    assert link(page, "Back to the first page") == "?q=%E9%99%A4%E9%9B%AA"


@pytest.mark.parametrize("parameters", [{}, {"order": "newest"}, {"kind": "issue"}])
def test_5000_things_need_no_more_statements_than_one(look, person, parameters):
    kinds.register_keys(lambda person: {"association:12"})

    def statements():
        with CaptureQueriesContext(connection) as queries:
            assert titles(look(q="除雪 当番", **parameters))
        return len(queries)

    put(entry(1, "除雪の当番", title="除雪の当番"))
    for_one = statements()
    put(
        *(
            entry(number, "除雪の当番", title="除雪の当番", audience={f"association:{number % 20}"})
            for number in range(2, 5001)
        )
    )
    assert statements() == for_one
    assert for_one <= 12
