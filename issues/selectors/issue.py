"""One issue with all that its page shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.functional import Promise

from accounts.models import User
from core.errors import NotFound
from core.times import tokyo_today
from issues.models import (
    Follow,
    Issue,
    OfficialAnswer,
    Photo,
    Post,
    SkillOffer,
    Stage,
    StageChange,
    Support,
)
from issues.selectors.timeline import Moment, timeline_of


@dataclass(frozen=True)
class Step:
    """A stage on the way of an issue; ``since`` is empty for those that lie ahead."""

    stage: str
    label: str | Promise
    since: datetime | None
    is_now: bool
    is_done: bool


@dataclass(frozen=True)
class IssuePage:
    """What the page of an issue shows beside its talk."""

    issue: Issue
    steps: Sequence[Step]
    changes: Sequence[StageChange]
    answers: Sequence[OfficialAnswer]
    promised: OfficialAnswer | None
    is_overdue: bool
    timeline: Sequence[Moment]
    offers: Sequence[SkillOffer]
    i_support: bool
    i_follow: bool


def issue_for(pk: int) -> Issue:
    """The one door to an issue.

    Raises:
        NotFound: there is no such issue.
    """
    found = (
        Issue.objects.select_related("category", "place", "author", "thread")
        .prefetch_related("tags", "photos", "wanted_skills")  # type: ignore[misc]  # taggit has no types
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise NotFound
    return found


def post_of(issue: Issue, number: int) -> Post:
    """A post of an issue by its number.

    Raises:
        NotFound: there is no such post.
    """
    found = (
        Post.objects.select_related("author", "thread")
        .filter(thread=issue.thread_id, number=number)
        .first()
    )
    if found is None:
        raise NotFound
    return found


def photo_for(pk: int) -> Photo:
    """A photo by its key, unless its post is hidden or withdrawn.

    Raises:
        NotFound: there is no such photo to be seen.
    """
    found = Photo.objects.select_related("post").filter(pk=pk).first()
    if found is None or (found.post is not None and found.post.state != Post.State.SHOWN):
        raise NotFound
    return found


def page_of(issue: Issue, *, reader: User | None) -> IssuePage:
    """The page of an issue in a flat number of queries."""
    changes = list(issue.stage_changes.select_related("actor"))
    answers = list(issue.official_answers.all())
    promised = next((answer for answer in answers if answer.answered_at is None), None)
    return IssuePage(
        issue=issue,
        steps=steps_of(issue, changes),
        changes=changes,
        answers=[answer for answer in answers if answer.answered_at],
        promised=promised,
        is_overdue=_is_over(promised.due_on) if promised else False,
        timeline=timeline_of(issue, reader=reader, changes=changes, answers=answers),
        offers=list(issue.skill_offers.select_related("person")[:50]),
        i_support=bool(reader) and Support.objects.filter(issue=issue, person=reader).exists(),
        i_follow=bool(reader) and Follow.objects.filter(issue=issue, person=reader).exists(),
    )


def _is_over(day: date | None) -> bool:
    return day is not None and day < tokyo_today()


def steps_of(issue: Issue, changes: Sequence[StageChange]) -> Sequence[Step]:
    """All stages, with those that the issue has reached; ``changes`` are its own, the oldest first."""
    since: dict[str, datetime] = {Stage.DISCUSSION: issue.posted_at}
    since |= {change.after: change.at for change in changes}
    order = list(Stage)
    now = order.index(Stage(issue.stage))
    return [
        Step(
            stage=stage,
            label=stage.label,
            since=since.get(stage) if place <= now else None,
            is_now=place == now,
            is_done=place <= now and stage in since,
        )
        for place, stage in enumerate(order)
    ]
