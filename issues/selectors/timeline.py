"""The way of an issue: everything that changed its course, in one list, the oldest first.

Rooms above add what they know, for example the meetings that were called on it, when their app is ready::

    timeline.register(events_of_issue)      # (issue, reader) -> moments, in a flat number of queries
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from core.times import in_words, tokyo_midnight
from issues.models import Issue, IssueVersion, OfficialAnswer, StageChange


@dataclass(frozen=True)
class Moment:
    """Something on the way of an issue.

    Attributes:
        at: when it happened, aware.
        kind: for the looks: ``raised``, ``edited``, ``stage``, ``promised``, ``overdue``, ``answered``, or a word of
            the room that tells it.
        title: what happened, in words.
        note: who and why, or how much; may be empty.
        address: where one reads more; may be empty.
    """

    at: datetime
    kind: str
    title: str
    note: str = ""
    address: str = ""


Provider = Callable[[Issue, User | None], Iterable[Moment]]
_providers: list[Provider] = []


def register(provider: Provider) -> None:
    """Lets a room tell its moments; it decides what this reader (``None`` for a guest) may know."""
    if provider not in _providers:
        _providers.append(provider)


def timeline_of(
    issue: Issue,
    *,
    reader: User | None,
    changes: Sequence[StageChange],
    answers: Sequence[OfficialAnswer],
) -> Sequence[Moment]:
    """The way so far, in one query and those of the providers.

    Args:
        changes, answers: of this issue, which the caller has read already; changes with their actors.
    """
    moments = [Moment(issue.posted_at, "raised", _("Raised"), str(issue.author))]
    moments += map(_of_version, issue.versions.select_related("replaced_by"))
    moments += map(moment_of_stage, changes)
    moments += [moment for answer in answers for moment in _of_answer(answer)]
    moments += [moment for provider in _providers for moment in provider(issue, reader)]
    return sorted(moments, key=lambda moment: moment.at)


def _of_version(version: IssueVersion) -> Moment:
    supporters = ngettext(
        "%(number)d person had said “me too” to the earlier words",
        "%(number)d people had said “me too” to the earlier words",
        version.supports_then,
    ) % {"number": version.supports_then}
    address = reverse("issues:versions", args=[version.issue_id])
    return Moment(version.replaced_at, "edited", _("The words were changed"), supporters, address)


def moment_of_stage(change: StageChange) -> Moment:
    """A change of the stage, in the language of now."""
    title = _("Moved to “%(stage)s”") % {"stage": change.get_after_display()}
    return Moment(change.at, "stage", title, f"{change.actor}: {change.reason}")


def _of_answer(answer: OfficialAnswer) -> Iterable[Moment]:
    if answer.due_on is not None:
        note = _("%(body)s: by %(day)s") % {"body": answer.body, "day": in_words(answer.due_on)}
        yield Moment(answer.asked_at, "promised", _("An official answer was promised"), note)
        over = tokyo_midnight(answer.due_on + timedelta(days=1))
        if (answer.answered_at or timezone.now()) >= over:
            yield Moment(
                over, "overdue", _("The promised day passed without an answer"), answer.body
            )
    if answer.answered_at is not None:
        yield Moment(
            answer.answered_at,
            "answered",
            _("Official answer"),
            answer.body,
            f"#answer-{answer.pk}",
        )
