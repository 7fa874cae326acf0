"""My data: taking everything along, and leaving for good."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.core import mail
from django.utils import timezone, translation

from accounts.models import Role, RoleGrant, StudentAddress, User
from accounts.services import (
    confirm_student,
    erase_account,
    grant_role,
    open_account,
    personal_data,
)
from core.errors import Conflict, NotAllowed
from core.models import AuditEntry
from tests.accounts.hands import (
    PASSWORD,
    ask_for_code,
    code_in,
    enter_code,
    is_signed_in,
    last_mail,
    sign_in,
    text_of,
    visitor,
)

TAKE, LEAVE = "/me/data/download/", "/me/leave/confirm/"


def confirm(browser):
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})


def archive_of(response):
    """The archive, as whoever gets it opens it."""
    return zipfile.ZipFile(io.BytesIO(b"".join(response)))


@pytest.fixture
def hanako(known):
    """Somebody with everything that an account can have, signed in on two devices."""
    one = known("hanako@example.jp", username="hanako", display_name="石引 花子")
    one.language = "en"
    one.save()
    confirm_student(person=one, address="hanako@kanazawa-u.ac.jp")
    grant_role(actor=None, person=one, role=Role.COORDINATOR)
    SocialAccount.objects.create(user=one, provider="line", uid="U123", extra_data={"name": "花"})
    return one


@pytest.fixture
def browser(hanako):
    client = visitor(**{"user-agent": "Mozilla/5.0 (iPhone)"})
    sign_in(client, "hanako")
    return client


@pytest.fixture
def photo_room():
    """A room above, with a picture and a device to forget."""
    forgotten = []
    personal_data.register(
        "photos",
        export=lambda person: personal_data.Part(
            {"pictures": 2},
            [("a.jpg", [b"one", b"two"]), ("../../a.jpg", [b"three"]), ("花.jpg", [b"four"])],
        ),
        erase=lambda person: forgotten.append(person.pk),
    )
    yield forgotten
    del personal_data._rooms["photos"]


@pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume asynchronous iterators")
def test_the_archive_holds_everything_that_the_account_knows(hanako, browser):
    confirm(browser)
    response = browser.post(TAKE)
    assert response["Content-Type"] == "application/zip"
    account = json.loads(archive_of(response).read("account.json"))
    assert account["user_name"] == "hanako"
    assert account["display_name"] == "石引 花子"
    assert account["email_addresses"] == [
        {"email": "hanako@example.jp", "verified": True, "primary": True}
    ]
    assert account["student_address"] == "hanako@kanazawa-u.ac.jp"
    assert {role["role"] for role in account["roles"]} == {"student", "coordinator"}
    assert account["connected_services"][0]["uid"] == "U123"
    assert account["signed_in_on"][0]["user_agent"] == "Mozilla/5.0 (iPhone)"
    assert {"accounts.signed_in", "accounts.role_granted"} <= {
        act["act"] for act in account["acts"]
    }


@pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume asynchronous iterators")
def test_rooms_add_their_data_and_files_and_no_name_leaves_its_folder(browser, photo_room):
    confirm(browser)
    archive = archive_of(browser.post(TAKE))
    assert archive.testzip() is None
    assert json.loads(archive.read("photos.json")) == {"pictures": 2}
    assert archive.read("photos/a.jpg") == b"onetwo"
    assert archive.read("photos/a-2.jpg") == b"three"
    assert archive.read("photos/花.jpg") == b"four"
    assert {name for name in archive.namelist() if "/" in name or name.startswith("photos")} == {
        *("photos.json", "photos/a.jpg", "photos/a-2.jpg", "photos/花.jpg"),
    }


@pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume asynchronous iterators")
def test_secrets_and_the_addresses_of_others_do_not_stand_in_the_archive(hanako, browser, person):
    chief = person(is_administrator=True)
    desk = visitor()
    sign_in(desk, chief.username)
    desk.post(
        "/admin/accounts/rolegrant/add/",
        {"person": hanako.pk, "role": "facilitator"},
        REMOTE_ADDR="203.0.113.9",
    )
    confirm(browser)
    raw = archive_of(browser.post(TAKE)).read("account.json").decode()
    assert "203.0.113.9" not in raw
    assert hanako.password not in raw
    assert "facilitator" in raw


def test_a_large_archive_is_sent_while_it_is_made(hanako):
    made = []

    def chunks():
        for number in range(64):
            made.append(number)
            yield bytes(str(number), "ascii") * 40_000

    personal_data.register("large", export=lambda person: personal_data.Part({}, [("x", chunks())]))
    try:
        pieces = personal_data.archive(hanako)
        sent = 0
        while not made:
            sent += len(next(pieces))
        assert sent > 0
        assert len(made) < 3
    finally:
        del personal_data._rooms["large"]


def test_taking_along_stands_in_the_audit_log_and_is_limited(hanako, browser):
    confirm(browser)
    answers = [browser.post(TAKE).status_code for _time in range(6)]
    assert answers == [200] * 5 + [429]
    assert AuditEntry.objects.filter(act="accounts.data_downloaded", actor=hanako).count() == 5


@pytest.mark.parametrize("path", [TAKE, LEAVE])
@pytest.mark.parametrize("method", ["get", "post"])
def test_both_ask_first_who_it_is(browser, path, method):
    response = getattr(browser, method)(path)
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/reauthenticate/")
    assert User.objects.get(username="hanako").is_active


def test_confirming_is_forgotten_after_a_while(browser):
    confirm(browser)
    assert browser.get(LEAVE).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert browser.get(LEAVE).status_code == 302


def test_a_wrong_password_confirms_nothing(browser):
    browser.post("/accounts/reauthenticate/", {"password": "wrong"})
    assert browser.get(LEAVE).status_code == 302


def test_the_first_step_says_what_goes_and_what_stays_and_does_nothing(browser):
    page = text_of(browser.get("/me/leave/"))
    assert "This goes" in page
    assert "This stays" in page
    assert browser.post("/me/leave/").status_code == 405
    assert is_signed_in(browser)


def test_whoever_leaves_is_gone_from_every_table(hanako, browser, person, photo_room):
    other_device = visitor()
    sign_in(other_device, "hanako")
    chief = person(is_administrator=True)
    LogEntry.objects.log_actions(chief.pk, [hanako], 2, "changed")
    Authenticator.objects.create(user=hanako, type="totp", data={})
    confirm(browser)
    response = browser.post(LEAVE, follow=True)
    assert "has been deleted" in text_of(response)
    gone = User.objects.get(pk=hanako.pk)
    assert gone.erased_at is not None
    for row in (EmailAddress, SocialAccount, Authenticator, UserSession):
        assert not row.objects.filter(user=gone).exists()
    assert not StudentAddress.objects.exists()
    assert not RoleGrant.objects.filter(person=gone, ended_at=None).exists()
    assert photo_room == [hanako.pk]
    assert not is_signed_in(browser)
    assert not is_signed_in(other_device)
    traces = str(list(User.objects.filter(pk=gone.pk).values())) + str(
        list(LogEntry.objects.values("object_repr"))
    )
    for word in ("hanako", "花子"):
        assert word not in traces


def test_contributions_of_whoever_left_bear_the_name_of_a_former_member(hanako, browser):
    confirm(browser)
    browser.post(LEAVE)
    gone = User.objects.get(pk=hanako.pk)
    with translation.override("en"):
        assert str(gone) == "Former member"
    with translation.override("ja"):
        assert gone.display_name == translation.gettext("Former member")


def test_acts_stay_in_the_audit_log_after_leaving(hanako, browser):
    before = AuditEntry.objects.filter(actor_id=hanako.pk).count()
    confirm(browser)
    browser.post(LEAVE)
    entries = AuditEntry.objects.filter(actor_id=hanako.pk)
    assert entries.count() > before
    assert entries.filter(act="accounts.account_erased").exists()


def test_whoever_left_can_join_again_with_the_same_address_and_name(hanako, browser):
    confirm(browser)
    browser.post(LEAVE)
    again = open_account(
        actor=None, username="hanako", display_name="花子", password=None, email="hanako@example.jp"
    )
    assert again.pk != hanako.pk


def test_nobody_comes_back_into_a_deleted_account(hanako, browser):
    asked = visitor()
    ask_for_code(asked, "hanako@example.jp")
    code = code_in(last_mail())
    confirm(browser)
    browser.post(LEAVE)
    enter_code(asked, code)
    assert not is_signed_in(asked)
    late = visitor()
    sign_in(late, "hanako")
    assert not is_signed_in(late)


def test_the_last_administrator_cannot_leave(person):
    chief = person("chief", is_administrator=True)
    browser = visitor()
    sign_in(browser, "chief")
    confirm(browser)
    response = browser.post(LEAVE)
    assert response.status_code == 409
    assert "last administrator" in text_of(response)
    chief.refresh_from_db()
    assert chief.is_active
    person("second", is_administrator=True)
    browser.post(LEAVE)
    chief.refresh_from_db()
    assert chief.erased_at is not None


def test_only_oneself_or_an_administrator_deletes_an_account(person):
    ume, fumi, chief = person(), person(), person(is_administrator=True)
    with pytest.raises(NotAllowed):
        erase_account(actor=fumi, person=ume)
    erase_account(actor=chief, person=ume)
    with pytest.raises(Conflict):
        erase_account(actor=chief, person=ume)


def test_a_room_that_fails_to_forget_keeps_the_account_whole(hanako, browser):
    def fail(person):
        raise Conflict

    personal_data.register("stubborn", export=lambda person: personal_data.Part({}), erase=fail)
    try:
        confirm(browser)
        assert browser.post(LEAVE).status_code == 409
    finally:
        del personal_data._rooms["stubborn"]
    assert EmailAddress.objects.filter(user=hanako).exists()
    assert User.objects.get(pk=hanako.pk).display_name == "石引 花子"


@pytest.fixture
def without_password(known):
    """Somebody who signs in by codes only."""
    known("fumi@example.jp", username="fumi", password=None)
    client = visitor()
    ask_for_code(client, "fumi@example.jp")
    enter_code(client, code_in(last_mail()))
    return client


def test_somebody_without_a_password_confirms_by_a_code(without_password):
    assert (
        without_password.get(LEAVE)["Location"] == f"/me/confirm/?next={LEAVE.replace('/', '%2F')}"
    )
    assert "fumi@example.jp" in text_of(without_password.get("/me/confirm/"))
    without_password.post("/me/confirm/code/", {"next": LEAVE})
    code = code_in(last_mail())
    response = without_password.post("/me/confirm/", {"code": code, "next": LEAVE})
    assert response["Location"] == LEAVE
    without_password.post(LEAVE)
    assert User.objects.get().erased_at is not None


def test_five_wrong_codes_confirm_nothing(without_password):
    without_password.post("/me/confirm/code/", {"next": LEAVE})
    code = code_in(last_mail())
    wrong = code[:-1] + str((int(code[-1]) + 1) % 10)
    for _attempt in range(5):
        without_password.post("/me/confirm/", {"code": wrong})
    without_password.post("/me/confirm/", {"code": code})
    assert without_password.get(LEAVE).status_code == 302


def test_a_code_that_confirms_is_old_after_ten_minutes(without_password):
    without_password.post("/me/confirm/code/", {"next": LEAVE})
    code = code_in(last_mail())
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        without_password.post("/me/confirm/", {"code": code})
        assert without_password.get(LEAVE).status_code == 302


def test_confirming_leads_to_no_other_site(without_password):
    without_password.post("/me/confirm/code/", {"next": "https://evil.example/"})
    response = without_password.post(
        "/me/confirm/", {"code": code_in(last_mail()), "next": "https://evil.example/"}
    )
    assert response["Location"] == "/me/"


def test_mails_about_leaving_are_not_sent_to_strangers(without_password):
    sent = len(mail.outbox)
    without_password.get(LEAVE)
    without_password.get("/me/confirm/")
    assert len(mail.outbox) == sent
