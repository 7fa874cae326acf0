"""Asking to join without a letter: by passcode, by address."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from associations import services
from associations.models import (
    Association,
    Household,
    HouseholdMember,
    JoinRequest,
    OfficeTerm,
    Passcode,
)
from associations.selectors.joining import suggested
from associations.services import codes
from core.errors import Conflict, NotAllowed
from tests.associations.conftest import SmallCity
from tests.associations.hands import NEWCOMER, enter

InOffice = Callable[..., OfficeTerm]

pytestmark = pytest.mark.usefixtures("private_redis")


@pytest.fixture
def chair(city: SmallCity, person: Callable[..., User], in_office: InOffice) -> User:
    chair = person("kaicho7", display_name="会長")
    in_office(chair, city.association)
    return chair


def test_with_the_passcode_somebody_asks_and_an_officer_lets_them_in(
    client: Client, city: SmallCity, household: Household, chair: User
) -> None:
    passcode = services.set_passcode(actor=chair, association=city.association)
    where = enter(client, codes.in_words(passcode.code))["Location"]
    assert where == f"/associations/{city.association.pk}/ask/"
    client.post(where, NEWCOMER | {"words": "1班の角"})
    asked = JoinRequest.objects.get()
    assert (asked.source, asked.person.username) == ("passcode", "hanako7")
    assert not HouseholdMember.objects.exists()
    officer = Client()
    officer.force_login(chair)
    listed = officer.get(f"/associations/{city.association.pk}/requests/").content.decode()
    assert "1班の角" in listed
    choose = f"/associations/requests/{asked.pk}/approve/?block={city.first_block.pk}"
    assert officer.post(choose, {"household": household.pk}).status_code == 302
    assert household.members.get().person == asked.person
    with pytest.raises(Conflict):
        services.approve_request(actor=chair, request=asked, household=household)


def test_an_officer_lets_somebody_into_a_new_household(
    city: SmallCity, chair: User, resident: User
) -> None:
    asked = services.ask_to_join(
        actor=resident,
        association=city.association,
        words="引っ越してきました",
        source=JoinRequest.Source.ADDRESS,
    )
    services.approve_request(actor=chair, request=asked, block=city.second_block, label="2班-9")
    assert HouseholdMember.objects.get().household.label == "2班-9"


def test_who_is_declined_reads_why_and_may_ask_again(
    client: Client, city: SmallCity, chair: User, resident: User
) -> None:
    ask: dict[str, Any] = {"actor": resident, "association": city.association, "words": "1班"}
    first = services.ask_to_join(**ask, source=JoinRequest.Source.ADDRESS)
    services.decline_request(actor=chair, request=first, answer="班と番号を教えてください")
    client.force_login(resident)
    assert "班と番号を教えてください" in client.get("/associations/mine/").content.decode()
    second = services.ask_to_join(**ask, source=JoinRequest.Source.ADDRESS)
    assert second != first
    services.withdraw_request(actor=resident, request=second)
    with pytest.raises(Conflict):
        services.decline_request(actor=chair, request=second, answer="x")


def test_asking_twice_is_one_request_with_the_newest_words(city: SmallCity, resident: User) -> None:
    for words in ("1班", "2班でした"):
        services.ask_to_join(
            actor=resident,
            association=city.association,
            words=words,
            source=JoinRequest.Source.ADDRESS,
        )
    assert JoinRequest.objects.get().words == "2班でした"


def test_an_officer_of_the_next_association_decides_nothing_here(
    city: SmallCity, resident: User, person: Callable[..., User], in_office: InOffice
) -> None:
    beside = services.found_association(
        actor=None, kind=Association.Kind.ASSOCIATION, name="隣の町会", parent=city.district
    )
    block = services.add_block(actor=None, association=beside, name="1班")
    neighbour = person()
    in_office(neighbour, beside)
    home = services.register_household(actor=None, block=block, label="1")
    asked = services.ask_to_join(
        actor=resident,
        association=city.association,
        words="1班",
        source=JoinRequest.Source.ADDRESS,
    )
    for household in (
        home,
        services.register_household(actor=None, block=city.first_block, label="1"),
    ):
        with pytest.raises(NotAllowed):
            services.approve_request(actor=neighbour, request=asked, household=household)
    with pytest.raises(NotAllowed):
        services.decline_request(actor=neighbour, request=asked, answer="x")


def test_a_new_passcode_makes_the_former_one_useless(city: SmallCity, chair: User) -> None:
    first = services.set_passcode(actor=chair, association=city.association).code
    services.set_passcode(actor=chair, association=city.association)
    assert Passcode.objects.get().code != first
    services.end_passcode(actor=chair, association=city.association)
    assert not Passcode.objects.exists()


@pytest.fixture
def towns(city: SmallCity) -> Association:
    other = services.found_association(
        actor=None, kind=Association.Kind.ASSOCIATION, name="広坂1丁目町会", parent=city.district
    )
    services.cover_town(
        actor=None, association=city.association, name="石引2丁目", postal_code="9200935"
    )
    services.cover_town(actor=None, association=other, name="広坂1丁目", postal_code="9200962")
    return city.association


@pytest.mark.parametrize(
    ("postal_code", "town", "found"),
    [
        ("920-0935", "", ["石引2丁目町会"]),
        ("９２００９３５", "石引二丁目", ["石引2丁目町会"]),
        ("", "広坂", ["広坂1丁目町会"]),
        ("920-0935", "広坂", ["石引2丁目町会", "広坂1丁目町会"]),
        ("000-0000", "", []),
        ("92", "", []),
        ("", "ない町", []),
    ],
)
def test_an_address_leads_to_the_associations_that_cover_it(
    towns: Association, postal_code: str, town: str, found: list[str]
) -> None:
    assert [branch.node.name for branch in suggested(postal_code, town)] == found


def test_a_code_that_no_association_has_noted_leads_by_the_postal_list(
    towns: Association,
) -> None:
    services.cover_town(actor=None, association=towns, name="本多町3丁目", postal_code="9200935")
    # 920-0964 is 本多町 in Japan Post's list.
    assert [branch.node for branch in suggested("920-0964")] == [towns]


def test_the_page_of_addresses_shows_associations_to_guests(
    client: Client, towns: Association
) -> None:
    text = client.get("/associations/join/address/", {"postal_code": "920-0935"}).content.decode()
    assert f"/associations/{towns.pk}/ask/" in text
