"""Roles: granted by administrators only, held from a moment to a moment, asked for in one query."""

import threading
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts import demo, rules
from accounts.models import Role, RoleGrant, User
from accounts.services import (
    close_account,
    end_role,
    erase_account,
    grant_role,
    open_account,
    reopen_account,
)
from core.demo import Scale
from core.errors import Conflict, NotAllowed, NotFound
from core.models import AuditEntry


@pytest.fixture
def administrator(person):
    return person("chief", is_administrator=True)


@pytest.mark.parametrize("role", Role)
def test_an_administrator_grants_a_role_and_ends_it(administrator, person, role):
    ume = person("ume")
    grant = grant_role(actor=administrator, person=ume, role=role)
    assert rules.has_role(ume, role)
    assert grant.granted_by == administrator
    end_role(actor=administrator, person=ume, role=role)
    assert not rules.has_role(ume, role)
    assert RoleGrant.objects.get(pk=grant.pk).ended_at is not None
    acts = list(
        AuditEntry.objects.filter(act__startswith="accounts.role", target_id=str(ume.pk))
        .order_by("pk")
        .values_list("act", "actor", "detail")
    )
    assert acts == [
        ("accounts.role_granted", administrator.pk, {"role": role.value}),
        ("accounts.role_ended", administrator.pk, {"role": role.value}),
    ]


@pytest.mark.parametrize("held", [None, *(role for role in Role if role != Role.ADMINISTRATOR)])
@pytest.mark.parametrize("wanted", Role)
def test_nobody_else_grants_or_ends_roles(administrator, person, held, wanted):
    actor, other = person(), person()
    if held:
        grant_role(actor=None, person=actor, role=held)
    with pytest.raises(NotAllowed):
        grant_role(actor=actor, person=actor, role=wanted)
    grant_role(actor=None, person=other, role=wanted)
    with pytest.raises(NotAllowed):
        end_role(actor=actor, person=other, role=wanted)
    assert rules.has_role(other, wanted)


def test_a_role_is_held_once_at_a_time_and_again_later(administrator, person):
    ume = person("ume")
    grant_role(actor=administrator, person=ume, role=Role.COORDINATOR)
    with pytest.raises(Conflict):
        grant_role(actor=administrator, person=ume, role=Role.COORDINATOR)
    end_role(actor=administrator, person=ume, role=Role.COORDINATOR)
    with pytest.raises(NotFound):
        end_role(actor=administrator, person=ume, role=Role.COORDINATOR)
    grant_role(actor=administrator, person=ume, role=Role.COORDINATOR)
    assert RoleGrant.objects.filter(person=ume).count() == 2


