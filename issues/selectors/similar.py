"""Issues that are about the same as what somebody begins to write."""

from collections.abc import Sequence
from dataclasses import dataclass

from accounts.models import User
from issues.models import Follow, Issue, Support
from search import kinds
from search.similar import find_similar

# The slug under which services.finding puts issues into the index.
KIND = "issue"
MOST = 5


@dataclass(frozen=True)
class SimilarIssue:
    """An issue as the box beside the form shows it to a reader."""

    issue: Issue
    i_support: bool
    i_follow: bool


def similar_to(typed: str, *, reader: User) -> Sequence[SimilarIssue]:
    """Up to five issues that are about the same, the most similar first, in a flat number of queries."""
    kind = kinds.get(KIND)
    if kind is None:
        return []
    likes = find_similar(typed, kind=kind, reader=kinds.keys_of(reader), most=MOST)
    issues = Issue.objects.select_related("place").in_bulk([like.object_id for like in likes])
    supported = set(
        Support.objects.filter(person=reader, issue__in=issues).values_list("issue_id", flat=True)
    )
    followed = set(
        Follow.objects.filter(person=reader, issue__in=issues).values_list("issue_id", flat=True)
    )
    return [
        SimilarIssue(
            issues[like.object_id], like.object_id in supported, like.object_id in followed
        )
        for like in likes
        # What is gone a moment ago may still stand in the index.
        if like.object_id in issues
    ]
