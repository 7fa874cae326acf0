"""What waits for a person on the home page: an office to accept, people to let in, a successor to name."""

from collections.abc import Iterable, Iterator

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from associations.models import JoinRequest, OfficeTerm
from associations.selectors.mine import ENDS_SOON
from core.home import Waiting
from core.rooms import ASSOCIATIONS
from core.times import in_words, tokyo_midnight, tokyo_today


def waiting_for(person: User) -> Iterable[Waiting]:
    """At most a handful, in three queries."""
    yield from _nominations(person)
    held = list(
        OfficeTerm.objects.in_force(tokyo_today())
        .filter(person=person)
        .select_related("office__node")
        .order_by("pk")
    )
    if held:
        yield from _requests(held)
        yield from _ending(held)


def _nominations(person: User) -> Iterator[Waiting]:
    for term in (
        OfficeTerm.objects.waiting()
        .filter(person=person, last_day__gte=tokyo_today())
        .select_related("office__node")
        .order_by("pk")[:3]
    ):
        yield Waiting(
            ASSOCIATIONS,
            _("You have been named: %(node)s %(office)s")
            % {"node": term.office.node.name, "office": str(term.office)},
            _("from %(first)s to %(last)s")
            % {"first": in_words(term.first_day), "last": in_words(term.last_day)},
            ((_("Read and answer"), reverse("associations:answer_term", args=[term.pk])),),
        )


def _requests(held: list[OfficeTerm]) -> Iterator[Waiting]:
    nodes = {term.office.node_id: term.office.node.name for term in held if term.office.may_approve}
    found = (
        JoinRequest.objects.filter(association__in=nodes, state=JoinRequest.State.WAITING)
        .values_list("association")
        .annotate(Count("pk"))
        .order_by("association")
    )
    for node, count in found:
        yield Waiting(
            ASSOCIATIONS,
            ngettext("%(count)d person asks to join", "%(count)d people ask to join", count)
            % {"count": count},
            nodes[node],
            ((_("Look at them"), reverse("associations:requests", args=[node])),),
        )


def _ending(held: list[OfficeTerm]) -> Iterator[Waiting]:
    """Terms that end soon and that nobody has accepted to follow."""
    soon = tokyo_today() + ENDS_SOON
    ending = {term.pk: term for term in held if term.last_day <= soon}
    if not ending:
        return
    followed = set(
        OfficeTerm.objects.filter(follows__in=ending, declined_at=None, ended_at=None).values_list(
            "follows", flat=True
        )
    )
    for key, term in ending.items():
        if key not in followed:
            yield Waiting(
                ASSOCIATIONS,
                _("Your office ends: %(node)s %(office)s")
                % {"node": term.office.node.name, "office": str(term.office)},
                _("Last day: %(day)s") % {"day": in_words(term.last_day)},
                (
                    (
                        _("Name a successor"),
                        reverse("associations:nominate", args=[term.office_id]),
                    ),
                ),
                due=tokyo_midnight(term.last_day),
            )
