"""Whom the board tells of what. Each function is called in the transaction of its act."""

from collections.abc import Collection
from datetime import datetime, time, timedelta

from django.utils import timezone

from accounts.models import PersonSkill, User
from core.times import TOKYO
from issues import notices
from issues.models import Follow, Issue, OfficialAnswer, Post, SkillOffer, StageChange
from issues.selectors.saved import people_whose_saved_filter_matches
from notifications.services import notify

# A summary of reactions leaves the house when people have time for it.
SUMMARY_AT = time(18, 0)


def of_issue(issue: Issue) -> None:
    """Tells those who are good at what it needs, then those who wanted to hear of such issues; each person once."""
    good_at_it = PersonSkill.objects.filter(
        skill__wanted_by__issue=issue.pk, person__is_active=True
    )
    asked = set(good_at_it.values_list("person_id", flat=True))
    about = {"actor": issue.author, "about": issue}
    notify(notices.SKILL_WANTED, recipients=asked, **about)  # type: ignore[arg-type]
    wanted_it = set(people_whose_saved_filter_matches(issue))
    notify(notices.NEW_ISSUE, recipients=wanted_it - asked, **about)  # type: ignore[arg-type]


def of_post(
    post: Post, *, answered: Post | None, quoted: Post | None, mentioned: Collection[int] = ()
) -> None:
    """Tells those who were answered or quoted, then those who were called, then those who follow; each person once.

    Args:
        mentioned: ids of the accounts that the text calls.
    """
    issue = Issue.objects.filter(thread=post.thread_id).first()
    if issue is None:
        # The talk of an event or a project is told of by its own room.
        return
    post.thread.issue = issue
    about = {"actor": post.author, "about": post}
    others = {other.author_id for other in (answered, quoted) if other is not None}
    notify(notices.REPLY, recipients=others, **about)  # type: ignore[arg-type]
    called = set(mentioned) - others
    notify(notices.MENTION, recipients=called, **about)  # type: ignore[arg-type]
    followers = set(Follow.objects.filter(issue=issue).values_list("person_id", flat=True))
    notify(notices.NEW_POST, recipients=followers - others - called, **about)  # type: ignore[arg-type]


def of_mentions(post: Post, mentioned: Collection[int]) -> None:
    """Tells those whom an edited post calls for the first time."""
    if mentioned and Issue.objects.filter(thread=post.thread_id).exists():
        notify(notices.MENTION, actor=post.author, about=post, recipients=mentioned)


def of_reaction(post: Post, *, actor: User) -> None:
    """Tells the author of a post, once a day at most."""
    if not Issue.objects.filter(thread=post.thread_id).exists():
        return
    today = timezone.now().astimezone(TOKYO)
    notify(
        notices.REACTIONS,
        actor=actor,
        about=post,
        recipients=[post.author_id],
        occasion=today.date().isoformat(),
        not_before=_evening(today),
    )


def of_stage(change: StageChange) -> None:
    """Tells the author and the followers of an issue that it has moved on."""
    notify(
        notices.STAGE_CHANGE,
        actor=change.actor,
        about=change,
        recipients=_concerned(change.issue),
    )


def of_promise(answer: OfficialAnswer) -> None:
    """Tells them that the city will answer."""
    notify(
        notices.ANSWER_PROMISED,
        actor=answer.asked_by,
        about=answer,
        recipients=_concerned(answer.issue),
    )


def of_answer(answer: OfficialAnswer) -> None:
    """Tells them that the city has answered."""
    notify(
        notices.ANSWER_GIVEN,
        actor=answer.answered_by,
        about=answer,
        recipients=_concerned(answer.issue),
    )


def of_skill(offer: SkillOffer) -> None:
    """Tells the author of an issue that somebody offers to help."""
    notify(
        notices.SKILL_OFFERED,
        actor=offer.person,
        about=offer,
        recipients=[offer.issue.author_id],
    )


def _concerned(issue: Issue) -> set[int]:
    followers = Follow.objects.filter(issue=issue).values_list("person_id", flat=True)
    return {issue.author_id, *followers}


def _evening(now: datetime) -> datetime:
    today = datetime.combine(now.date(), SUMMARY_AT, tzinfo=TOKYO)
    return today if now <= today else today + timedelta(days=1)
