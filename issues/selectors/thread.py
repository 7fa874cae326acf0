"""A thread as a person reads it: a page of posts, the line "new from here", what the reader has reacted."""

from collections.abc import Sequence
from dataclasses import dataclass

from accounts.models import User
from issues.models import Event, Post, Reaction, ReadPosition, Thread

PAGE_SIZE = 50


@dataclass(frozen=True)
class ShownPost:
    """A post with what the page shows around it."""

    post: Post
    reactions: frozenset[str]
    is_first_unread: bool


@dataclass(frozen=True)
class Talk:
    """A piece of a thread. ``earlier`` and ``later`` are the numbers to page from; 0 where there is nothing."""

    thread: Thread
    posts: Sequence[ShownPost]
    earlier: int
    later: int
    read_up_to: int


def talk_of(
    thread: Thread, *, reader: User | None, before: int = 0, after: int = 0, size: int = PAGE_SIZE
) -> Talk:
    """A piece of the thread in at most four queries, whatever its length.

    Without ``before`` and ``after`` it is the newest piece, or for somebody who has read a part the piece with the
    first unread post.

    Args:
        reader: who reads; ``None`` for a guest.
        before, after: post numbers; the piece ends before or begins after them.
    """
    read_up_to = _read_up_to(thread, reader)
    posts = (
        Post.objects.filter(thread=thread)
        .select_related("author", "answers", "quotes__author")
        .prefetch_related("photos")
    )
    if not before and not after and 0 < read_up_to < thread.post_count - size:
        after = max(read_up_to - size // 4, 0)
    if after or before:
        rows = list(posts.filter(number__gt=after).order_by("number")[:size]) if after else []
        if before:
            rows = list(posts.filter(number__lt=before).order_by("-number")[:size])[::-1]
    else:
        rows = list(posts.order_by("-number")[:size])[::-1]
    mine = _reactions(rows, reader)
    first_unread = (
        next((row.number for row in rows if row.number > read_up_to), 0) if read_up_to else 0
    )
    return Talk(
        thread=thread,
        posts=[
            ShownPost(row, mine.get(row.pk, frozenset()), row.number == first_unread)
            for row in rows
        ],
        earlier=rows[0].number if rows and rows[0].number > 1 else 0,
        later=rows[-1].number if rows and rows[-1].number < thread.post_count else 0,
        read_up_to=read_up_to,
    )


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
        .select_related("post__author", "post__answers")
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
