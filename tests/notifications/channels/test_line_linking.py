"""Linking LINE: a code shown on our page and sent in LINE, friendship by webhook; only LINE itself is believed."""

import json
import time
from datetime import timedelta

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.utils import timezone

from notifications.models import LineLink, LineLinkCode
from notifications.services import channels, line_links
from tests.notifications.channels.line_double import LineDouble, user_id

pytestmark = pytest.mark.django_db

WEBHOOK = "/notifications/webhooks/line/"
HANA = user_id(7)


def tell(*events, signature=None, body=None):
    """LINE calls our webhook."""
    raw = body if body is not None else json.dumps({"destination": "U", "events": events}).encode()
    return Client().post(
        WEBHOOK,
        raw,
        content_type="application/json",
        headers={
            "X-Line-Signature": LineDouble.signed(raw) if signature is None else signature,
            "accept-language": "en",
        },
    )


def code_on_page(client):
    """Presses the button and reads the code."""
    response = client.post("/notifications/addresses/line/code/", follow=True)
    assert response.status_code == 200
    return response.context["code"]


@pytest.fixture
def hanako(person):
    return person("hanako", display_name="花子")


def test_somebody_links_line_by_sending_the_code_that_the_page_shows(line, hanako, in_english):
    browser = in_english(hanako)
    code = code_on_page(browser)
    assert tell(LineDouble.message(HANA, code)).status_code == 200
    assert channels.addresses.of("line", [hanako.pk]) == {hanako.pk: [HANA]}
    [(_token, answer)] = line.replies
    assert "花子" in answer
    assert "https://yoriai.example.lg.jp/notifications/addresses/" in answer
    assert "Linked since" in browser.get("/notifications/addresses/").content.decode()


def full_width(code):
    return code.translate(str.maketrans("0123456789-", "０１２３４５６７８９－"))


@pytest.mark.parametrize(
    "as_typed",
    [
        full_width,
        lambda code: code.replace("-", ""),
        lambda code: f"  {code}\n",
        lambda code: code.replace("-", "ー"),
        lambda code: code.replace("-", "　"),
        lambda code: "\u200e" + code,
    ],
)
def test_the_code_works_however_a_phone_types_it(line, hanako, in_english, as_typed):
    code = code_on_page(in_english(hanako))
    tell(LineDouble.message(HANA, as_typed(code)))
    assert LineLink.objects.get().person == hanako


def test_a_code_works_once(line, hanako, person, in_english):
    code = code_on_page(in_english(hanako))
    tell(LineDouble.message(HANA, code))
    tell(LineDouble.message(user_id(8), code))
    assert LineLink.objects.get().line_user_id == HANA
    assert "too old" in line.replies[-1][1] or "古" in line.replies[-1][1]


def test_a_code_ends_after_ten_minutes(line, hanako, in_english):
    code = code_on_page(in_english(hanako))
    LineLinkCode.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    tell(LineDouble.message(HANA, code))
    assert not LineLink.objects.exists()


def test_a_new_code_ends_the_one_before(line, hanako, in_english):
    browser = in_english(hanako)
    first = code_on_page(browser)
    code_on_page(browser)
    tell(LineDouble.message(HANA, first))
    assert not LineLink.objects.exists()


def test_the_code_itself_is_kept_nowhere_in_the_table(line, hanako, in_english):
    code = code_on_page(in_english(hanako)).replace("-", "")
    assert code not in str(LineLinkCode.objects.values().get())


def test_whoever_guesses_has_five_tries(line, hanako, in_english):
    code = code_on_page(in_english(hanako))
    wrong = ["0000-0000", "1111-1111", "2222-2222", "3333-3333", "4444-4444"]
    for guess in wrong:
        tell(LineDouble.message(HANA, guess if guess != code else "5555-5555"))
    tell(LineDouble.message(HANA, code))
    assert not LineLink.objects.exists()


def test_many_who_guess_together_are_stopped_too(line, hanako, in_english, monkeypatch):
    monkeypatch.setattr(line_links, "TRIES_OF_ALL", 10)
    code = code_on_page(in_english(hanako))
    for number in range(10):
        tell(LineDouble.message(user_id(100 + number), "0000-0000"))
    tell(LineDouble.message(user_id(999), code))
    assert not LineLink.objects.exists()


def test_codes_are_not_made_without_end(line, hanako, in_english):
    browser = in_english(hanako)
    for _time in range(line_links.CODES_OF_ONE):
        code_on_page(browser)
    assert browser.post("/notifications/addresses/line/code/").status_code == 429


def test_a_line_account_belongs_to_whoever_linked_it_last(line, hanako, person, in_english):
    taro = person("taro")
    for one in (hanako, taro):
        tell(LineDouble.message(HANA, code_on_page(in_english(one))))
    assert LineLink.objects.get().person == taro


def test_a_person_has_one_line_account(line, hanako, in_english):
    browser = in_english(hanako)
    for number in (7, 8):
        tell(LineDouble.message(user_id(number), code_on_page(browser)))
    assert LineLink.objects.get().line_user_id == user_id(8)


