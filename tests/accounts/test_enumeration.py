"""Nobody learns from us who has an account: known and unknown addresses are answered alike."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from tests.accounts.hands import (
    PASSWORD,
    ask_for_code,
    enter_code,
    join_by_email,
    sign_in,
    visitor,
)

KNOWN, UNKNOWN = "known@example.jp", "other@example.jp"
VARIABLE = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"|known@|other@|known|other')


def seen(client: Client, act: Callable[[Client], Any]) -> list[str]:
    """Everything that the visitor sees after an act: status, where it leads, and the page there."""
    response = act(client)
    answers = [f"{response.status_code} {response.headers.get('Location', '')}"]
    if response.status_code == 302:
        response = client.get(response["Location"])
    answers.append(response.content.decode())
    return [VARIABLE.sub("…", answer) for answer in answers]


@pytest.mark.parametrize(
    "act",
    [
        lambda client, address: ask_for_code(client, address),
        lambda client, address: sign_in(client, address, ""),
        lambda client, address: sign_in(client, address, "a wrong password"),
        lambda client, address: client.post("/accounts/password/reset/", {"email": address}),
        lambda client, address: join_by_email(client, address),
    ],
    ids=["code", "address alone", "wrong password", "forgotten password", "joining"],
)
def test_known_and_unknown_addresses_are_answered_alike(known, act):
    known(KNOWN)
    assert seen(visitor(), lambda client: act(client, KNOWN)) == seen(
        visitor(), lambda client: act(client, UNKNOWN)
    )


@pytest.mark.parametrize(
    ("ask", "confirm"),
    [
        (ask_for_code, "/accounts/login/code/confirm/"),
        (join_by_email, "/accounts/confirm-email/"),
        (
            lambda client, address: client.post("/accounts/password/reset/", {"email": address}),
            "/accounts/password/reset/confirm/",
        ),
    ],
    ids=["code", "joining", "forgotten password"],
)
def test_wrong_codes_are_answered_alike_until_the_last(known, ask, confirm):
    known(KNOWN)
    clients = {address: visitor() for address in (KNOWN, UNKNOWN)}
    for address, client in clients.items():
        ask(client, address)
    for _attempt in range(6):
        answers = [
            seen(client, lambda client: enter_code(client, "0000-0000", confirm))
            for client in clients.values()
        ]
        assert answers[0] == answers[1]


@pytest.mark.parametrize(
    ("ask", "confirm"),
    [
        (ask_for_code, "/accounts/login/code/confirm/"),
        (join_by_email, "/accounts/confirm-email/"),
    ],
    ids=["code", "joining"],
)
def test_asking_for_another_code_is_answered_alike_until_it_is_too_often(known, ask, confirm):
    known(KNOWN)
    clients = {address: visitor() for address in (KNOWN, UNKNOWN)}
    for address, client in clients.items():
        ask(client, address)
    for _attempt in range(4):
        answers = [
            seen(client, lambda client: client.post(confirm, {"action": "resend"}))
            for client in clients.values()
        ]
        assert answers[0] == answers[1]


def test_unknown_and_known_user_names_are_answered_alike(person):
    person("known")
    assert seen(visitor(), lambda client: sign_in(client, "known", "wrong one")) == seen(
        visitor(), lambda client: sign_in(client, "other", "wrong one")
    )


def test_the_owner_of_the_address_is_told_by_mail_what_happened(known):
    known(KNOWN)
    join_by_email(visitor(), KNOWN)
    assert "There is an account with it already" in mail.outbox[-1].body
    ask_for_code(visitor(), UNKNOWN)
    assert mail.outbox[-1].to == [UNKNOWN]
    assert "No account has this address" in mail.outbox[-1].body
    assert "/accounts/signup/" in mail.outbox[-1].body


def test_adding_the_address_of_another_is_answered_as_adding_a_free_one(known, person):
    known(KNOWN)
    answers = []
    for address in (KNOWN, UNKNOWN):
        client = visitor()
        name = person().username
        sign_in(client, name)
        client.post("/accounts/reauthenticate/", {"password": PASSWORD})

        def add(client, address=address):
            return client.post("/accounts/email/", {"email": address, "action_add": "1"})

        answers.append(seen(client, add))
    assert answers[0] == answers[1]
