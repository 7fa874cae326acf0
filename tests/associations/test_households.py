"""Households and the people in them."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.services import open_account
from associations.models import Association, Household, HouseholdMember
from associations.selectors import home_of, households_under, place_in_words
from associations.services import add_block, found_association, join_household, register_household
from core.errors import Conflict, NotAllowed
from core.models import AuditEntry
from tests.associations.conftest import SmallCity


@pytest.fixture
def household(city: SmallCity) -> Household:
    return register_household(actor=None, block=city.first_block, label="1班-1")


def test_an_administrator_registers_a_household_and_the_log_says_who(
    city: SmallCity, administrator: User
) -> None:
    household = register_household(actor=administrator, block=city.first_block, label="1班-1")
    assert households_under(city.federation) == 1
    entry = AuditEntry.objects.latest("pk")
    assert (entry.act, entry.actor) == ("associations.household_registered", administrator)
    assert entry.target_id == str(household.pk)


def test_a_resident_can_neither_register_households_nor_place_people(
    household: Household, city: SmallCity, resident: User
) -> None:
    with pytest.raises(NotAllowed):
        register_household(actor=resident, block=city.first_block, label="1班-2")
    with pytest.raises(NotAllowed):
        join_household(actor=resident, household=household, person=resident)
    assert households_under(city.federation) == 1
    assert not HouseholdMember.objects.exists()


def test_circulars_arrive_on_paper_until_the_household_says_otherwise(
    household: Household,
) -> None:
    assert household.preference == Household.Preference.PAPER


def test_households_stand_in_active_blocks_only(city: SmallCity) -> None:
    for node in (city.federation, city.district, city.association):
        with pytest.raises(Conflict):
            register_household(actor=None, block=node, label="1")
    city.second_block.is_active = False
    with pytest.raises(Conflict):
        register_household(actor=None, block=city.second_block, label="1")


def test_a_label_is_unique_in_its_block_only(household: Household, city: SmallCity) -> None:
    with pytest.raises(Conflict):
        register_household(actor=None, block=city.first_block, label=" 1班-1")
    register_household(actor=None, block=city.second_block, label="1班-1")
    assert households_under(city.first_block) == 1
    assert households_under(city.association) == 2


@pytest.mark.parametrize("label", ["", " ", "番" * 41])
def test_a_household_needs_a_label_that_fits(city: SmallCity, label: str) -> None:
    with pytest.raises(ValidationError):
        register_household(actor=None, block=city.first_block, label=label)


def test_an_unknown_preference_is_refused_by_service_and_database(household: Household) -> None:
    with pytest.raises(ValidationError):
        register_household(
            actor=None,
            block=household.block,
            label="1班-2",
            preference="pigeon",  # type: ignore[arg-type]
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Household.objects.update(preference="pigeon")


def test_a_block_with_households_cannot_be_deleted(household: Household) -> None:
    with pytest.raises(ProtectedError):
        household.block.delete()


def test_nobody_has_two_places_in_a_household(household: Household, resident: User) -> None:
    join_household(actor=None, household=household, person=resident)
    with pytest.raises(Conflict):
        join_household(actor=None, household=household, person=resident)
    assert household.members.count() == 1


def test_nobody_lives_in_two_households_but_family_away_may_belong_to_another(
    household: Household, city: SmallCity, resident: User
) -> None:
    parents = register_household(actor=None, block=city.second_block, label="2班-1")
    join_household(actor=None, household=parents, person=resident, lives_here=False)
    join_household(actor=None, household=household, person=resident)
    another = register_household(actor=None, block=city.second_block, label="2班-2")
    with pytest.raises(Conflict):
        join_household(actor=None, household=another, person=resident)
    home = home_of(resident)
    assert home is not None
    assert home.household == household


def test_family_living_away_without_a_home_here_belongs_to_the_family(
    household: Household, resident: User
) -> None:
    join_household(actor=None, household=household, person=resident, lives_here=False)
    assert place_in_words(resident) == "石引2丁目町会・1班"


def test_several_people_sign_in_for_one_household(household: Household, resident: User) -> None:
    son = open_account(actor=None, username="son", display_name="石引 一郎", password=None)
    for person in (resident, son):
        join_household(actor=None, household=household, person=person)
    assert set(household.people.all()) == {resident, son}
    assert households_under(household.block) == 1


def test_where_a_person_lives_is_found_in_one_query_at_any_depth(
    city: SmallCity, resident: User
) -> None:
    inner = add_block(actor=None, association=city.first_block, name="南組")
    household = register_household(actor=None, block=inner, label="南組-3")
    join_household(actor=None, household=household, person=resident)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        home = home_of(resident)
        assert home is not None
        names = (
            home.district and home.district.name,
            home.association and home.association.name,
            home.block.name,
            home.household.label,
        )
    assert names == ("石引地区町会連合会", "石引2丁目町会", "南組", "南組-3")
    assert len(queries) == 1


def test_an_association_that_stands_alone_has_no_district(db: None, resident: User) -> None:
    alone = found_association(actor=None, kind=Association.Kind.ASSOCIATION, name="ひとつの町会")
    block = add_block(actor=None, association=alone, name="1班")
    household = register_household(actor=None, block=block, label="1")
    join_household(actor=None, household=household, person=resident)
    home = home_of(resident)
    assert home is not None
    assert home.district is None
    assert place_in_words(resident) == "ひとつの町会・1班"


def test_an_association_under_the_city_itself_has_no_district_though_others_have(
    city: SmallCity, resident: User
) -> None:
    beside = found_association(
        actor=None,
        kind=Association.Kind.ASSOCIATION,
        name="地区のない町会",
        parent=city.federation,
    )
    block = add_block(actor=None, association=beside, name="1班")
    household = register_household(actor=None, block=block, label="1")
    join_household(actor=None, household=household, person=resident)
    home = home_of(resident)
    assert home is not None
    assert home.district is None
    assert home.association is not None
    assert home.association.name == "地区のない町会"


def test_who_belongs_nowhere_has_no_place_in_words(resident: User) -> None:
    assert home_of(resident) is None
    assert place_in_words(resident) == ""


def test_whoever_leaves_the_platform_leaves_the_household_but_the_household_stays(
    household: Household, resident: User
) -> None:
    join_household(actor=None, household=household, person=resident)
    resident.delete()
    assert Household.objects.get().members.count() == 0
