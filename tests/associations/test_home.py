"""What of this room waits for a person on the home page."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from accounts.models import User
from associations import services
from associations.models import JoinRequest, Office, OfficeTerm
from associations.selectors.waiting import waiting_for
from core.times import tokyo_today
from tests.associations.conftest import SmallCity

Days = tuple[date, date]


def titles(person: User) -> list[str]:
    return [item.actions[0][1] for item in waiting_for(person)]


@pytest.fixture
def chair(
    city: SmallCity, person: Callable[..., User], in_office: Callable[..., OfficeTerm]
) -> OfficeTerm:
    return in_office(person(), city.association)


def test_who_was_named_reads_it_until_they_answer(
    chair: OfficeTerm, resident: User, this_year: Days
) -> None:
    named = services.name_successor(
        actor=None,
        office=chair.office,
        person=resident,
        first_day=this_year[0],
        last_day=this_year[1],
    )
    assert titles(resident) == [f"/associations/terms/{named.pk}/"]
    services.decline_office(actor=resident, term=named)
    assert titles(resident) == []


def test_officers_who_let_members_in_read_that_somebody_asks(
    city: SmallCity,
    chair: OfficeTerm,
    resident: User,
    person: Callable[..., User],
    in_office: Callable[..., OfficeTerm],
) -> None:
    services.ask_to_join(
        actor=resident,
        association=city.association,
        words="1班",
        source=JoinRequest.Source.ADDRESS,
    )
    treasurer = in_office(person(), city.association, Office.Kind.TREASURER)
    assert titles(chair.person) == [f"/associations/{city.association.pk}/requests/"]
    assert titles(treasurer.person) == []
    assert titles(resident) == []


def test_whose_term_ends_soon_is_asked_for_a_successor_until_one_is_named(
    city: SmallCity,
    person: Callable[..., User],
    resident: User,
    in_office: Callable[..., OfficeTerm],
) -> None:
    today = tokyo_today()
    days = (today, today + timedelta(days=30))
    term = in_office(person(), city.association, Office.Kind.CHAIR, days)
    assert titles(term.person) == [f"/associations/offices/{term.office_id}/name/"]
    services.name_successor(
        actor=term.person,
        office=term.office,
        person=resident,
        first_day=days[1],
        last_day=days[1] + timedelta(days=365),
        follows=term,
    )
    assert titles(term.person) == []
