"""The acts of an issue: raise it, change its words, move it on, answer it officially."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.services import skills_named
from associations.models import Association
from core import audit
from core.errors import Conflict, DomainError, NotAllowed
from core.photos import Photo as CleanedPhoto
from core.richtext import to_html
from core.text import one_line, visible
from issues import rules
from issues.models import (
    Category,
    Follow,
    Issue,
    IssueDraft,
    IssueVersion,
    OfficialAnswer,
    Stage,
    StageChange,
    Thread,
)
from issues.services import drafts, finding, talk
from issues.services import photos as arrangement
from issues.services.heat import heat_of
from issues.services.photos import Arrangement
from issues.services.tags import set_tags


@dataclass(frozen=True)
class Words:
    """What a person writes about an issue; lengths are checked by the form and held by the model."""

    title: str
    text: str
    question: str
    category: Category
    wanted_by: date | None = None
    decided_by: str = ""
    consequence: str = ""
    place: Association | None = None
    pin: tuple[Decimal, Decimal] | None = None
    tags: tuple[str, ...] = ()
    wanted_skills: tuple[str, ...] = ()

    def columns(self) -> dict[str, Any]:
        """The words as columns of :class:`Issue`."""
        latitude, longitude = self.pin or (None, None)
        return {
            "title": one_line(self.title),
            "text": visible(self.text).strip(),
            "question": one_line(self.question),
            "category": self.category,
            "wanted_by": self.wanted_by,
            "decided_by": one_line(self.decided_by),
            "consequence": one_line(self.consequence),
            "place": self.place,
            "latitude": latitude,
            "longitude": longitude,
        }


@transaction.atomic
def raise_issue(
    *, actor: User, words: Words, key: UUID, photos: Iterable[tuple[CleanedPhoto, str]] = ()
) -> Issue:
    """Puts an issue on the board; its author follows it. Repeating the call with the same key gives the same issue.

    Args:
        key: made by the client for this one act.
        photos: cleaned photos and the words for those who cannot see them, at most six.

    Raises:
        NotAllowed: not signed in.
        DomainError: too many photos, tags or skills.
        ValidationError: a field is too long or missing.
    """
    if not rules.may_take_part(actor):
        raise NotAllowed
    drafts.lock(actor)
    done: Issue | None = Issue.objects.filter(author=actor, key=key).first()
    if done is not None:
        return done
    now = timezone.now()
    columns = words.columns()
    issue = Issue(
        author=actor,
        thread=Thread.objects.create(),
        html=to_html(columns["text"]),
        posted_at=now,
        active_at=now,
        follow_count=1,
        heat=heat_of(supports=0, posts=0, posted_at=now),
        key=key,
        **columns,
    )
    issue.full_clean(exclude=["tags"])
    issue.save()
    set_tags(issue, words.tags)
    issue.wanted_skills.set(skills_named(words.wanted_skills))
    arrangement.add(issue, photos)
    IssueDraft.objects.filter(author=actor, key=key).delete()
    finding.index_issues([issue.pk])
    Follow.objects.create(issue=issue, person=actor)
    audit.record(actor=actor, act="issues.raised", target=issue)
    return issue


@transaction.atomic
def edit_issue(
    *,
    actor: User,
    issue: Issue,
    words: Words,
    seen_version: int,
    photos: Arrangement | None = None,
) -> Issue:
    """Changes an issue; what it said before stays visible with the number of people who supported it then.

    Args:
        seen_version: the version that the person had before the eyes when they began.
        photos: the photos from now on; as they are if not given.

    Raises:
        NotAllowed: somebody else's issue, or it is closed.
        Conflict: it was changed in the meantime; the caller shows both versions.
        DomainError: too many photos, tags or skills.
        ValidationError: a field is too long or missing.
    """
    issue = Issue.objects.select_for_update().get(pk=issue.pk)
    if not rules.may_edit_issue(actor, issue):
        raise NotAllowed
    if issue.version != seen_version:
        raise Conflict
    before = _as_it_stands(issue)
    for name, value in words.columns().items():
        setattr(issue, name, value)
    issue.html = to_html(issue.text)
    issue.full_clean(exclude=["tags"])
    issue.save()
    set_tags(issue, words.tags)
    issue.wanted_skills.set(skills_named(words.wanted_skills))
    if photos is not None:
        arrangement.arrange(issue, photos)
    if _as_it_stands(issue) == before:
        return issue
    IssueVersion.objects.create(
        issue=issue,
        version=issue.version,
        supports_then=issue.support_count,
        replaced_by=actor,
        **before,
    )
    issue.version += 1
    issue.edited_at = timezone.now()
    issue.save(update_fields=["version", "edited_at"])
    finding.index_issues([issue.pk])
    audit.record(actor=actor, act="issues.edited", target=issue, detail={"version": issue.version})
    return issue


@transaction.atomic
def change_stage(*, actor: User, issue: Issue, stage: str, reason: str) -> StageChange:
    """Moves an issue to another stage and keeps who, when and why.

    Raises:
        NotAllowed: neither its author nor a facilitator nor city staff.
        DomainError: no reason, or no such stage.
        Conflict: it is in that stage already.
    """
    issue = Issue.objects.select_for_update().get(pk=issue.pk)
    if not rules.may_change_stage(actor, issue):
        raise NotAllowed
    reason = one_line(reason)
    if stage not in Stage.values or not reason:
        raise DomainError(_("Please choose the stage and write the reason."))
    if issue.stage == stage:
        raise Conflict
    change = StageChange.objects.create(
        issue=issue, before=issue.stage, after=stage, reason=reason[:300], actor=actor
    )
    issue.stage = stage
    issue.active_at = change.at
    issue.save(update_fields=["stage", "active_at"])
    talk.note_stage(thread=issue.thread)
    audit.record(actor=actor, act="issues.stage_changed", target=issue, detail={"to": stage})
    return change


@transaction.atomic
def promise_answer(*, actor: User, issue: Issue, body: str, due_on: date) -> OfficialAnswer:
    """Promises an official answer by a day, which everybody sees.

    Raises:
        NotAllowed: the actor is no city staff.
        DomainError: the day is over already.
    """
    if not rules.may_answer_officially(actor):
        raise NotAllowed
    promised = OfficialAnswer(issue=issue, body=one_line(body), due_on=due_on, asked_by=actor)
    promised.full_clean()
    promised.save()
    audit.record(
        actor=actor, act="issues.answer_promised", target=issue, detail={"due": due_on.isoformat()}
    )
    return promised


@transaction.atomic
def answer_officially(
    *, actor: User, issue: Issue, body: str, text: str, promised: OfficialAnswer | None = None
) -> OfficialAnswer:
    """Gives an official answer, as promised or unasked.

    Raises:
        NotAllowed: the actor is no city staff.
        Conflict: this promise has its answer already.
        ValidationError: the text is empty or too long.
    """
    if not rules.may_answer_officially(actor):
        raise NotAllowed
    answer = promised or OfficialAnswer(issue=issue)
    if promised is not None:
        answer = OfficialAnswer.objects.select_for_update().get(pk=promised.pk, issue=issue)
        if answer.answered_at is not None:
            raise Conflict
    answer.body, answer.text = one_line(body), visible(text).strip()
    answer.html = to_html(answer.text)
    answer.answered_by, answer.answered_at = actor, timezone.now()
    answer.full_clean()
    answer.save()
    Issue.objects.filter(pk=issue.pk).update(
        has_official_answer=True, awaits_answer=False, active_at=answer.answered_at
    )
    audit.record(actor=actor, act="issues.answered_officially", target=issue)
    return answer


def _as_it_stands(issue: Issue) -> dict[str, Any]:
    """What a version keeps of an issue."""
    return {
        "title": issue.title,
        "text": issue.text,
        "question": issue.question,
        "facts": {
            "category": issue.category.name,
            "place": issue.place.name if issue.place else "",
            "wanted_by": issue.wanted_by.isoformat() if issue.wanted_by else "",
            "decided_by": issue.decided_by,
            "consequence": issue.consequence,
            "tags": sorted(issue.tags.values_list("name", flat=True)),
            "wanted_skills": sorted(issue.wanted_skills.values_list("name", flat=True)),
            "pin": f"{issue.latitude:.5f}, {issue.longitude:.5f}" if issue.has_pin else "",
            "photos": [[pk, words] for pk, words in issue.photos.values_list("pk", "words")],
        },
    }
