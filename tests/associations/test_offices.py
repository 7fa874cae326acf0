"""Offices and terms: powers begin and end with the days, and somebody can always send."""

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connections

from accounts.models import User
from accounts.services import erase_account
from associations import rules
from associations.models import Association, Office, OfficeTerm
from associations.selectors.officers import next_last_day
from associations.services import (
    accept_office,
    change_powers,
    decline_office,
    end_term,
    found_association,
    make_office,
    name_successor,
    put_in_office,
)
from core.errors import Conflict, DomainError, NotAllowed
from core.models import AuditEntry
from core.times import tokyo_today
from tests.associations.conftest import Days, SmallCity

InOffice = Callable[..., OfficeTerm]
Person = Callable[..., User]
YEAR: Days = (date(2026, 4, 1), date(2027, 3, 31))


def at(text: str) -> time_machine.travel:
    """A moment by a clock in Japan."""
    return time_machine.travel(datetime.fromisoformat(f"{text}+09:00").astimezone(UTC), tick=False)


def test_powers_begin_and_end_at_midnight_in_tokyo(city: SmallCity, person: Person) -> None:
    chair = person()
    with at("2026-03-20 12:00"):
        put_in_office(
            node=city.association,
            kind=Office.Kind.CHAIR,
            person=chair,
            first_day=YEAR[0],
            last_day=YEAR[1],
        )
    for moment, may in (
        ("2026-03-31 23:59", False),
        ("2026-04-01 00:00", True),
        ("2027-03-31 23:59", True),
        ("2027-04-01 00:00", False),
    ):
        with at(moment):
            assert rules.may_see_names(chair, city.first_block) is may, moment
            assert rules.may_send_circulars(chair, city.association) is may
            assert bool(rules.offices_of(chair)) is may


def test_which_offices_somebody_held_on_a_day_can_be_asked_later(
    city: SmallCity, resident: User, in_office: InOffice, this_year: Days
) -> None:
    term = in_office(resident, city.association)
    day_before = this_year[0] - timedelta(days=1)
    assert rules.offices_of(resident, on=this_year[0]) == [term]
    assert rules.offices_of(resident, on=day_before) == []


def test_a_predicate_costs_one_query_and_remembers_nothing(
    city: SmallCity,
    resident: User,
    in_office: InOffice,
    person: Person,
    django_assert_num_queries: Callable[..., object],
) -> None:
    in_office(person(), city.association, Office.Kind.DEPUTY)
    term = in_office(resident, city.association)
    with django_assert_num_queries(1):  # type: ignore[attr-defined]
        assert rules.may_see_names(resident, city.first_block)
    end_term(actor=resident, term=term)
    assert not rules.may_see_names(resident, city.first_block)


def test_a_closed_account_has_no_powers(
    city: SmallCity, resident: User, in_office: InOffice
) -> None:
    in_office(resident, city.association)
    User.objects.filter(pk=resident.pk).update(is_active=False)
    resident.refresh_from_db()
    assert rules.powers_at(resident, city.association) == rules.NONE
    assert rules.senders_at(city.association) == set()


def test_a_successor_holds_nothing_until_they_accept(
    city: SmallCity, resident: User, person: Person, in_office: InOffice, this_year: Days
) -> None:
    chair = person()
    term = in_office(chair, city.association)
    named = name_successor(
        actor=chair,
        office=term.office,
        person=resident,
        first_day=this_year[0],
        last_day=this_year[1],
        follows=term,
    )
    assert not rules.may_send_circulars(resident, city.association)
    accept_office(actor=resident, term=named)
    assert rules.may_send_circulars(resident, city.association)
    assert AuditEntry.objects.latest("pk").act == "associations.office_accepted"
    with pytest.raises(Conflict):
        accept_office(actor=resident, term=named)


def test_nobody_else_can_accept_and_who_declined_holds_nothing(
    city: SmallCity, resident: User, person: Person, in_office: InOffice, this_year: Days
) -> None:
    term = in_office(person(), city.association)
    named = name_successor(
        actor=None,
        office=term.office,
        person=resident,
        first_day=this_year[0],
        last_day=this_year[1],
    )
    with pytest.raises(NotAllowed):
        accept_office(actor=person(), term=named)
    decline_office(actor=resident, term=named)
    assert not rules.offices_of(resident)
    with pytest.raises(Conflict):
        accept_office(actor=resident, term=named)


def test_the_second_of_two_successors_reads_that_somebody_was_faster(
    city: SmallCity, person: Person, in_office: InOffice, this_year: Days
) -> None:
    term = in_office(person(), city.association)
    people = [person(), person()]
    named = [
        name_successor(
            actor=None,
            office=term.office,
            person=one,
            first_day=this_year[0],
            last_day=this_year[1],
            follows=term,
        )
        for one in people
    ]
    accept_office(actor=people[0], term=named[0])
    with pytest.raises(Conflict):
        accept_office(actor=people[1], term=named[1])
    with pytest.raises(Conflict):
        name_successor(
            actor=None,
            office=term.office,
            person=person(),
            first_day=this_year[0],
            last_day=this_year[1],
            follows=term,
        )


