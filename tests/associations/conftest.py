"""A small city: federation, district, association, two blocks, and an administrator."""

from dataclasses import dataclass

import pytest

from accounts.models import User
from accounts.services import open_account
from associations.models import Association
from associations.services import add_block, found_association

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
