"""The talk below an issue: posts, replies, edits, tombstones, reactions, and the numbers that have no gap."""

import contextlib
import uuid

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from accounts.models import Role, User
from core.errors import Conflict, DomainError, NotAllowed, NotFound
from issues.models import Category, Issue, Post, Reaction, Thread
from issues.services import issues as acts
from issues.services import talk
from tests.support.people import new_person


def say(actor, issue, source="そう思います。", **more):
    return talk.post(actor=actor, thread=issue.thread, source=source, key=uuid.uuid4(), **more)


def test_posts_are_numbered_and_move_the_issue_up(issue, person):
    before = issue.active_at
    assert [say(person(), issue).number for _ in range(3)] == [1, 2, 3]
    assert Issue.objects.get().active_at > before
    assert Issue.objects.get().heat > issue.heat


def test_the_same_key_is_the_same_post(issue, person):
    hanako, key = person(), uuid.uuid4()
    first = talk.post(actor=hanako, thread=issue.thread, source="一度", key=key)
    assert talk.post(actor=hanako, thread=issue.thread, source="二度", key=key) == first
    assert Thread.objects.get().post_count == 1


def test_a_reply_to_a_reply_joins_the_same_branch(issue, person):
    root = say(person(), issue)
    reply = say(person(), issue, answers=root)
    assert say(person(), issue, answers=reply).answers == root


def test_a_post_of_another_thread_cannot_be_answered(issue, person, words):
    other = acts.raise_issue(actor=person(), words=words(), key=uuid.uuid4())
    with pytest.raises(NotFound):
        say(person(), issue, answers=say(person(), other))


@pytest.mark.parametrize("source", ["", "   ", "\u200b", "あ" * 5001])
def test_an_empty_or_endless_post_is_refused(issue, person, source):
    with pytest.raises(DomainError):
        say(person(), issue, source)
    assert Thread.objects.get().post_count == 0


def test_a_closed_thread_takes_no_post_and_no_reaction(issue, person):
    post = say(person(), issue)
    Thread.objects.update(is_open=False)
    with pytest.raises(NotAllowed):
        say(person(), issue)
    with pytest.raises(NotAllowed):
        talk.react(actor=person(), post=post, kind="agree", wanted=True)


def test_an_edit_keeps_the_earlier_words(issue, person):
    hanako = person()
    post = say(hanako, issue, "はじめ")
    talk.edit(actor=hanako, post=post, source="つぎ", seen_source="はじめ")
    assert [version.source for version in post.versions.all()] == ["はじめ"]
    with pytest.raises(Conflict):
        talk.edit(actor=hanako, post=post, source="また", seen_source="はじめ")
    with pytest.raises(NotAllowed):
        talk.edit(actor=person(), post=post, source="他人")


def test_a_withdrawn_post_leaves_its_place_and_nobody_brings_it_back(issue, person, with_role):
    hanako = person()
    post = talk.withdraw(actor=hanako, post=say(hanako, issue))
    assert (post.state, post.number) == (Post.State.WITHDRAWN, 1)
    assert say(person(), issue).number == 2
    with pytest.raises(Conflict):
        talk.show_again(actor=with_role(Role.FACILITATOR), post=post)


def test_only_moderators_hide_and_they_say_why(issue, person, with_role):
    post = say(person(), issue, "ひどい言葉")
    with pytest.raises(NotAllowed):
        talk.hide(actor=person(), post=post, reason="いやだ")
    facilitator = with_role(Role.FACILITATOR)
    with pytest.raises(DomainError):
        talk.hide(actor=facilitator, post=post, reason=" ")
    assert talk.hide(actor=facilitator, post=post, reason="悪口").state == Post.State.HIDDEN
    assert Post.objects.get().source == "ひどい言葉"
    assert talk.show_again(actor=facilitator, post=post).state == Post.State.SHOWN


def test_of_the_three_stances_a_person_has_one_and_thanks_beside_it(issue, person):
    post, fan = say(person(), issue), person()
    for kind in ("agree", "thanks", "unsure", "unsure"):
        post = talk.react(actor=fan, post=post, kind=kind, wanted=True)
    assert (post.agree_count, post.unsure_count, post.thanks_count) == (0, 1, 1)
    post = talk.react(actor=fan, post=post, kind="unsure", wanted=False)
    assert (post.unsure_count, post.thanks_count) == (0, 1)


class Talking(RuleBasedStateMachine):
    """Any order of acts by three people: the counters agree with the rows and the numbers have no gap."""

    def __init__(self) -> None:
        super().__init__()
        self.people = [new_person() for _ in range(3)]
        category = Category.objects.create(slug=uuid.uuid4().hex, name="試")
        words = acts.Words(title="題", text="文", question="問", category=category)
        self.issue = acts.raise_issue(actor=self.people[0], words=words, key=uuid.uuid4())

    who = st.integers(0, 2)
    which = st.integers(0, 30)

    def some_post(self, which: int) -> Post | None:
        posts = list(Post.objects.filter(thread=self.issue.thread).order_by("number"))
        return posts[which % len(posts)] if posts else None

    @rule(who=who, which=which, reply=st.booleans())
    def post(self, who: int, which: int, reply: bool) -> None:
        say(self.people[who], self.issue, answers=self.some_post(which) if reply else None)

    @rule(who=who, which=which, kind=st.sampled_from(Reaction.Kind.values), wanted=st.booleans())
    def react(self, who: int, which: int, kind: str, wanted: bool) -> None:
        self.attempt(talk.react, self.people[who], which, kind=kind, wanted=wanted)

    @rule(who=who, which=which)
    def withdraw(self, who: int, which: int) -> None:
        self.attempt(talk.withdraw, self.people[who], which)

    @rule(who=who, which=which, text=st.sampled_from(["あ", "い", ""]))
    def edit(self, who: int, which: int, text: str) -> None:
        self.attempt(talk.edit, self.people[who], which, source=text)

    def attempt(self, act, actor: User, which: int, **more: object) -> None:
        post = self.some_post(which)
        if post is not None:
            with contextlib.suppress(DomainError):
                act(actor=actor, post=post, **more)

    @invariant()
    def numbers_have_no_gap(self) -> None:
        thread = Thread.objects.get(pk=self.issue.thread_id)
        posts = list(thread.posts.order_by("number").values_list("number", flat=True))
        events = list(thread.events.order_by("number").values_list("number", flat=True))
        assert posts == list(range(1, thread.post_count + 1))
        assert events == list(range(1, thread.last_event + 1))

    @invariant()
    def counters_agree_with_rows(self) -> None:
        for post in Post.objects.filter(thread=self.issue.thread):
            for kind, column in talk.COUNTERS.items():
                assert getattr(post, column) == post.reactions.filter(kind=kind).count()

    @invariant()
    def replies_are_one_level_deep(self) -> None:
        assert not Post.objects.filter(answers__answers__isnull=False).exists()


class TestAnyOrderOfActs(TestCase, Talking.TestCase):  # type: ignore[misc, valid-type]
    settings = settings(  # type: ignore[assignment]  # hypothesis looks for this name
        max_examples=15,
        stateful_step_count=20,
        suppress_health_check=list(HealthCheck),
    )
