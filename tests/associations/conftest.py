"""A small city: federation, district, association, two blocks, and an administrator."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from accounts.models import User
from accounts.services import open_account
from associations.models import Association, Household, Office, OfficeTerm
from associations.services import add_block, found_association, put_in_office, register_household
from core.times import tokyo_today

Kind = Association.Kind


@dataclass(frozen=True)
class SmallCity:
    federation: Association
    district: Association
    association: Association
    first_block: Association
    second_block: Association


@pytest.fixture
def city(db: None) -> SmallCity:
    federation = found_association(actor=None, kind=Kind.CITY, name="金沢市町会連合会")
    district = found_association(
        actor=None, kind=Kind.DISTRICT, name="石引地区町会連合会", parent=federation
    )
    association = found_association(
        actor=None,
        kind=Kind.ASSOCIATION,
        name="石引2丁目町会",
        kana="いしびき2ちょうめちょうかい",
        parent=district,
    )
    return SmallCity(
        federation,
        district,
        association,
        add_block(actor=None, association=association, name="1班"),
        add_block(actor=None, association=association, name="2班"),
    )


@pytest.fixture
def administrator(db: None) -> User:
    return open_account(
        actor=None, username="admin", display_name="管理者", password=None, is_administrator=True
    )


@pytest.fixture
def resident(db: None) -> User:
    return open_account(actor=None, username="jumin", display_name="石引 花子", password=None)


Days = tuple[date, date]


@pytest.fixture
def this_year() -> Days:
    """A term that runs today, whatever day it is."""
    today = tokyo_today()
    return today - timedelta(days=100), today + timedelta(days=100)


@pytest.fixture
def in_office(this_year: Days) -> Callable[..., OfficeTerm]:
    """Puts somebody into office: ``in_office(person, node)``, ``in_office(person, node, Office.Kind.ICT)``."""

    def put(
        person: User,
        node: Association,
        kind: Office.Kind = Office.Kind.CHAIR,
        days: Days = this_year,
    ) -> OfficeTerm:
        return put_in_office(
            node=node, kind=kind, person=person, first_day=days[0], last_day=days[1]
        )

    return put


@pytest.fixture
def household(city: SmallCity) -> Household:
    return register_household(actor=None, block=city.first_block, label="1班-1")
