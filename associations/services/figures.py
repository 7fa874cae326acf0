"""Counting households for the city's view: a row for each association, written when something changes there.

How many can be reached by e-mail or LINE changes in other rooms, so everything is counted again every night.
"""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.db import models, transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import Substr
from django.utils import timezone

from associations.models import Association, Figures, Household, HouseholdMember
from associations.querysets import between, paths_to

ASSOCIATIONS_A_CHUNK = 100
COLUMNS = ("households", "registered", "by_email", "by_line", "paper_only", "not_started")


def count_again(node: Association) -> None:
    """Counts the association at or above ``node`` again; call it in the transaction that changed a household."""
    association = (
        Association.objects.filter(path__in=paths_to(node.path), kind=Association.Kind.ASSOCIATION)
        .order_by("-path")
        .first()
    )
    if association is not None:
        _count([association])


def count_everything() -> int:
    """Counts every association of the city again, a chunk in a transaction; repeating it does no harm.

    Returns:
        The number of associations.
    """
    counted = 0
    after = ""
    while True:
        chunk = list(
            Association.objects.filter(kind=Association.Kind.ASSOCIATION).after(after)[
                :ASSOCIATIONS_A_CHUNK
            ]
        )
        if not chunk:
            return counted
        with transaction.atomic():
            _count(chunk)
        counted += len(chunk)
        after = chunk[-1].path


def _count(associations: list[Association]) -> None:
    """Associations in the order of paths; those of one depth in a statement."""
    now = timezone.now()
    rows = []
    for depth in sorted({node.depth for node in associations}):
        same = [node for node in associations if node.depth == depth]
        found: dict[str, Any] = {
            row["path"]: row
            for row in _households(same[0].path, same[-1].path)
            .values(path=Substr("block__path", 1, len(same[0].path)))
            .annotate(
                households=Count("pk"),
                registered=Count("pk", filter=Q(is_registered=True)),
                by_email=Count("pk", filter=Q(is_registered=True, has_email=True)),
                by_line=Count("pk", filter=Q(is_registered=True, has_line=True)),
                paper_only=Count("pk", filter=Q(preference="paper", preference_said=True)),
                not_started=Count("pk", filter=Q(is_registered=False, preference_said=False)),
            )
        }
        rows += [
            Figures(
                node=node,
                counted_at=now,
                **{name: found.get(node.path, {}).get(name, 0) for name in COLUMNS},
            )
            for node in same
        ]
    Figures.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["node"],
        update_fields=[*COLUMNS, "counted_at"],
    )


def _households(first: str, last: str) -> models.QuerySet[Household]:
    members = HouseholdMember.objects.present().filter(household=OuterRef("pk"))
    with_address = EmailAddress.objects.filter(verified=True, user=OuterRef("person"))
    with_line = SocialAccount.objects.filter(provider="line", user=OuterRef("person"))
    found: models.QuerySet[Household] = (
        Household.objects.present()
        .filter(between(first, last, field="block__path"))
        .annotate(
            is_registered=Exists(members),
            has_email=Exists(members.filter(Exists(with_address))),
            has_line=Exists(members.filter(Exists(with_line))),
        )
    )
    return found
