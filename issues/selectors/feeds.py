"""What a feed of a thread tells."""

from collections.abc import Sequence

from issues.models import Post, Thread

FEED_SIZE = 30


def newest_shown(thread: Thread, *, size: int = FEED_SIZE) -> Sequence[Post]:
    """The newest posts that everybody may read, the newest first, in one query."""
    return list(
        Post.objects.filter(thread=thread, state=Post.State.SHOWN)
        .select_related("author")
        .order_by("-number")[:size]
    )