def test_the_last_who_may_send_can_neither_resign_nor_lose_the_power_nor_leave(
    city: SmallCity, resident: User, in_office: InOffice
) -> None:
    term = in_office(resident, city.association)
    with pytest.raises(Conflict):
        end_term(actor=resident, term=term)
    with pytest.raises(Conflict):
        change_powers(actor=resident, office=term.office, powers=(False, True, True, True))
    with pytest.raises(Conflict):
        erase_account(actor=resident, person=resident)
    resident.refresh_from_db()
    assert resident.erased_at is None
    assert rules.may_send_circulars(resident, city.association)


def test_with_a_second_sender_the_first_may_go(
    city: SmallCity, resident: User, person: Person, in_office: InOffice
) -> None:
    term = in_office(resident, city.association)
    in_office(person(), city.association, Office.Kind.DEPUTY)
    end_term(actor=resident, term=term)
    assert not rules.may_send_circulars(resident, city.association)
    assert len(rules.senders_at(city.association)) == 1


def test_a_sender_of_a_block_or_a_federation_does_not_stand_in_for_one_of_the_association(
    city: SmallCity, resident: User, person: Person, in_office: InOffice
) -> None:
    term = in_office(resident, city.association)
    in_office(person(), city.first_block, Office.Kind.BLOCK_LEADER)
    in_office(person(), city.district)
    with pytest.raises(Conflict):
        end_term(actor=resident, term=term)


def test_an_office_has_its_own_title_and_powers(
    city: SmallCity, resident: User, in_office: InOffice
) -> None:
    in_office(resident, city.association)
    office = make_office(
        actor=resident, node=city.association, kind=Office.Kind.OTHER, title=" 防災部長 "
    )
    assert str(office) == "防災部長"
    assert not office.may_send
    with pytest.raises(ValidationError):
        make_office(actor=resident, node=city.association, kind=Office.Kind.OTHER)
    with pytest.raises(Conflict):
        make_office(actor=resident, node=city.association, kind=Office.Kind.OTHER, title="防災部長")


@pytest.mark.parametrize(
    ("first", "last"), [(1, 0), (-10, -1), (0, 6 * 366)], ids=["backwards", "over", "for ever"]
)
def test_a_term_has_days_that_make_sense(
    city: SmallCity, resident: User, first: int, last: int
) -> None:
    office = make_office(actor=None, node=city.association, kind=Office.Kind.CHAIR)
    today = tokyo_today()
    with pytest.raises(ValidationError):
        name_successor(
            actor=None,
            office=office,
            person=resident,
            first_day=today + timedelta(days=first),
            last_day=today + timedelta(days=last),
        )


def test_terms_end_with_the_fiscal_year_unless_that_is_near() -> None:
    assert next_last_day(date(2026, 11, 21)) == date(2027, 3, 31)
    assert next_last_day(date(2027, 2, 1)) == date(2028, 3, 31)
    assert next_last_day(date(2026, 4, 1)) == date(2027, 3, 31)


def together(*acts: Callable[[], object]) -> list[Exception | None]:
    """Runs acts at the same moment, each on a connection of its own; what each raised."""
    barrier = threading.Barrier(len(acts))
    raised: list[Exception | None] = [None] * len(acts)

    def run(number: int, act: Callable[[], object]) -> None:
        try:
            barrier.wait(10)
            act()
        except DomainError as error:
            raised[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
        assert not thread.is_alive()
    return raised


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attempt", range(5))
def test_of_two_last_senders_who_resign_at_once_one_stays(
    person: Person, this_year: Days, attempt: int
) -> None:
    node = found_association(actor=None, kind=Association.Kind.ASSOCIATION, name="町会")
    people = [person(), person()]
    terms = [
        put_in_office(
            node=node, kind=kind, person=one, first_day=this_year[0], last_day=this_year[1]
        )
        for one, kind in zip(people, (Office.Kind.CHAIR, Office.Kind.DEPUTY), strict=True)
    ]
    raised = together(
        lambda: end_term(actor=people[0], term=terms[0]),
        lambda: end_term(actor=people[1], term=terms[1]),
    )
    assert sorted(error is None for error in raised) == [False, True]
    assert len(rules.senders_at(node)) == 1


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attempt", range(5))
def test_of_two_successors_who_accept_at_once_one_wins(
    person: Person, this_year: Days, attempt: int
) -> None:
    node = found_association(actor=None, kind=Association.Kind.ASSOCIATION, name="町会")
    term = put_in_office(
        node=node,
        kind=Office.Kind.CHAIR,
        person=person(),
        first_day=this_year[0],
        last_day=this_year[1],
    )
    people = [person(), person()]
    named = [
        name_successor(
            actor=None,
            office=term.office,
            person=one,
            first_day=this_year[0],
            last_day=this_year[1],
            follows=term,
        )
        for one in people
    ]
    raised = together(
        lambda: accept_office(actor=people[0], term=named[0]),
        lambda: accept_office(actor=people[1], term=named[1]),
    )
    assert sorted(error is None for error in raised) == [False, True]
    assert term.successors.filter(accepted_at__isnull=False).count() == 1
