"""The audit log: who did what to what, from where; written with the act or not at all, and never changed."""

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction

from accounts.models import Role, User
from accounts.services import grant_role, open_account
from core import audit
from core.models import AppendOnly, AuditEntry

pytestmark = pytest.mark.django_db

REQUEST_ID = "0123456789abcdef"


@pytest.fixture
def entry(person) -> AuditEntry:
    """A row as a service leaves it."""
    return audit.record(actor=person(), act="tests.something_done", detail={"seats": 3})


def test_an_act_is_recorded_with_who_what_on_what(person):
    officer = person()
    grant_role(actor=None, person=officer, role=Role.ADMINISTRATOR)
    hanako = open_account(actor=officer, username="hanako", display_name="花子", password=None)
    entry = AuditEntry.objects.get(target_id=str(hanako.pk), target_type="accounts.user")
    assert entry.act == "accounts.account_opened"
    assert entry.actor == officer


def test_an_act_within_a_request_is_recorded_with_where_it_came_from(client):
    client.get("/", REMOTE_ADDR="2001:db8::7", headers={"X-Request-Id": REQUEST_ID})
    entry = audit.record(actor=None, act="tests.something_done")
    assert (entry.address, entry.request_id) == ("2001:db8::7", REQUEST_ID)


def test_the_next_request_does_not_inherit_where_the_last_one_came_from(client):
    client.get("/", REMOTE_ADDR="192.0.2.1", headers={"X-Request-Id": REQUEST_ID})
    client.get("/", REMOTE_ADDR="192.0.2.2")
    entry = audit.record(actor=None, act="tests.something_done")
    assert entry.address == "192.0.2.2"
    assert entry.request_id != REQUEST_ID


def test_an_act_that_fails_leaves_no_row(person):
    before = AuditEntry.objects.count()

    def open_and_fail():
        with transaction.atomic():
            open_account(actor=None, username="hanako", display_name="花子", password=None)
            assert AuditEntry.objects.count() == before + 1
            raise ValidationError("something later went wrong")

    with pytest.raises(ValidationError):
        open_and_fail()
    assert not User.objects.filter(username="hanako").exists()
    assert AuditEntry.objects.count() == before


def test_an_act_that_is_refused_leaves_no_row(person):
    taken = person().username
    before = AuditEntry.objects.count()
    with pytest.raises(ValidationError):
        open_account(actor=None, username=taken.upper(), display_name="花子", password=None)
    assert AuditEntry.objects.count() == before


@pytest.mark.parametrize("act", ["", "nodot"])
def test_an_act_without_the_name_of_its_room_is_refused(act):
    with pytest.raises(ValueError, match=r"room\.act"):
        audit.record(actor=None, act=act)


def test_a_target_that_is_not_saved_is_refused():
    with pytest.raises(ValueError, match="saved"):
        audit.record(actor=None, act="tests.done", target=User(username="nobody"))


@pytest.mark.parametrize(
    "rewrite",
    [
        lambda entry: entry.save(),
        lambda entry: entry.delete(),
        lambda entry: AuditEntry.objects.update(act="tests.other"),
        lambda entry: AuditEntry.objects.filter(pk=entry.pk).delete(),
        lambda entry: AuditEntry.objects.bulk_update([entry], ["act"]),
        lambda entry: AuditEntry.objects.update_or_create(pk=entry.pk, defaults={"act": "a.b"}),
    ],
    ids=["save", "delete", "update", "delete many", "bulk update", "update or create"],
)
def test_our_code_cannot_rewrite_the_log(entry, rewrite):
    with pytest.raises(AppendOnly), transaction.atomic():
        rewrite(entry)
    assert AuditEntry.objects.get(pk=entry.pk).act == "tests.something_done"


def in_the_database(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_database_refuses_to_change_a_row(entry):
    with pytest.raises(DatabaseError, match="append-only"):
        in_the_database("UPDATE core_auditentry SET act = 'tests.other'")
    assert AuditEntry.objects.get(pk=entry.pk).act == "tests.something_done"


@pytest.mark.postgresql
def test_postgresql_refuses_to_delete_a_row_too(entry):
    with pytest.raises(DatabaseError, match="append-only"):
        in_the_database("DELETE FROM core_auditentry")
    assert AuditEntry.objects.filter(pk=entry.pk).exists()


def test_an_erased_person_leaves_the_log_readable(entry):
    entry.actor.delete()
    left = AuditEntry.objects.get(pk=entry.pk)
    assert left.actor_id == entry.actor_id
    assert left.detail == {"seats": 3}
