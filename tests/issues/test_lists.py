"""Lists of the board: filters and their combinations, pages, tags, places, what is near."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.models import PersonSkill, Skill
from accounts.services import keep_skills
from associations.models import Association, Household, HouseholdMember
from associations.services import add_block, found_association
from issues.models import Category, Issue, Stage, Tag
from issues.selectors.board import page_of_issues
from issues.selectors.filters import ORDERS, Filters, Wanted
from issues.services import issues as acts
from issues.services import talk
from tests.support import board


@pytest.fixture
def places(db):
    """A city with two districts of two associations each: ``places["石引"]``."""
    city = found_association(actor=None, kind=Association.Kind.CITY, name="市")
    made = {"市": city}
    for district, towns in {"石引": ("一丁目", "二丁目"), "小立野": ("三丁目", "四丁目")}.items():
        made[district] = found_association(
            actor=None, kind=Association.Kind.DISTRICT, name=district, parent=city
        )
        for town in towns:
            made[town] = found_association(
                actor=None,
                kind=Association.Kind.ASSOCIATION,
                name=town,
                parent=made[district],
            )
    return made


@pytest.fixture
def raised(person, words):
    """Puts an issue on the board: ``raised("雪の道", place=…, tags=("雪",))``."""
    author = person("author")

    def made(title, **changed):
        return acts.raise_issue(
            actor=author, words=words(title=title, **({"tags": ()} | changed)), key=uuid.uuid4()
        )

    return made


def titles(client, path="/issues/", **query):
    response = client.get(path, query, headers={"accept-language": "ja"})
    assert response.status_code == 200, response.status_code
    return [card.title for card in response.context["page"].issues]


def text(client, path, **query):
    response = client.get(path, query, headers={"accept-language": "ja"}, follow=True)
    assert response.status_code == 200
    return response.content.decode()


# --- filters ----------------------------------------------------------------------------------------


def test_a_district_shows_the_issues_of_its_associations_and_the_city_all(client, raised, places):
    raised("一丁目の雪", place=places["一丁目"])
    raised("三丁目の雪", place=places["三丁目"])
    raised("市の雪")
    assert titles(client, place=places["石引"].pk) == ["一丁目の雪"]
    assert titles(client, place=places["二丁目"].pk) == []
    assert len(titles(client, place=places["市"].pk)) == 3


def test_waiting_for_an_answer_ends_with_the_first_post_or_the_answer_of_the_city(
    client, raised, person, with_role
):
    said, answered = raised("話した"), raised("答えた")
    raised("待つ")
    talk.post(actor=person(), thread=said.thread, source="はい", key=uuid.uuid4())
    office = with_role("city_staff")
    acts.answer_officially(actor=office, issue=answered, body="市", text="します。")
    assert titles(client, unanswered="1") == ["待つ"]
    assert text(client, "/issues/").count('<strong class="mark">回答待ち') == 1


def test_what_one_is_good_at_finds_the_issues_that_want_it_in_any_spelling(client, raised, person):
    raised("動画を撮りたい", wanted_skills=("ドウガ", "音楽"))
    raised("雪をかきたい", wanted_skills=("力仕事",))
    helper = person()
    client.force_login(helper)
    assert "得意なことを教える" in text(client, "/issues/", skills="1")
    client.post("/me/skills/", {"skills": "どうが、 英語"})
    assert titles(client, skills="1") == ["動画を撮りたい"]
    assert Skill.objects.filter(folded="どうが").count() == 1
    client.logout()
    assert "ログイン" in text(client, "/issues/", skills="1")


def test_an_issue_says_which_skills_would_help(client, raised):
    issue = raised("動画", wanted_skills=("動画編集",))
    assert "動画編集" in text(client, f"/issues/{issue.pk}/")


def test_each_chosen_filter_can_be_taken_away_alone(client, raised, places, category):
    raised("雪", place=places["一丁目"], tags=("雪",))
    query = {
        "category": category.slug,
        "tag": "雪",
        "place": places["石引"].pk,
        "stage": "discussion",
        "unanswered": "1",
        "order": "new",
    }
    response = client.get("/issues/", query)
    chips = {choice.label: choice.address for choice in response.context["panel"].chosen}
    assert len(chips) == 5
    for address in chips.values():
        without = client.get(address)
        assert without.context["wanted"].filters.order == "new"
        assert len(without.context["panel"].chosen) == 4


def test_an_empty_list_says_what_to_press_next(client, db, raised):
    assert "課題を出す" in text(client, "/issues/")
    raised("雪")
    empty = text(client, "/issues/", stage="closed")
    assert "すべての課題を見る" in empty


def test_long_names_and_markup_stay_text(client, raised, places):
    raised("<b>太</b>" * 10, tags=("あ" * 30, "<i>"), place=places["一丁目"])
    shown = text(client, "/issues/")
    assert "&lt;b&gt;" in shown
    assert "<b>太" not in shown
    assert "<i>" not in shown


# --- near me ----------------------------------------------------------------------------------------


def test_near_me_leads_to_ones_own_district_and_keeps_the_other_filters(client, person, places):
    block = add_block(actor=None, association=places["一丁目"], name="1班")
    household = Household.objects.create(block=block, label="1-1")
    hanako = person()
    HouseholdMember.objects.create(household=household, person=hanako)
    client.force_login(hanako)
    answer = client.get("/issues/near/", {"stage": "closed"})
    assert answer["Location"] == f"/issues/?stage=closed&place={places['石引'].pk}"


def test_whoever_has_no_place_here_chooses_one_by_name(client, places):
    shown = text(client, "/issues/near/", unanswered="1")
    assert f"/issues/?unanswered=1&amp;place={places['石引'].pk}" in shown
    found = text(client, "/issues/near/", q="三丁目")
    assert f"place={places['三丁目'].pk}" in found
    assert "見つかりませんでした" in text(client, "/issues/near/", q="どこにもない町")


# --- tags and places --------------------------------------------------------------------------------


@pytest.mark.parametrize("spelling", ["ゴミ", "ｺﾞﾐ", "ごみ"])
def test_every_spelling_of_a_tag_leads_to_one_page(client, raised, spelling):
    raised("古紙", tags=("ごみ",))
    raised("雪", tags=("雪",))
    response = client.get(f"/issues/tags/{spelling}/", {"order": "new"}, follow=True)
    assert [card.title for card in response.context["page"].issues] == ["古紙"]
    assert response.context["wanted"].filters.order == "new"
    assert len(response.redirect_chain) == (spelling != "ごみ")


@pytest.mark.parametrize("slug", ["nothing", "x" * 200, "%00", "'"])
def test_a_tag_that_nobody_used_is_a_friendly_404(client, db, slug):
    assert client.get(f"/issues/tags/{slug}/").status_code in {400, 404}


@pytest.mark.parametrize("tag", ["C/C++", "🚮", "？", "a.b", "https://x"])
def test_a_tag_of_odd_signs_has_its_page(client, raised, tag):
    raised("雪", tags=(tag,))
    made = Tag.objects.get()
    assert "雪" in text(client, "/issues/")
    assert titles(client, f"/issues/tags/{made.slug}/") == ["雪"]


def test_tags_are_counted_as_issues_come_and_change(client, raised, words):
    first = raised("一", tags=("雪", "道"))
    raised("二", tags=("雪",))
    assert dict(Tag.objects.values_list("name", "issue_count")) == {"雪": 2, "道": 1}
    acts.edit_issue(
        actor=first.author, issue=first, words=words(tags=("ごみ", "道")), seen_version=1
    )
    assert dict(Tag.objects.values_list("name", "issue_count")) == {"雪": 1, "道": 1, "ごみ": 1}
    assert text(client, "/issues/tags/").count('class="tag"') == 3


def test_the_list_of_tags_goes_on_page_by_page(client, db):
    Tag.objects.bulk_create(
        Tag(name=f"t{n}", slug=f"t{n}", folded=f"t{n}", issue_count=n // 7) for n in range(250)
    )
    seen: list[str] = []
    query: dict[str, str] = {}
    while True:
        page = client.get("/issues/tags/", query).context["page"]
        seen += [tag.name for tag in page.tags]
        if not page.following:
            break
        query = {"after": page.following}
    assert sorted(seen) == sorted(f"t{n}" for n in range(7, 250))
    assert client.get("/issues/tags/", {"after": "x"}).status_code == 400


def test_a_place_has_a_page_of_its_own_and_its_association_shows_it(client, raised, places):
    issue = raised("一丁目の雪", place=places["一丁目"])
    address = f"/issues/places/{places['石引'].pk}/"
    assert titles(client, address) == ["一丁目の雪"]
    about = text(client, f"/associations/{places['石引'].pk}/")
    assert address in about
    assert issue.title in about
    assert issue.title not in text(client, f"/associations/{places['小立野'].pk}/")
    assert client.get("/issues/places/4711/").status_code == 404


# --- pages and costs --------------------------------------------------------------------------------


def pages(filters, reader=None):
    after, seen = "", []
    while True:
        page = page_of_issues(Wanted(filters, reader=reader), after=after, size=3)
        seen += [card.pk for card in page.issues]
        if not page.following:
            return seen
        after = page.following


class PagesTest(TestCase):
    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        rows=st.lists(
            st.tuples(
                st.integers(0, 3),
                st.integers(0, 2),
                st.sampled_from(Stage.values),
                st.booleans(),
                st.sets(st.integers(0, 2)),
            ),
            max_size=14,
        ),
        order=st.sampled_from(list(ORDERS)),
        category=st.sampled_from(["", "a", "b"]),
        stage=st.sampled_from(["", *Stage.values]),
        tag=st.sampled_from(["", "t0", "t1"]),
        unanswered=st.booleans(),
        skills=st.booleans(),
    )
    def test_paging_through_any_filter_and_order_shows_each_issue_once_and_in_order(
        self, rows, order, category, stage, tag, unanswered, skills
    ):
        from datetime import UTC, datetime, timedelta

        from issues.models import TaggedIssue, Thread, WantedSkill
        from tests.support.people import new_person

        author = new_person()
        fields = [Category.objects.create(slug=slug, name=slug) for slug in "ab"]
        tags = [Tag.objects.create(name=f"t{n}", slug=f"t{n}", folded=f"t{n}") for n in range(3)]
        skill = Skill.objects.create(name="s", folded="s")
        PersonSkill.objects.create(person=author, skill=skill)
        fitting = []
        for value, field, at, waits, its_tags in rows:
            # Few different values, so that many are equal.
            moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=value)
            issue = Issue.objects.create(
                author=author, thread=Thread.objects.create(), title="x", text="x", html="x",
                question="x", category=fields[field % 2], stage=at, posted_at=moment,
                active_at=moment, support_count=value, heat=value / 3, awaits_answer=waits,
                key=uuid.uuid4(),
            )  # fmt: skip
            for number in its_tags:
                TaggedIssue.objects.create(content_object=issue, tag=tags[number])
            if field == 2:
                WantedSkill.objects.create(issue=issue, skill=skill)
            fits = (
                category in {"", "ab"[field % 2]}
                and stage in {"", at}
                and (not tag or int(tag[1]) in its_tags)
                and (waits or not unanswered)
                and (field == 2 or not skills)
            )
            if fits:
                fitting.append((value, issue.pk))
        filters = Filters(
            category=category, stage=stage, tag=tag, unanswered=unanswered, skills=skills,
            order=order,
        )  # fmt: skip
        assert pages(filters, author) == [pk for _value, pk in sorted(fitting, reverse=True)]


@pytest.mark.parametrize("count", [3, 300])
def test_a_list_with_every_filter_costs_at_most_five_queries_at_any_size(
    client, places, person, count
):
    board.fill(1, count, places=[place.pk for place in places.values()])
    reader = person()
    keep_skills(actor=reader, names=["技0", "技3"])
    client.force_login(reader)
    tag = Tag.objects.filter(tagged_issues__content_object__awaits_answer=True).first()
    for query in (
        {},
        {"tag": tag.name, "place": places["市"].pk, "category": "field1", "order": "hot"},
        {"unanswered": "1", "skills": "1", "stage": "discussion", "place": places["石引"].pk},
    ):
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get("/issues/", query).status_code == 200
        ours = [one["sql"] for one in captured if not is_of_the_session(one["sql"])]
        assert len(ours) <= 5, ours


def is_of_the_session(sql):
    return "django_session" in sql or ('"accounts_user"' in sql and "issues_" not in sql)


def test_no_combination_of_filters_reads_all_of_100_000_issues(places, person):
    """Every plan starts from an index; the row count of the table stands in none of them."""
    board.fill(1, 100_000, places=[place.pk for place in places.values()])
    reader = person()
    keep_skills(actor=reader, names=["技0", "技3"])
    whole_table = (
        "Seq Scan on issues_issue" if connection.vendor == "postgresql" else "SCAN issues_issue\n"
    )
    bad = []
    for order in ORDERS:
        for number in range(2**6):
            picks = [bool(number >> bit & 1) for bit in range(6)]
            filters = Filters(
                category="field1" if picks[0] else "",
                tag="札7" if picks[1] else "",
                stage="closed" if picks[2] else "",
                place=places["一丁目"].pk if picks[3] else None,
                unanswered=picks[4],
                skills=picks[5],
                order=order,
            )
            plan = Wanted(filters, reader=reader).in_order().values("pk", "title")[:21].explain()
            if whole_table in f"{plan}\n":
                bad.append((filters, plan))
    assert bad == []
