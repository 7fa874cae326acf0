"""A thread as a person reads it: a page of posts, the line "new from here", what the reader has reacted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise

from accounts.models import Role, RoleGrant, User
from issues.models import Event, Post, PostVersion, Reaction, ReadPosition, Thread

PAGE_SIZE = 50
# Whoever speaks with a power of the city is marked as such.
OFFICES = (Role.CITY_STAFF, Role.FACILITATOR, Role.COORDINATOR)


@dataclass(frozen=True)
class ShownPost:
    """A post with what the page shows around it."""

    post: Post
    reactions: frozenset[str] = frozenset()
    is_first_unread: bool = False
    is_marked: bool = False
    office: str | Promise = ""


@dataclass(frozen=True)
class Talk:
    """A piece of a thread. ``earlier`` and ``later`` are the numbers to page from; 0 where there is nothing.

    ``read_since`` is what :func:`issues.services.talk.mark_read` wants to know of the piece; ``unread`` counts the
    posts behind the line.
    """

    thread: Thread
    posts: Sequence[ShownPost]
    earlier: int
    later: int
    read_up_to: int
    read_since: int
    unread: int

    @property
    def shows_line(self) -> bool:
        """Whether the line "new from here" stands in this piece."""
        return any(shown.is_first_unread for shown in self.posts)

    @property
    def last_number(self) -> int:
        """The number of the last post of the piece."""
        return self.posts[-1].post.number if self.posts else 0


def talk_of(
    thread: Thread,
    *,
    reader: User | None,
    before: int = 0,
    after: int = 0,
    around: int = 0,
    newest: bool = False,
    size: int = PAGE_SIZE,
) -> Talk:
    """A piece of the thread in at most five queries, whatever its length.

    Unless told otherwise it is the newest piece, or for somebody who has read a part the piece with the first
    unread post.

    Args:
        reader: who reads; ``None`` for a guest.
        before, after: post numbers; the piece ends before or begins after them.
        around: the number of a post that is marked, with what was said before and after it.
        newest: the newest piece even for somebody who has not read so far.
    """
    read_up_to = _read_up_to(thread, reader)
    posts = (
        Post.objects.filter(thread=thread)
        .select_related("author", "answers__author", "quotes__author")
        .prefetch_related("photos")
    )
    is_plain = not (before or after or around or newest)
    if around or (is_plain and 0 < read_up_to < thread.post_count - size):
        begin = max((around or read_up_to) - size // 4, 1)
        rows = list(posts.filter(number__gte=begin).order_by("number")[:size])
    elif before:
        rows = list(posts.filter(number__lt=before).order_by("-number")[:size])[::-1]
    elif after:
        rows = list(posts.filter(number__gt=after).order_by("number")[:size])
    else:
        rows = []
    # An address that somebody made up leads to the newest posts.
    rows = rows or list(posts.order_by("-number")[:size])[::-1]
    mine = _reactions(rows, reader)
    offices = offices_of(row.author_id for row in rows)
    line = read_up_to + 1 if 0 < read_up_to < thread.post_count else 0
    first = rows[0].number if rows else 0
    return Talk(
        thread=thread,
        posts=[
            ShownPost(
                row,
                reactions=mine.get(row.pk, frozenset()),
                is_first_unread=row.number == line,
                is_marked=row.number == around,
                office=offices.get(row.author_id, ""),
            )
            for row in rows
        ],
        earlier=first if first > 1 else 0,
        later=rows[-1].number if rows and rows[-1].number < thread.post_count else 0,
        read_up_to=read_up_to,
        read_since=0 if newest else first,
        unread=thread.post_count - read_up_to if line else 0,
    )


def address_of(issue: int, number: int) -> str:
    """The permalink of a post: the right piece of the talk, with the post marked.

    Args:
        issue: key of the issue.
    """
    return f"{reverse('issues:detail', args=[issue])}?post={number}#post-{number}"


def offices_of(people: Iterable[int]) -> dict[int, str | Promise]:
    """In whose name people speak, in words; ordinary people are left out.

    Args:
        people: keys of people.
    """
    held = RoleGrant.objects.filter(person__in=set(people), role__in=OFFICES, ended_at=None)
    return {person: Role(role).label for person, role in held.values_list("person", "role")}


def versions_of(post: Post, *, before: int = 0, size: int = 20) -> Sequence[PostVersion]:
    """How a post read before its edits, the newest first; one more than ``size`` tells that there are more.

    Args:
        before: the key of the version to page from.
    """
    earlier = post.versions.order_by("-pk")
    return list((earlier.filter(pk__lt=before) if before else earlier)[: size + 1])


def patterns_for(reader: User | None) -> dict[str, Post]:
    """Stand-ins for posts that come while a page is open, by how this reader is placed to them.

    The page renders their buttons with the number 0; the script puts the real one there.
    """
    patterns = {"others": Post(number=0, author_id=0)}
    if reader is not None:
        patterns["mine"] = Post(number=0, author=reader)
    patterns["hidden"] = Post(number=0, author_id=0, state=Post.State.HIDDEN)
    return patterns


def events_after(thread: Thread, number: int, *, limit: int) -> Sequence[Event]:
    """What happened in the thread after event ``number``, in order."""
    return list(
        Event.objects.filter(thread=thread, number__gt=number)
        .select_related("post__author", "post__answers__author", "post__quotes__author")
        .prefetch_related("post__photos")
        .order_by("number")[:limit]
    )


def _read_up_to(thread: Thread, reader: User | None) -> int:
    if reader is None:
        return 0
    return (
        ReadPosition.objects.filter(thread=thread, person=reader)
        .values_list("number", flat=True)
        .first()
        or 0
    )


def _reactions(posts: Sequence[Post], reader: User | None) -> dict[int, frozenset[str]]:
    if reader is None:
        return {}
    found: dict[int, set[str]] = {}
    for post, kind in Reaction.objects.filter(post__in=posts, person=reader).values_list(
        "post_id", "kind"
    ):
        found.setdefault(post, set()).add(kind)
    return {post: frozenset(kinds) for post, kinds in found.items()}
