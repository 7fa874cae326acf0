"""What the home page says of the board."""

from django.urls import reverse
from django.utils.translation import ngettext

from accounts.models import User
from core.home import MOST_NEARBY, Nearby
from core.rooms import ISSUES
from issues.models import Issue


def moved_lately(person: User | None) -> list[Nearby]:
    """The issues that were talked about last, in one query."""
    latest = Issue.objects.select_related("thread").order_by("-active_at", "-pk")[:MOST_NEARBY]
    return [
        Nearby(
            room=ISSUES,
            title=issue.title,
            address=reverse("issues:detail", args=[issue.pk]),
            note=ngettext("%(number)d post", "%(number)d posts", issue.thread.post_count)
            % {"number": issue.thread.post_count},
            at=issue.active_at,
        )
        for issue in latest
    ]
