"""Taking part in small steps. Each act says what the person wants; saying it twice changes nothing."""

from django.db import models, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core import audit
from core.errors import DomainError, NotAllowed
from core.text import one_line
from issues import rules
from issues.models import Follow, Issue, SkillOffer, Support
from issues.services import telling
from issues.services.heat import warm_up


@transaction.atomic
def support(*, actor: User, issue: Issue, wanted: bool) -> Issue:
    """Says "me too", or takes it back.

    Raises:
        NotAllowed: not signed in.
    """
    return _set(actor, issue, Support, "support_count", wanted=wanted)


@transaction.atomic
def follow(*, actor: User, issue: Issue, wanted: bool) -> Issue:
    """Follows an issue, or stops.

    Raises:
        NotAllowed: not signed in.
    """
    return _set(actor, issue, Follow, "follow_count", wanted=wanted)


@transaction.atomic
def offer_skill(*, actor: User, issue: Issue, words: str) -> SkillOffer:
    """Offers what one is good at; a second offer replaces the first.

    Raises:
        NotAllowed: not signed in.
        DomainError: no words, or more than 200 characters.
    """
    if not rules.may_take_part(actor):
        raise NotAllowed
    words = one_line(words)
    if not words or len(words) > 200:
        raise DomainError(_("Please write in up to 200 characters what you can do."))
    offer, _created = SkillOffer.objects.update_or_create(
        issue=issue, person=actor, defaults={"words": words}
    )
    telling.of_skill(offer)
    audit.record(actor=actor, act="issues.skill_offered", target=issue)
    return offer


@transaction.atomic
def take_offer_back(*, actor: User, issue: Issue) -> None:
    """Takes one's offer back; doing it twice changes nothing.

    Raises:
        NotAllowed: not signed in.
    """
    if not rules.may_take_part(actor):
        raise NotAllowed
    gone, _rows = SkillOffer.objects.filter(issue=issue, person=actor).delete()
    if gone:
        audit.record(actor=actor, act="issues.skill_offer_taken_back", target=issue)


def _set(
    actor: User, issue: Issue, part: type[Support] | type[Follow], counter: str, *, wanted: bool
) -> Issue:
    if not rules.may_take_part(actor):
        raise NotAllowed
    # The issue's row is the lock: two presses at once count once.
    issue = Issue.objects.select_for_update().get(pk=issue.pk)
    rows: models.QuerySet[Support] | models.QuerySet[Follow] = part._default_manager.filter(
        issue=issue, person=actor
    )
    if wanted == rows.exists():
        return issue
    if wanted:
        part._default_manager.create(issue=issue, person=actor)
    else:
        rows.delete()
    Issue.objects.filter(pk=issue.pk).update(**{counter: F(counter) + (1 if wanted else -1)})
    warm_up(issue.pk)
    issue.refresh_from_db(fields=[counter, "heat"])
    return issue
