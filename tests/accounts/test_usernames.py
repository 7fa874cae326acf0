"""User names: one person in any case, found at once among very many."""

import pytest
from django.contrib.auth import authenticate
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.services import open_account, open_accounts
from core.models import AuditEntry


@pytest.fixture
def taro(db: None) -> User:
    return open_account(
        actor=None, username="Taro.Y", display_name="山田 太郎", password="long enough here"
    )


def test_capitals_make_no_difference_when_signing_in(taro: User) -> None:
    for typed in ("taro.y", "Taro.Y", "TARO.Y"):
        assert authenticate(None, username=typed, password="long enough here") == taro
    assert authenticate(None, username="taro", password="long enough here") is None


def test_somebody_signs_in_on_the_page_with_capitals(taro: User, client: Client) -> None:
    response = client.post("/accounts/login/", {"login": "TARO.Y", "password": "long enough here"})
    assert response.status_code == 302
    assert client.session["_auth_user_id"] == str(taro.pk)


def test_the_database_itself_refuses_capitals(taro: User) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.update(username="Taro.Y")


@pytest.mark.parametrize("typed", ["taro.y", "TARO.Y", "nobody", "nobody@example.jp"])
def test_signing_in_reads_people_by_index_only(taro: User, typed: str) -> None:
    with CaptureQueriesContext(connection) as queries:
        authenticate(None, username=typed, password="not the password")
    by_name = [query["sql"] for query in queries if '"username" ' in query["sql"].split("WHERE")[1]]
    assert by_name
    for sql in by_name:
        assert "LIKE" not in sql
        assert "UPPER" not in sql


def test_many_accounts_are_opened_at_once_and_nobody_can_sign_in_to_them(taro: User) -> None:
    before = AuditEntry.objects.count()
    with CaptureQueriesContext(connection) as queries:
        opened = open_accounts(
            actor=None, people={"TARO.Y": "他の名", **{f"K{n}": f"山田 {n}" for n in range(500)}}
        )
    assert len(queries) < 50
    assert opened.keys["TARO.Y"] == taro.pk
    assert opened.known == {taro.pk}
    assert User.objects.count() == 501
    taro.refresh_from_db()
    assert taro.display_name == "山田 太郎"
    newcomer = User.objects.get(pk=opened.keys["K7"])
    assert not newcomer.has_usable_password()
    assert authenticate(None, username="k7", password=newcomer.password) is None
    assert AuditEntry.objects.count() == before + 1


def test_opening_accounts_that_are_open_changes_nothing(taro: User) -> None:
    before = AuditEntry.objects.count()
    assert open_accounts(actor=None, people={"taro.y": "他の名"}).keys == {"taro.y": taro.pk}
    assert (AuditEntry.objects.count(), User.objects.count()) == (before, 1)