def test_a_code_of_somebody_who_left_links_nobody(line, hanako, in_english):
    code = code_on_page(in_english(hanako))
    type(hanako).objects.filter(pk=hanako.pk).update(is_active=False)
    tell(LineDouble.message(HANA, code))
    assert not LineLink.objects.exists()


# --- friendship ---------------------------------------------------------------------------------------


def test_whoever_blocks_us_is_no_longer_an_address_until_they_come_back(line, with_line):
    hanako = with_line(HANA)
    now = time.time()
    tell(LineDouble.event("unfollow", HANA, at=now + 1))
    assert channels.addresses.of("line", [hanako.pk]) == {}
    tell(LineDouble.event("follow", HANA, at=now + 2))
    assert channels.addresses.of("line", [hanako.pk]) == {hanako.pk: [HANA]}


def test_events_that_come_in_the_wrong_order_leave_what_happened_last(line, with_line):
    hanako = with_line(HANA)
    now = time.time()
    tell(
        LineDouble.event("follow", HANA, at=now + 9),
        LineDouble.event("unfollow", HANA, at=now + 5),
    )
    assert channels.addresses.of("line", [hanako.pk]) == {hanako.pk: [HANA]}


def test_an_event_that_is_told_twice_is_done_once(line, hanako, in_english):
    event = LineDouble.message(HANA, code_on_page(in_english(hanako)))
    for _time in range(2):
        assert tell(event).status_code == 200
    assert len(line.replies) == 1


def test_whoever_signs_in_with_this_line_account_is_linked_by_becoming_a_friend(line, hanako):
    SocialAccount.objects.create(user=hanako, provider="line", uid=HANA)
    tell(LineDouble.event("follow", HANA))
    assert channels.addresses.of("line", [hanako.pk]) == {hanako.pk: [HANA]}


def test_a_friend_whom_nobody_knows_is_told_how_to_link_and_nothing_is_kept(line):
    tell(LineDouble.event("follow", HANA))
    assert not LineLink.objects.exists()
    assert "https://yoriai.example.lg.jp/notifications/addresses/" in line.replies[0][1]


def test_other_messages_are_answered_with_help_but_not_without_end(line):
    for _time in range(6):
        tell(LineDouble.message(HANA, "こんにちは"))
    assert len(line.replies) == 3


def test_in_a_group_nobody_is_linked(line, hanako, in_english):
    event = LineDouble.message(HANA, code_on_page(in_english(hanako)))
    event["source"] = {"type": "group", "groupId": "C1", "userId": HANA}
    tell(event)
    assert not LineLink.objects.exists()
    assert line.replies == []


def test_when_line_does_not_take_the_answer_the_link_stands(line, hanako, in_english):
    code = code_on_page(in_english(hanako))
    line.next_answers = ["500"]
    assert tell(LineDouble.message(HANA, code)).status_code == 200
    assert LineLink.objects.get().person == hanako


# --- who may call -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "signature",
    ["", "nonsense", "あ", LineDouble.signed(b"{}"), LineDouble.signed(b"", "another secret")],
)
def test_a_wrong_signature_changes_nothing(line, with_line, signature):
    with_line(HANA)
    answer = tell(LineDouble.event("unfollow", HANA, at=time.time() + 1), signature=signature)
    assert answer.status_code == 403
    assert LineLink.objects.get().is_friend


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b'{"events": null}',
        b'{"events": [null]}',
        b'{"events": [{"type": "follow"}]}',
        b'{"events": [{"type": "follow", "timestamp": "x", "source": 3}]}',
        b'{"events": [{"type": "follow", "timestamp": 1e30}]}',
        b"\xff\xfe",
        b"[" * 5000,
    ],
)
def test_nonsense_is_refused_even_with_a_signature(line, body):
    assert 400 <= tell(body=body).status_code < 500


def test_events_that_we_do_not_know_are_passed_over(line):
    assert (
        tell(LineDouble.event("beacon", HANA), LineDouble.event("later", HANA)).status_code == 200
    )


def test_a_body_of_ten_megabytes_is_refused(line):
    assert tell(body=b"x" * 10_000_000, signature="x").status_code == 413


def test_without_a_secret_there_is_no_such_door(line, settings):
    settings.LINE_MESSAGING_SECRET = ""
    assert tell(LineDouble.event("follow", HANA)).status_code == 404


# --- the page -----------------------------------------------------------------------------------------


def test_line_is_stopped_by_one_press(line, with_line, in_english):
    hanako = with_line(HANA)
    in_english(hanako).post("/notifications/addresses/line/unlink/")
    assert not LineLink.objects.exists()


def test_the_page_says_when_line_is_blocked(line, with_line, in_english):
    hanako = with_line(HANA)
    LineLink.objects.update(is_friend=False)
    page = in_english(hanako).get("/notifications/addresses/").content.decode()
    assert "does not let our messages through" in page


def test_without_a_code_the_page_with_the_steps_leads_back(line, hanako, in_english):
    answer = in_english(hanako).get("/notifications/addresses/line/")
    assert answer.status_code == 302