def test_the_database_itself_refuses_what_the_services_would(person):
    ume = person("ume")
    now = timezone.now()
    RoleGrant.objects.create(person=ume, role=Role.STUDENT)
    for wrong in (
        {"role": Role.STUDENT},
        {"role": "emperor"},
        {"role": Role.COORDINATOR, "granted_at": now, "ended_at": now - timedelta(days=1)},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            RoleGrant.objects.create(person=ume, **wrong)


def test_an_administrator_opens_the_administration_and_no_longer_afterwards(
    administrator, person, signed_in
):
    ume = person("ume")
    browser = signed_in(ume)
    assert browser.get("/admin/").status_code == 302
    grant_role(actor=administrator, person=ume, role=Role.ADMINISTRATOR)
    assert browser.get("/admin/").status_code == 200
    end_role(actor=administrator, person=ume, role=Role.ADMINISTRATOR)
    assert browser.get("/admin/").status_code == 302


def test_the_last_administrator_stays(administrator, person):
    with pytest.raises(Conflict):
        end_role(actor=administrator, person=administrator, role=Role.ADMINISTRATOR)
    second = person("second", is_administrator=True)
    end_role(actor=second, person=administrator, role=Role.ADMINISTRATOR)
    with pytest.raises(Conflict):
        end_role(actor=second, person=second, role=Role.ADMINISTRATOR)


def test_a_superuser_of_the_command_line_is_an_administrator_too(db):
    chief = User.objects.create_superuser("chief", password="x" * 12)
    assert rules.is_administrator(chief)


def test_closed_accounts_hold_no_power_until_they_are_opened_again(administrator, person):
    ume = person("ume")
    grant_role(actor=administrator, person=ume, role=Role.FACILITATOR)
    close_account(actor=administrator, person=ume)
    assert not rules.is_facilitator(ume)
    with pytest.raises(Conflict):
        grant_role(actor=administrator, person=ume, role=Role.COORDINATOR)
    reopen_account(actor=administrator, person=ume)
    assert rules.is_facilitator(ume)


def test_the_name_of_an_office_goes_with_the_office(administrator, person):
    ume = person("ume")
    grant_role(actor=administrator, person=ume, role=Role.CITY_STAFF)
    ume.display_name = "金沢市役所 広報"
    ume.save()
    end_role(actor=administrator, person=ume, role=Role.CITY_STAFF)
    assert User.objects.get(pk=ume.pk).display_name == "ume"


def test_roles_cost_one_query_however_often_they_are_asked_for(person, django_assert_num_queries):
    ume = User.objects.get(pk=person().pk)
    with django_assert_num_queries(1):
        for predicate in (
            rules.is_city_staff,
            rules.is_facilitator,
            rules.is_coordinator,
            rules.is_student,
            rules.is_administrator,
            rules.is_official,
        ):
            assert not predicate(ume)


@pytest.mark.parametrize("wrong", [{"username": "admin2"}, {"display_name": "金沢市役所 広報"}])
def test_only_administrators_open_accounts_that_look_like_the_citys(administrator, person, wrong):
    account = {"username": "koho", "display_name": "こうほ", "password": None} | wrong
    with pytest.raises(ValidationError):
        open_account(actor=person(), **account)
    opened = open_account(actor=administrator, **account)
    assert opened.display_name == account["display_name"]


def test_nobody_else_opens_the_account_of_an_administrator(person):
    with pytest.raises(NotAllowed):
        open_account(
            actor=person(),
            username="chief",
            display_name="しん",
            password=None,
            is_administrator=True,
        )
    assert not User.objects.filter(username="chief").exists()


def test_the_demo_city_has_somebody_in_each_role_and_loading_it_twice_changes_nothing(db):
    demo.load(Scale.parse("handful"))
    demo.load(Scale.parse("handful"))
    held = dict(RoleGrant.objects.values_list("person__username", "role"))
    assert held == {
        "gakusei": "student",
        "facili": "facilitator",
        "coord": "coordinator",
        "shiyakusho": "city_staff",
        "admin": "administrator",
    }
    assert RoleGrant.objects.count() == 5


def test_people_with_public_passwords_are_never_loaded_into_a_real_city(db, settings):
    settings.DEMO_ACCOUNTS = False
    with pytest.raises(CommandError):
        call_command("demo")
    assert not User.objects.exists()


@pytest.fixture
def desk(administrator, signed_in):
    """An administrator at the pages of the administration."""
    return signed_in(administrator)


def test_the_administration_grants_and_ends_roles_by_the_services(desk, administrator, person):
    ume = person("ume")
    desk.post("/admin/accounts/rolegrant/add/", {"person": ume.pk, "role": "facilitator"})
    grant = RoleGrant.objects.get(person=ume)
    assert grant.granted_by == administrator
    desk.post("/admin/accounts/rolegrant/", {"action": "end", "_selected_action": [grant.pk]})
    grant.refresh_from_db()
    assert grant.ended_at is not None
    acts = set(AuditEntry.objects.filter(target_id=str(ume.pk)).values_list("act", flat=True))
    assert {"accounts.role_granted", "accounts.role_ended"} <= acts


def test_the_administration_cannot_change_or_delete_what_was_granted(desk, person):
    ume = person("ume")
    grant = grant_role(actor=None, person=ume, role=Role.FACILITATOR)
    desk.post(f"/admin/accounts/rolegrant/{grant.pk}/change/", {"role": "administrator"})
    desk.post(f"/admin/accounts/rolegrant/{grant.pk}/delete/", {"post": "yes"})
    grant.refresh_from_db()
    assert (grant.role, grant.ended_at) == ("facilitator", None)


def test_granting_twice_in_the_administration_is_refused_with_a_sentence(desk, person):
    ume = person("ume")
    for _time in range(2):
        response = desk.post(
            "/admin/accounts/rolegrant/add/", {"person": ume.pk, "role": "facilitator"}
        )
    assert response.status_code in {200, 409}
    assert RoleGrant.objects.count() == 2


def test_the_administration_closes_opens_and_erases_accounts(desk, person):
    ume = person("ume")
    for action, state in (("close", False), ("reopen", True), ("erase", False)):
        desk.post("/admin/accounts/user/", {"action": action, "_selected_action": [ume.pk]})
        ume.refresh_from_db()
        assert ume.is_active is state
    assert ume.erased_at is not None


def test_the_administration_has_no_field_that_gives_power_without_a_grant(desk, person):
    ume = person("ume")
    desk.post(
        f"/admin/accounts/user/{ume.pk}/change/",
        {"username": "ume", "display_name": "うめ", "is_superuser": "on", "is_staff": "on"},
    )
    ume.refresh_from_db()
    assert (ume.display_name, ume.is_superuser, ume.is_staff) == ("うめ", False, False)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_round", range(5))
def test_of_two_administrators_who_leave_at_once_one_stays(person, _round):
    leaving = [person(is_administrator=True) for _one in range(2)]
    together = threading.Barrier(2)
    answers = []

    def leave(one):
        try:
            together.wait(5)
            erase_account(actor=one, person=one)
            answers.append("left")
        except Conflict:
            answers.append("stays")
        finally:
            connection.close()

    threads = [threading.Thread(target=leave, args=(one,)) for one in leaving]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(answers) == ["left", "stays"]
    assert User.objects.filter(is_superuser=True, is_active=True).count() == 1
