"""Filters that a person keeps, and who is told of a new issue."""

import uuid
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.services import erase_account, keep_skills
from accounts.services.personal_data import archive
from associations.models import Association
from associations.services import found_association
from core.errors import DomainError, NotAllowed
from issues.models import Category, SavedFilter
from issues.selectors.filters import Filters, Wanted
from issues.selectors.saved import filters_of, people_whose_saved_filter_matches
from issues.services import issues as acts
from issues.services import saved
from tests.support.people import new_person


def keep(actor, name="雪の課題", tells=True, **filters):
    return saved.save_filter(
        actor=actor, name=name, filters=Filters(**(filters or {"tag": "雪"})), tells=tells
    )


def told(issue):
    return set(people_whose_saved_filter_matches(issue))


def test_somebody_saves_a_list_renames_it_and_deletes_it(client, person, category):
    client.force_login(person())
    query = {"category": category.slug, "unanswered": "1", "order": "hot"}
    form = client.get("/issues/saved/new/", query)
    assert form.status_code == 200
    address = form.request["PATH_INFO"] + "?" + form.request["QUERY_STRING"]
    assert client.post(address, {"name": "ごみ", "tells": "on"}).status_code == 302
    mine = SavedFilter.objects.get()
    shown = client.get("/issues/saved/").content.decode()
    assert "/issues/?category=waste&amp;unanswered=1&amp;order=hot" in shown
    client.post(f"/issues/saved/{mine.pk}/", {"name": "環境"})
    mine.refresh_from_db()
    assert (mine.name, mine.tells) == ("環境", False)
    client.post(f"/issues/saved/{mine.pk}/delete/")
    assert not SavedFilter.objects.exists()


def test_a_saved_list_is_nobody_elses(client, person):
    mine = keep(person())
    client.force_login(person())
    assert client.get(f"/issues/saved/{mine.pk}/").status_code == 404
    assert client.post(f"/issues/saved/{mine.pk}/", {"name": "x"}).status_code == 404
    assert client.post(f"/issues/saved/{mine.pk}/delete/").status_code == 404
    assert "雪の課題" not in client.get("/issues/saved/").content.decode()
    stranger = new_person()
    with pytest.raises(NotAllowed):
        saved.delete_saved_filter(actor=stranger, saved=mine)
    with pytest.raises(NotAllowed):
        saved.change_saved_filter(actor=stranger, saved=mine, name="x", tells=True)
    client.logout()
    assert client.get("/issues/saved/").status_code == 302


def test_what_cannot_be_saved_is_explained(client, person, category):
    hanako = person()
    refused: dict[str, dict[str, Any]] = {
        " ": {"tag": "雪"},
        "あ" * 41: {"tag": "雪"},
        "何も": {"order": "hot"},
        "場所": {"place": 4711},
        "分野": {"category": "nothing"},
    }
    for name, filters in refused.items():
        with pytest.raises(DomainError):
            keep(hanako, name, **filters)
    client.force_login(hanako)
    assert client.post("/issues/saved/new/?tag=x", {"name": ""}).status_code == 422
    assert client.post("/issues/saved/new/?place=4711", {"name": "x"}).status_code == 400
    assert client.get("/issues/saved/new/").status_code == 200
    other = keep(hanako, "一つ目")
    keep(hanako, "二つ目")
    taken = client.post(f"/issues/saved/{other.pk}/", {"name": "二つ目"})
    assert taken.status_code == 422
    assert "二つ目" in taken.content.decode()


def test_the_same_name_replaces_and_thirty_is_the_limit(person):
    hanako = person()
    for number in range(30):
        keep(hanako, f"{number}")
    keep(hanako, "3", tag="道")
    assert SavedFilter.objects.count() == 30
    with pytest.raises(DomainError):
        keep(hanako, "もう一つ")


