"""What the search knows of the board: issues, and the posts of their talk that are shown."""

from collections.abc import Iterable, Sequence

from django.db import models
from django.urls import reverse

from core.richtext import to_plain
from issues.models import Issue, Post
from search import services as search
from search.kinds import PUBLIC, Entry

ISSUE = "issue"
POST = "post"


def issue_entries(after: int, limit: int) -> Sequence[Entry]:
    """The entries of the next ``limit`` issues whose key is above ``after``, for the rebuild of the index."""
    return _issue_entries(_issues().filter(pk__gt=after).order_by("pk")[:limit])


def post_entries(after: int, limit: int) -> Sequence[Entry]:
    """The same for posts that are shown in the talk of an issue."""
    return _post_entries(_posts().filter(pk__gt=after).order_by("pk")[:limit])


def index_issues(keys: Iterable[int]) -> None:
    """Puts issues into the index as they are now; call it in the transaction that changed them."""
    search.index(_issue_entries(_issues().filter(pk__in=list(keys))))


def index_post(post: Post) -> None:
    """Puts a post into the index as it is now, or takes it out if it is no longer shown; call it likewise."""
    found = _post_entries(_posts().filter(pk=post.pk))
    if found:
        search.index(found)
    else:
        search.remove(POST, [post.pk])


def _issues() -> models.QuerySet[Issue]:
    issues: models.QuerySet[Issue] = Issue.objects.select_related("place")
    return issues.prefetch_related("tags")  # type: ignore[misc]  # taggit has no types


def _posts() -> models.QuerySet[Post]:
    # Threads of events and projects are the business of their rooms.
    return Post.objects.filter(state=Post.State.SHOWN, thread__issue__isnull=False).select_related(
        "thread__issue"
    )


def _issue_entries(issues: Iterable[Issue]) -> Sequence[Entry]:
    return [
        Entry(
            kind=ISSUE,
            object_id=issue.pk,
            title=issue.title,
            text="\n".join(
                [
                    issue.question,
                    to_plain(issue.text),
                    " ".join(tag.name for tag in issue.tags.all()),
                    issue.place.name if issue.place else "",
                ]
            ).strip(),
            url=reverse("issues:detail", args=[issue.pk]),
            changed_at=issue.edited_at or issue.posted_at,
            audience=frozenset({PUBLIC}),
        )
        for issue in issues
    ]


def _post_entries(posts: Iterable[Post]) -> Sequence[Entry]:
    return [
        Entry(
            kind=POST,
            object_id=post.pk,
            title="",
            text=to_plain(post.source),
            url=f"{reverse('issues:detail', args=[post.thread.issue.pk])}?after={post.number - 1}#p{post.number}",
            changed_at=post.edited_at or post.posted_at,
            audience=frozenset({PUBLIC}),
            parent_title=post.thread.issue.title,
        )
        for post in posts
    ]
