"""Calling people by name, as Japanese is written: without spaces, in full width and half width."""

import time
import uuid

import pytest

from accounts.services import close_account
from issues.models import Mention, Post
from issues.selectors.mentions import MOST_MENTIONS, people_mentioned_in, suggested
from issues.services import issues as acts
from issues.services import talk


def say(actor, issue, source="そう思います。", **more):
    return talk.post(actor=actor, thread=issue.thread, source=source, key=uuid.uuid4(), **more)


@pytest.fixture
def yamada(issue, person):
    """Somebody who takes part in the talk."""
    somebody = person("yamada.s", display_name="山田 正一")
    say(somebody, issue)
    return somebody


def called(issue, source):
    return [str(one) for one in people_mentioned_in(issue.thread, source).people]


@pytest.mark.parametrize(
    "source",
    [
        "@山田正一さん、ありがとう",
        "@山田 正一さん、ありがとう",
        "＠山田　正一さん、ありがとう",
        "ありがとう@山田正一",
        "（@山田正一様）",
        "**@山田正一**さん",
        "- はい\n- @山田正一会長に聞きます",
        "@yamada.s.",
        "＠ＹＡＭＡＤＡ．Ｓさん",
    ],
)
def test_a_participant_is_called_in_whatever_way_the_name_is_written(issue, yamada, source):
    assert called(issue, source) == ["山田 正一"]


@pytest.mark.parametrize(
    "source",
    [
        "山田正一さん",
        "@山田",
        "@山田正一郎さん",
        "hanako@yamada.s",
        "https://example.jp/@yamada.s",
        "@山田\n正一",
        "@ 山",
        "@",
        "@@",
        "＠＠＠",
    ],
)
def test_what_is_no_call_is_text(issue, yamada, source):
    assert called(issue, source) == []


def test_the_longest_name_is_meant(issue, person, yamada):
    say(person(display_name="山田"), issue)
    assert called(issue, "@山田正一さん") == ["山田 正一"]
    assert called(issue, "@山田さん") == ["山田"]


def test_of_two_with_one_name_both_are_called(issue, person, yamada):
    say(person(display_name="山田正一"), issue)
    assert sorted(called(issue, "@山田正一さん")) == ["山田 正一", "山田正一"]


def test_nobody_learns_from_a_name_who_has_an_account(issue, person):
    stranger = person("stranger", display_name="遠山 金四郎")
    assert called(issue, "@遠山金四郎さん") == []
    assert called(issue, "@strang さん") == []
    assert called(issue, "@stranger さん") == [str(stranger)]


def test_a_closed_account_is_not_called(issue, person, yamada):
    close_account(actor=person(is_administrator=True), person=yamada)
    assert called(issue, "@山田正一さん @yamada.s") == []


def test_who_withdrew_everything_no_longer_takes_part(issue, yamada):
    talk.withdraw(actor=yamada, post=Post.objects.get(author=yamada))
    assert called(issue, "@山田正一さん") == []


def test_the_page_marks_the_name_and_remembers_whom_it_calls(issue, person, yamada):
    post = say(person(), issue, "@山田正一さん、<b>どう</b>ですか")
    assert "<mark>@山田正一</mark>さん" in post.html
    assert "<b>" not in post.html
    assert list(Mention.objects.values_list("post", "person")) == [(post.pk, yamada.pk)]


def test_an_edit_calls_whom_it_names_now(issue, person, yamada):
    hanako, other = person(), person("other")
    post = say(hanako, issue, "@山田正一さん")
    talk.edit(actor=hanako, post=post, source="@other さん")
    assert list(Mention.objects.values_list("person", flat=True)) == [other.pk]


def test_nobody_calls_oneself(issue, yamada):
    say(yamada, issue, "@山田正一です")
    assert not Mention.objects.exists()


def test_five_hundred_names_call_a_few_and_cost_little(issue, person):
    people = [person(f"n{number}") for number in range(MOST_MENTIONS + 3)]
    began = time.perf_counter()
    post = say(person(), issue, "".join(f"@n{number % 500} " for number in range(800)))
    assert time.perf_counter() - began < 1
    assert post.mentions.count() == MOST_MENTIONS < len(people)


@pytest.mark.parametrize("source", ["@" * 5000, "@あ" * 2500, "@" + "山田正一" * 1249])
def test_a_text_full_of_marks_is_quick(issue, yamada, source):
    began = time.perf_counter()
    say(yamada, issue, source)
    assert time.perf_counter() - began < 1


def test_names_are_offered_of_those_who_take_part_but_not_ones_own(issue, person, yamada):
    person(display_name="山本 遠子")
    reader = person(display_name="山下 花")
    say(reader, issue)
    assert list(suggested(issue.thread, "山", reader=reader)) == ["山田 正一"]
    assert list(suggested(issue.thread, "", reader=yamada)) == [str(issue.author), "山下 花"]


def test_names_are_offered_to_people_who_have_signed_in_only(client, issue, person, yamada):
    address = f"/issues/{issue.pk}/people/"
    assert client.get(address, {"q": "山"}).status_code == 302
    client.force_login(person())
    assert client.get(address, {"q": "山田"}).json() == {"names": ["山田 正一"]}
    assert client.get(address, {"q": "yamada"}).json() == {"names": []}


def test_a_name_of_another_talk_is_not_offered(issue, person, words, yamada):
    other = acts.raise_issue(actor=person(), words=words(), key=uuid.uuid4())
    assert list(suggested(other.thread, "山田", reader=person())) == []
