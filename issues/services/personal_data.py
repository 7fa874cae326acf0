"""What the board knows about a person, and what it forgets when they leave.

What somebody said to everybody stays and belongs to a former member, and so do their "me too" and reactions, which
are numbers to others. What concerned them alone goes: drafts, saved lists, what they follow, how far they have read; and offers,
which nobody could take up any more.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db.models import F

from accounts.models import User
from accounts.services.personal_data import Part
from issues.models import (
    Follow,
    Issue,
    IssueDraft,
    IssueVersion,
    Photo,
    Post,
    PostVersion,
    Reaction,
    ReadPosition,
    SavedFilter,
    SkillOffer,
    StageChange,
    Support,
)
from issues.selectors.saved import what_is_kept

CHUNK = 64 * 1024


def export(person: User) -> Part:
    """Everything on the board that is the person's own."""
    photos = Photo.objects.filter(issue__author=person) | Photo.objects.filter(post__author=person)
    return Part(
        data={
            "issues": [
                {
                    "title": issue.title,
                    "question": issue.question,
                    "text": issue.text,
                    "wanted_by": issue.wanted_by,
                    "decided_by": issue.decided_by,
                    "consequence": issue.consequence,
                    "category": issue.category.name,
                    "place": issue.place.name if issue.place else None,
                    "latitude": issue.latitude,
                    "longitude": issue.longitude,
                    "tags": [tag.name for tag in issue.tags.all()],
                    "wanted_skills": [skill.name for skill in issue.wanted_skills.all()],
                    "posted_at": issue.posted_at,
                    "edited_at": issue.edited_at,
                }
                for issue in Issue.objects.filter(author=person)
                .select_related("category", "place")
                .prefetch_related("tags", "wanted_skills")  # type: ignore[misc]  # taggit has no types
                .order_by("pk")
            ],
            "earlier_versions_of_issues": _rows(
                IssueVersion.objects.filter(issue__author=person).values(
                    "issue__title", "version", "title", "question", "text", "facts", "replaced_at"
                )
            ),
            "saved_filters": what_is_kept(person),
            "drafts": _rows(IssueDraft.objects.filter(author=person).values("typed", "saved_at")),
            "posts": _rows(
                Post.objects.filter(author=person)
                .order_by("pk")
                .values("thread__issue__title", "number", "source", "state", "posted_at")
            ),
            "earlier_versions_of_posts": _rows(
                PostVersion.objects.filter(post__author=person).values(
                    "post__thread__issue__title", "post__number", "source", "replaced_at"
                )
            ),
            "me_too": _rows(Support.objects.filter(person=person).values("issue__title", "at")),
            "following": _rows(Follow.objects.filter(person=person).values("issue__title", "at")),
            "offered_skills": _rows(
                SkillOffer.objects.filter(person=person).values("issue__title", "words", "at")
            ),
            "reactions": _rows(
                Reaction.objects.filter(person=person).values(
                    "post__thread__issue__title", "post__number", "kind"
                )
            ),
            "read_up_to": _rows(
                ReadPosition.objects.filter(person=person).values("thread__issue__title", "number")
            ),
            "changes_of_stage": _rows(
                StageChange.objects.filter(actor=person).values(
                    "issue__title", "before", "after", "reason", "at"
                )
            ),
        },
        files=(
            (f"photo-{photo.pk}.jpg", _pieces(photo)) for photo in photos.order_by("pk").iterator()
        ),
    )


def erase(person: User) -> None:
    """Forgets what concerned the person alone; runs in the transaction of the erasure."""
    IssueDraft.objects.filter(author=person).delete()
    SavedFilter.objects.filter(person=person).delete()
    ReadPosition.objects.filter(person=person).delete()
    SkillOffer.objects.filter(person=person).delete()
    followed = Issue.objects.filter(follows__person=person).values_list("pk", flat=True)
    # The issue's row is the lock of its counters, in one order for everybody.
    keys = list(
        Issue.objects.select_for_update()
        .filter(pk__in=list(followed))
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    Issue.objects.filter(pk__in=keys).update(follow_count=F("follow_count") - 1)
    Follow.objects.filter(person=person, issue__in=keys).delete()


def _rows(rows: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return list(rows)


def _pieces(photo: Photo) -> Iterator[bytes]:
    with photo.picture.open("rb") as file:
        while piece := file.read(CHUNK):
            yield piece
