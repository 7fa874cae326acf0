"""What the home page says of the board."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from associations.models import Association
from associations.selectors import Part
from core.home import MOST_NEARBY, Nearby
from core.rooms import ISSUES
from core.times import in_words
from issues.models import Issue

MOST_OF_A_PLACE = 3


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


def issues_of(place: Association) -> Part | None:
    """The issues of an association that were talked about last, for its page; in one query."""
    found = Issue.objects.all()
    if place.kind != Association.Kind.CITY:
        found = found.within(place.path)
    rows = found.order_by("-active_at", "-pk").values_list("pk", "title", "active_at")
    entries = [
        (title, reverse("issues:detail", args=[pk]), in_words(active_at))
        for pk, title, active_at in rows[:MOST_OF_A_PLACE]
    ]
    if not entries:
        return None
    return Part(
        title=_("Issues from here"),
        entries=entries,
        more=_("All issues from here"),
        address=reverse("issues:place", args=[place.pk]),
    )
