"""Saved filters: a person's own, and those that a new issue fits."""

from collections.abc import Iterator
from itertools import product
from typing import Any

from django.db.models import Exists, OuterRef, Q

from accounts.models import PersonSkill, User
from associations.models import Association
from core.errors import NotFound
from issues.models import Issue, SavedFilter, TaggedIssue
from issues.querysets import places_around
from issues.selectors.filters import Filters


def saved_filters_of(person: User) -> list[SavedFilter]:
    """What the person keeps, by name, in one query; a limit in the service keeps it short."""
    return list(
        SavedFilter.objects.filter(person=person).select_related("category", "tag", "place")
    )


def saved_filter_for(person: User, pk: int) -> SavedFilter:
    """The one door to a saved filter: only for whose it is.

    Raises:
        NotFound: there is none, or it is somebody else's.
    """
    found = (
        SavedFilter.objects.filter(person=person, pk=pk)
        .select_related("category", "tag", "place")
        .first()
    )
    if found is None:
        raise NotFound
    return found


def filters_of(saved: SavedFilter) -> Filters:
    """A saved filter as it stands in an address."""
    return Filters(
        category=saved.category.slug if saved.category else "",
        tag=saved.tag.name if saved.tag else "",
        stage=saved.stage,
        place=saved.place_id,
        unanswered=saved.unanswered,
        skills=saved.skills,
        order=saved.order,
    )


def what_it_looks_for(category: int | None, tag: int | None, place: int | None, stage: str) -> str:
    """Category, tag, place and stage in one string; what is not looked for is 0 or empty."""
    return f"{category or 0}|{tag or 0}|{place or 0}|{stage}"


def people_whose_saved_filter_matches(issue: Issue) -> Iterator[int]:
    """The keys of all active people who want to hear of an issue like this one, each once, its author left out.

    Two queries for what the issue is (tags, the places around it) and one for the people: the issue fits at most
    2 categories × 9 tags × some 5 places × 2 stages, and each of these strings is one look-up in an index, so
    that the cost grows with those who are told and not with those who have saved something.
    """
    tags = TaggedIssue.objects.filter(content_object=issue).values_list("tag_id", flat=True)
    places = Association.objects.filter(places_around(issue.place)).order_by()
    fitting = [
        what_it_looks_for(*parts)
        for parts in product(
            (None, issue.category_id),
            (None, *tags),
            (None, *(places.values_list("pk", flat=True) if issue.place else ())),
            ("", issue.stage),
        )
    ]
    good_at_it = PersonSkill.objects.filter(
        person=OuterRef("person"), skill__wanted_by__issue=issue.pk
    )
    found = (
        SavedFilter.objects.filter(looks_for__in=fitting, tells=True, person__is_active=True)
        .filter(Q(skills=False) | Exists(good_at_it))
        .exclude(person=issue.author_id)
    )
    if not issue.awaits_answer:
        found = found.filter(unanswered=False)
    return found.order_by().values_list("person_id", flat=True).distinct().iterator()


def what_is_kept(person: User) -> list[dict[str, Any]]:
    """A person's saved filters, for the archive of their data."""
    return [
        {
            "name": saved.name,
            "filters": filters_of(saved).query(),
            "tells": saved.tells,
            "saved_at": saved.saved_at,
        }
        for saved in saved_filters_of(person)
    ]
