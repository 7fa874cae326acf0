"""Leaving and moving away: what says who somebody was goes after the stated time, the numbers stay."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from accounts.models import User
from accounts.services import erase_account
from associations import services, tasks
from associations.models import (
    Figures,
    Household,
    HouseholdMember,
    JoinRequest,
    Letter,
    Look,
    OfficeTerm,
)
from associations.querysets import HouseholdMemberQuerySet
from associations.selectors import home_of, households_under, mine
from associations.services import leaving, make_letters
from core.errors import Conflict, NotAllowed, NotFound
from tests.associations.conftest import SmallCity

InOffice = Callable[..., OfficeTerm]


@pytest.fixture
def member(city: SmallCity, resident: User) -> HouseholdMember:
    household = services.register_household(actor=None, block=city.first_block, label="1班-1")
    return services.join_household(actor=None, household=household, person=resident)


@pytest.fixture
def chair(city: SmallCity, person: Callable[..., User], in_office: InOffice) -> User:
    chair = person()
    in_office(chair, city.association)
    return chair


def later(days: int) -> object:
    return timezone.now() + timedelta(days=days)


def test_who_leaves_belongs_to_it_no_more_at_once_and_is_forgotten_after_the_stated_time(
    member: HouseholdMember, resident: User
) -> None:
    services.leave_household(actor=resident, member=member)
    assert home_of(resident) is None
    assert mine.places_of(resident) == []
    kept = settings.ASSOCIATIONS_FORGET_AFTER_DAYS
    services.forget_who_left(now=later(kept - 1))  # type: ignore[arg-type]
    assert HouseholdMember.objects.count() == 1
    services.forget_who_left(now=later(kept + 1))  # type: ignore[arg-type]
    assert HouseholdMember.objects.count() == 0
    assert Household.objects.count() == 1


def test_who_left_by_mistake_comes_back(member: HouseholdMember, resident: User) -> None:
    services.leave_household(actor=resident, member=member)
    services.join_household(actor=None, household=member.household, person=resident)
    assert home_of(resident) is not None
    services.forget_who_left(now=later(400))  # type: ignore[arg-type]
    assert HouseholdMember.objects.count() == 1


def test_nobody_takes_another_out_of_a_household_but_an_officer(
    member: HouseholdMember, chair: User, person: Callable[..., User]
) -> None:
    with pytest.raises(NotAllowed):
        services.leave_household(actor=person(), member=member)
    services.leave_household(actor=chair, member=member)
    with pytest.raises(Conflict):
        services.leave_household(actor=chair, member=member)


def test_a_household_that_moved_away_is_counted_no_more_and_its_label_is_forgotten(
    member: HouseholdMember, chair: User, city: SmallCity, resident: User
) -> None:
    household = member.household
    make_letters(actor=chair, node=city.first_block, households=[household])
    services.household_moved_away(actor=chair, household=household)
    assert households_under(city.association) == 0
    assert home_of(resident) is None
    assert not Letter.objects.live().exists()
    with pytest.raises(NotFound):
        services.say_preference(
            actor=chair, household=household, preference=Household.Preference.BOTH
        )
    # Others may be called so at once.
    services.register_household(actor=chair, block=city.first_block, label="1班-1")
    services.forget_who_left(now=later(60))  # type: ignore[arg-type]
    household.refresh_from_db()
    assert household.label == ""
    assert not household.members.exists()
    assert Household.objects.count() == 2
    assert Figures.objects.get(node=city.association).households == 1


def test_a_deleted_account_leaves_its_household_and_its_requests(
    member: HouseholdMember, resident: User, city: SmallCity
) -> None:
    erase_account(actor=resident, person=resident)
    assert not HouseholdMember.objects.exists()
    assert not JoinRequest.objects.exists()
    assert Figures.objects.get(node=city.association).registered == 0
    assert Household.objects.count() == 1


def test_old_looks_and_decided_requests_go_too(
    chair: User, member: HouseholdMember, city: SmallCity, person: Callable[..., User]
) -> None:
    services.note_look(actor=chair, node=city.first_block, act=Look.Act.LIST)
    asked = services.ask_to_join(
        actor=person(),
        association=city.association,
        words="1班",
        source=JoinRequest.Source.ADDRESS,
    )
    services.decline_request(actor=chair, request=asked, answer="x")
    assert services.forget_who_left()["requests"] == 0
    gone = services.forget_who_left(now=later(367))  # type: ignore[arg-type]
    assert (gone["requests"], gone["looks"]) == (1, 1)


def test_forgetting_goes_on_where_it_broke_off(
    city: SmallCity, person: Callable[..., User], monkeypatch: pytest.MonkeyPatch
) -> None:
    household = services.register_household(actor=None, block=city.first_block, label="1")
    for _ in range(7):
        member = services.join_household(
            actor=None, household=household, person=person(), lives_here=False
        )
        services.leave_household(actor=member.person, member=member)
    monkeypatch.setattr(leaving, "ROWS_A_TRANSACTION", 3)
    rows = HouseholdMember.objects.filter(left_at__isnull=False)
    deleted = HouseholdMemberQuerySet.delete
    calls = []

    class Stopped(Exception):
        """The worker was killed."""

    def killed(chunk: HouseholdMemberQuerySet) -> object:
        calls.append(chunk)
        if len(calls) == 3:
            raise Stopped
        return deleted(chunk)

    monkeypatch.setattr(HouseholdMemberQuerySet, "delete", killed)
    with pytest.raises(Stopped):
        leaving._in_chunks(rows)
    assert HouseholdMember.objects.count() == 1
    assert leaving._in_chunks(rows) == 1


def test_the_tasks_may_run_twice(member: HouseholdMember, city: SmallCity) -> None:
    for _ in range(2):
        tasks.forget_who_left()
        tasks.count_households()
    assert Figures.objects.get(node=city.association).registered == 1
