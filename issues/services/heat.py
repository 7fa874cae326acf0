"""How hot an issue is."""

import math
from datetime import datetime

from issues.models import Issue

WEEK_SECONDS = 7 * 24 * 3600
POST_WEIGHT = 2


def heat_of(*, supports: int, posts: int, posted_at: datetime) -> float:
    """log10(1 + supports + 2 · posts) + weeks from 1970 to the day it was raised.

    The form of Reddit's "hot" (Salihefendic, "How Reddit ranking algorithms work", 2010): ten times the interest
    counts as much as one unit of youth, here a week instead of Reddit's 12.5 hours, because a town talks slowly.

    Nothing has to be written as time passes: instead of the old ones cooling down, every new issue starts warmer, by
    one a week, so that the order is the same as if all had cooled. The value of an issue changes only when
    somebody takes part in it, so it is a column with an index. A double holds it to a thousandth of a second.

    Args:
        supports: how many say "me too".
        posts: how many posts its thread has; a post is worth two supports.
        posted_at: when it was raised, aware.
    """
    return math.log10(1 + supports + POST_WEIGHT * posts) + posted_at.timestamp() / WEEK_SECONDS


def warm_up(issue_pk: int) -> None:
    """Computes the heat of an issue anew; call it in the transaction that changed its numbers."""
    supports, posts, posted_at = Issue.objects.values_list(
        "support_count", "thread__post_count", "posted_at"
    ).get(pk=issue_pk)
    Issue.objects.filter(pk=issue_pk).update(
        heat=heat_of(supports=supports, posts=posts, posted_at=posted_at)
    )
