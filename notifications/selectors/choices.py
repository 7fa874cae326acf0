"""What a person has chosen, as their page shows it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.apps import apps
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.models import User
from notifications import kinds
from notifications.kinds.precedence import OUTSIDE
from notifications.models import Mute, Rhythm
from notifications.selectors.addresses import addresses_of
from notifications.selectors.circumstances import wanted_by, wishes_of


@dataclass(frozen=True)
class Chosen:
    """By category the channels that are on, by wish or by default; and the rhythm."""

    wanted: Mapping[str, frozenset[str]]
    rhythm: Rhythm


@dataclass(frozen=True)
class Way:
    """A channel outside the house, and whether the person can be reached there."""

    channel: str
    label: str | Promise
    is_reachable: bool


@dataclass(frozen=True)
class Muted:
    """A thing of which a person wants to hear nothing more."""

    pk: int
    title: str


def chosen_by(person: User) -> Chosen:
    """What holds for a person now; two queries."""
    wishes = wishes_of([person.pk]).get(person.pk, {})
    rhythm = Rhythm.objects.filter(person=person).first() or Rhythm(person=person)
    return Chosen(
        {category.slug: wanted_by(wishes, category) for category in kinds.categories()}, rhythm
    )


def ways_of(person: User) -> Sequence[Way]:
    """The channels outside the house, in the order in which one stands in for another."""
    found = []
    for channel in OUTSIDE:
        is_reachable = person.pk in addresses_of(channel, [person.pk])
        label = (
            str(channel.label)
            if is_reachable
            else _("%(channel)s (not set up yet)") % {"channel": channel.label}
        )
        found.append(Way(channel.value, label, is_reachable))
    return found


def muted_by(person: User) -> Sequence[Muted]:
    """What a person has muted, the newest first; a query for each kind of thing."""
    mutes = list(Mute.objects.filter(person=person).order_by("-pk")[:200])
    titles: dict[tuple[str, int], str] = {}
    for name in {mute.within_type for mute in mutes}:
        keys = [mute.within_id for mute in mutes if mute.within_type == name]
        things = apps.get_model(name)._default_manager.in_bulk(keys)
        titles |= {(name, key): str(thing) for key, thing in things.items()}
    return [
        Muted(mute.pk, titles.get((mute.within_type, mute.within_id), _("Something that is gone")))
        for mute in mutes
    ]
