"""The city's view, codes for officers, and what nodes were called."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Role, User
from accounts.services import grant_role
from associations import rules, services
from associations.models import Association, ClaimCode, Figures, Household, Office, OfficeTerm
from associations.selectors.city import city_figures, district_figures
from associations.services import claims
from core.errors import Conflict, NotAllowed, NotFound
from core.times import tokyo_today
from tests.associations.conftest import SmallCity
from tests.associations.test_pages import city_of

InOffice = Callable[..., OfficeTerm]


@pytest.fixture
def staff(person: Callable[..., User]) -> User:
    staff = person()
    grant_role(actor=None, person=staff, role=Role.CITY_STAFF)
    return staff


@pytest.fixture
def last_day() -> object:
    return tokyo_today() + timedelta(days=200)


def test_the_figures_say_who_is_in_by_which_channel_on_paper_and_not_yet(
    city: SmallCity, person: Callable[..., User]
) -> None:
    households = [
        services.register_household(actor=None, block=city.first_block, label=str(number))
        for number in range(5)
    ]
    by_mail, by_line, plain = person(), person(), person()
    EmailAddress.objects.create(user=by_mail, email="a@example.org", verified=True)
    EmailAddress.objects.create(user=plain, email="b@example.org", verified=False)
    SocialAccount.objects.create(user=by_line, provider="line", uid="U1")
    for household, one in zip(households, (by_mail, by_line, plain), strict=False):
        services.join_household(actor=None, household=household, person=one)
    services.say_preference(
        actor=None, household=households[3], preference=Household.Preference.PAPER
    )
    figures = {
        "households": 5,
        "registered": 3,
        "by_email": 1,
        "by_line": 1,
        "paper_only": 1,
        "not_started": 1,
    }
    [district] = city_figures().rows
    assert district.figures == figures
    assert (district.associations, district.claimed, district.share) == (1, 0, 60)
    [row] = district_figures(city.district).rows
    assert row.figures == figures
    SocialAccount.objects.all().delete()
    services.count_everything()
    assert Figures.objects.get().by_line == 0


def test_the_citys_pages_cost_the_same_queries_for_3_and_for_300(
    db: None, staff: User, client: Client
) -> None:
    client.force_login(staff)
    counted = []
    for number in (3, 300):
        keys = city_of(number, associations=number)
        services.count_everything()
        found = []
        for address in ("city/", f"city/{keys['市連', '地区0']}/"):
            client.get(f"/associations/{address}")
            with CaptureQueriesContext(connection) as queries:
                assert client.get(f"/associations/{address}").status_code == 200
            found.append(len(queries))
        counted.append(found)
    assert counted[0] == counted[1]
    assert max(counted[0]) <= 9


def test_an_officer_takes_the_page_over_with_the_code_of_the_city(
    city: SmallCity, staff: User, resident: User, client: Client, private_redis: object
) -> None:
    client.force_login(staff)
    printed = client.post(f"/associations/city/{city.association.pk}/code/")
    code = printed.context["code"]
    assert code in printed.content.decode()
    assert not rules.is_claimed(city.association)
    officer = Client()
    officer.force_login(resident)
    assert officer.post("/associations/claim/", {"code": code}).status_code == 302
    day = (tokyo_today() + timedelta(days=100)).isoformat()
    answer = officer.post("/associations/claim/office/", {"kind": "chair", "last_day": day})
    assert answer["Location"] == f"/associations/{city.association.pk}/desk/"
    assert rules.may_manage_offices(resident, city.association)
    assert rules.is_claimed(city.association)
    # Used up.
    assert officer.post("/associations/claim/", {"code": code}).status_code == 422


def test_only_the_newest_code_counts_and_none_where_officers_are(
    city: SmallCity, staff: User, resident: User, person: Callable[..., User], last_day: object
) -> None:
    first, second = (
        services.make_claim_code(actor=staff, association=city.association).code for _ in range(2)
    )
    with pytest.raises(NotFound):
        claims.find_claim(first)
    found = claims.find_claim(second)
    with pytest.raises(Conflict):
        services.claim_association(
            actor=resident,
            claim=found,
            kind=Office.Kind.TREASURER,
            last_day=last_day,  # type: ignore[arg-type]
        )
    services.claim_association(
        actor=resident,
        claim=found,
        kind=Office.Kind.CHAIR,
        last_day=last_day,  # type: ignore[arg-type]
    )
    with pytest.raises(NotFound):
        services.claim_association(
            actor=person(),
            claim=found,
            kind=Office.Kind.CHAIR,
            last_day=last_day,  # type: ignore[arg-type]
        )
    with pytest.raises(Conflict):
        services.make_claim_code(actor=staff, association=city.association)
    with pytest.raises(NotAllowed):
        services.make_claim_code(actor=resident, association=city.district)


def test_codes_of_letters_and_of_the_city_do_not_open_each_others_doors(
    city: SmallCity, staff: User
) -> None:
    household = services.register_household(actor=None, block=city.first_block, label="1")
    [letter] = services.make_letters(actor=None, node=city.first_block, households=[household])
    services.make_claim_code(actor=staff, association=city.association)
    with pytest.raises(NotFound):
        claims.find_claim(letter.code)
    assert ClaimCode.objects.count() == 1


def test_a_renamed_and_moved_association_is_found_by_what_it_was(
    city: SmallCity, administrator: User, client: Client
) -> None:
    other = services.found_association(
        actor=None,
        kind=Association.Kind.DISTRICT,
        name="小立野地区町会連合会",
        parent=city.federation,
    )
    services.rename_association(
        actor=administrator, node=city.association, name="石引二丁目町会", kana=""
    )
    services.move_association(actor=administrator, node=city.association, parent=other)
    text = client.get(f"/associations/{city.association.pk}/").content.decode()
    for words in ("石引2丁目町会", "石引二丁目町会", "石引地区町会連合会", "小立野地区町会連合会"):
        assert words in text
    with pytest.raises(Conflict):
        services.rename_association(actor=None, node=city.second_block, name="1班")


def test_the_chair_moves_blocks_within_the_association_and_not_out_of_it(
    city: SmallCity, resident: User, in_office: InOffice
) -> None:
    beside = services.found_association(
        actor=None, kind=Association.Kind.ASSOCIATION, name="隣の町会", parent=city.district
    )
    in_office(resident, city.association)
    services.move_association(actor=resident, node=city.second_block, parent=city.first_block)
    for node, parent in ((city.first_block, beside), (city.association, city.federation)):
        with pytest.raises(NotAllowed):
            services.move_association(actor=resident, node=node, parent=parent)
    services.add_block(actor=resident, association=city.association, name="7班")
    with pytest.raises(NotAllowed):
        services.add_block(actor=resident, association=beside, name="7班")


def test_the_page_for_moving_offers_no_place_below_itself(
    city: SmallCity, administrator: User, client: Client
) -> None:
    inner = services.add_block(actor=None, association=city.first_block, name="南組")
    client.force_login(administrator)
    address = f"/associations/{city.first_block.pk}/move/"
    assert f'value="{inner.pk}"' not in client.get(address).content.decode()
    assert client.post(address, {"parent": inner.pk}).status_code == 422
    assert client.post(address, {"parent": city.second_block.pk}).status_code == 302