def test_a_new_issue_finds_whoever_waits_for_it_and_not_its_author_or_who_left(
    person, words, django_assert_num_queries
):
    waiting, silent, author, left, elsewhere = (person() for _ in range(5))
    for one in (waiting, author, left):
        keep(one)
    keep(waiting, "もう一度", stage="discussion")
    keep(silent, tells=False)
    keep(elsewhere, tag="道")
    left.is_active = False
    left.save()
    issue = acts.raise_issue(actor=author, words=words(tags=("ユキ", "雪")), key=uuid.uuid4())
    with django_assert_num_queries(2):
        assert told(issue) == {waiting.pk}


def test_skills_are_those_that_the_person_has_today(person, words):
    helper = person()
    keep(helper, "得意", skills=True)
    issue = acts.raise_issue(actor=person(), words=words(wanted_skills=("動画",)), key=uuid.uuid4())
    assert told(issue) == set()
    keep_skills(actor=helper, names=["ドウガ", "動画"])
    assert told(issue) == {helper.pk}


class MatchesTest(TestCase):
    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        category=st.sampled_from(["", "a", "b"]),
        tag=st.sampled_from(["", "t0", "t1", "t2"]),
        place=st.sampled_from([None, 0, 1, 2, 3, 4]),
        stage=st.sampled_from(["", "discussion", "closed"]),
        skills=st.booleans(),
        unanswered=st.booleans(),
        issue_place=st.sampled_from([None, 0, 1, 2, 3, 4]),
        issue_tags=st.sets(st.sampled_from(["t0", "t1"])),
        wants=st.sampled_from([(), ("s",)]),
    )
    def test_whoever_is_told_would_find_the_issue_in_their_list_and_the_other_way_round(
        self, category, tag, place, stage, skills, unanswered, issue_place, issue_tags, wants
    ):
        kinds = Association.Kind
        city = found_association(actor=None, kind=kinds.CITY, name="市")
        places = [city]
        for name in "東西":
            district = found_association(actor=None, kind=kinds.DISTRICT, name=name, parent=city)
            town = found_association(
                actor=None, kind=kinds.ASSOCIATION, name=f"{name}町", parent=district
            )
            places += [district, town]
        fields = {slug: Category.objects.create(slug=slug, name=slug) for slug in "ab"}
        reader, author = new_person(), new_person()
        keep_skills(actor=reader, names=["s"])
        filters = Filters(
            category=category,
            tag=tag,
            place=None if place is None else places[place].pk,
            stage=stage,
            skills=skills,
            unanswered=unanswered,
        )
        if not filters.narrows:
            return
        kept = saved.save_filter(actor=reader, name="x", filters=filters, tells=True)
        issue = acts.raise_issue(
            actor=author,
            words=acts.Words(
                title="x",
                text="x",
                question="x",
                category=fields["a"],
                place=None if issue_place is None else places[issue_place],
                tags=tuple(issue_tags),
                wanted_skills=wants,
            ),
            key=uuid.uuid4(),
        )
        listed = Wanted(filters_of(kept), reader=reader).issues().filter(pk=issue.pk).exists()
        assert told(issue) == ({reader.pk} if listed else set())


def test_saved_lists_and_skills_are_in_the_archive_and_go_with_the_account(person):
    hanako = person()
    keep(hanako)
    keep_skills(actor=hanako, names=["大工仕事"])
    from io import BytesIO
    from zipfile import ZipFile

    packed = ZipFile(BytesIO(b"".join(archive(hanako))))
    assert "雪の課題" in packed.read("issues.json").decode()
    assert "大工仕事" in packed.read("account.json").decode()
    erase_account(actor=hanako, person=hanako)
    assert not SavedFilter.objects.exists()
    assert not hanako.person_skills.exists()


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ("、".join("あいうえおかきくけこさ"), 200),
        ("あ" * 31, 200),
        ("大工、 ダイク", 302),
        ("", 302),
    ],
)
def test_skills_are_few_and_short(client, person, typed, status):
    client.force_login(person())
    answer = client.post("/me/skills/", {"skills": typed})
    assert answer.status_code == status
