"""Keeping filters of the board under a name."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from associations.models import Association
from core import audit
from core.errors import DomainError, NotAllowed
from core.text import one_line
from issues import rules
from issues.models import SavedFilter
from issues.models.saved import LONGEST_NAME, MOST_SAVED
from issues.selectors.filters import Filters, Wanted
from issues.selectors.saved import what_it_looks_for
from issues.services.tags import tag_named


@transaction.atomic
def save_filter(*, actor: User, name: str, filters: Filters, tells: bool) -> SavedFilter:
    """Keeps filters under a name; the same name again takes the place of what was kept under it.

    Args:
        tells: whether the person wants to hear of new issues that pass.

    Raises:
        NotAllowed: not signed in.
        DomainError: no name or one longer than 40 characters, nothing is filtered, there is no such category or
            place, or the person keeps thirty already.
    """
    if not rules.may_take_part(actor):
        raise NotAllowed
    if not filters.narrows:
        raise DomainError(_("Please choose at least one filter first, then save it."))
    wanted = Wanted(filters, reader=actor)
    # A person's row is the lock: the limit holds, whatever is pressed at once.
    User.objects.select_for_update().get(pk=actor.pk)
    name = _checked(name)
    others = SavedFilter.objects.filter(person=actor).exclude(name=name)
    if others.count() >= MOST_SAVED:
        raise DomainError(
            _("You keep %(count)d lists already. Please delete one that you no longer need.")
            % {"count": MOST_SAVED}
        )
    saved = SavedFilter.objects.filter(person=actor, name=name).first() or SavedFilter(
        person=actor, name=name
    )
    saved.category = wanted.category
    saved.tag = tag_named(filters.tag) if filters.tag else None
    # What belongs to the city's federation is the whole city: no filter.
    is_city = wanted.place is not None and wanted.place.kind == Association.Kind.CITY
    saved.place = None if is_city else wanted.place
    saved.stage, saved.unanswered, saved.skills = filters.stage, filters.unanswered, filters.skills
    saved.order, saved.tells = filters.order, tells
    saved.looks_for = what_it_looks_for(
        saved.category_id, saved.tag and saved.tag.pk, saved.place_id, saved.stage
    )
    saved.save()
    audit.record(actor=actor, act="issues.filter_saved", target=saved)
    return saved


@transaction.atomic
def change_saved_filter(*, actor: User, saved: SavedFilter, name: str, tells: bool) -> SavedFilter:
    """Gives a saved filter another name, and says whether the person wants to hear of new issues.

    Raises:
        NotAllowed: it is somebody else's.
        DomainError: no name, one longer than 40 characters, or one that another filter of theirs has.
    """
    if saved.person_id != actor.pk:
        raise NotAllowed
    saved.name, saved.tells = _checked(name), tells
    try:
        saved.validate_constraints()
        with transaction.atomic():
            saved.save(update_fields=["name", "tells"])
    except (ValidationError, IntegrityError) as error:
        raise DomainError(_("You have a saved list of this name already.")) from error
    audit.record(actor=actor, act="issues.saved_filter_changed", target=saved)
    return saved


@transaction.atomic
def delete_saved_filter(*, actor: User, saved: SavedFilter) -> None:
    """Forgets a saved filter.

    Raises:
        NotAllowed: it is somebody else's.
    """
    if saved.person_id != actor.pk:
        raise NotAllowed
    audit.record(actor=actor, act="issues.saved_filter_deleted", target=saved)
    saved.delete()


def _checked(name: str) -> str:
    name = one_line(name)
    if not name or len(name) > LONGEST_NAME:
        raise DomainError(
            _("Please write a name of up to %(count)d characters.") % {"count": LONGEST_NAME}
        )
    return name
