"""Nonsense in every address, header and form: an answer below 500, nothing half written, nothing let through.

Addresses are taken from the resolver and forms from the pages that show them: whoever adds a page adds its test.
``HYPOTHESIS_PROFILE=thorough`` looks twenty times as long.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.conf import settings as city
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.demo import PEOPLE
from accounts.models import User
from core import demo
from tests.support import nonsense
from tests.support.addresses import Address, all_addresses, things
from tests.support.asgi import Response, request
from tests.support.forms import forms_of, name_of

pytestmark = pytest.mark.django_db

# Django's own pages are one subject, ours are one each.
ADMINISTRATION = [a for a in all_addresses() if a.route.startswith("admin/")]
OURS = [a for a in all_addresses() if a not in ADMINISTRATION]
# What some view reads although no page asks for it. Not the administration's `_to_field`: Django itself fails
# on an empty one, for administrators only.
HIDDEN_FIELDS = dict.fromkeys(
    ("next", "page", "o", "q", "action", "_selected_action", "_popup", "_save"), "1"
)
TOKEN = "x" * 32
NOBODY = None


def examples(count: int) -> settings:
    """So many examples, on fixtures that serve all of them: each example is undone."""
    longer = 20 if os.environ.get("HYPOTHESIS_PROFILE") == "thorough" else 1
    return settings(
        max_examples=count * longer,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )


@pytest.fixture(autouse=True)
def _faults_come_out(settings, private_redis):
    """An exception in the city is an exception of the test, and no limit hides the rooms behind it."""
    settings.DEBUG_PROPAGATE_EXCEPTIONS = True
    settings.ACCOUNT_RATE_LIMITS = False


def cookie_of(user: User | None) -> bytes:
    """The Cookie header of somebody, with a token that lets forms pass."""
    cookies = f"{city.CSRF_COOKIE_NAME}={TOKEN}"
    if user is not None:
        client = Client()
        client.force_login(user)
        cookies += f"; {city.SESSION_COOKIE_NAME}={client.cookies[city.SESSION_COOKIE_NAME].value}"
    return cookies.encode()


@pytest.fixture
def cookies(person) -> list[bytes]:
    """A guest, a resident and an administrator: whoever may open more reaches more code."""
    return [cookie_of(NOBODY), cookie_of(person()), cookie_of(person(is_administrator=True))]


@contextmanager
def undone() -> Iterator[None]:
    """Each example finds the city as the one before it did."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def row_counts() -> tuple[int, ...]:
    """How many rows each table has, in one query. Sessions come and go with guests."""
    tables = sorted(
        connection.ops.quote_name(model._meta.db_table)
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label != "sessions"
    )
    columns = ", ".join(f"(SELECT count(*) FROM {table})" for table in tables)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns}")
        row: tuple[int, ...] = cursor.fetchone()
        return row


def ask(method: str, path: str, *, is_probe: bool = False, **what: Any) -> Response:
    """Asks, and asserts what holds for every answer."""
    with undone():
        before = row_counts()
        response = request(method, path, **what)
        # A probe says 503 honestly: no worker has given a sign of life here.
        assert response.status < 500 or is_probe
        if response.status >= 400:
            assert row_counts() == before, "refused, and yet something was written"
    assert "x-injected" not in response.headers
    assert nonsense.SCRIPT not in response.body or "html" not in response.headers["content-type"]
    leads_to = urlsplit(response.headers.get("location", ""))
    assert leads_to.netloc in {"", "testserver", "localhost", "127.0.0.1"}, (
        "leads to a stranger's site"
    )
    return response


def with_nonsense(address: Address, data: st.DataObject) -> str:
    """A path to this address: in the place of arguments nonsense, or what looks right and is nothing."""
    return address.template.format(
        *(
            data.draw(
                st.one_of(
                    nonsense.in_paths.map(nonsense.quoted),
                    st.sampled_from(["1", "0", "-1", "9" * 30, "x", "ff" * 16]),
                    st.from_regex(pattern, fullmatch=True).map(nonsense.quoted_text),
                )
            )
            for pattern in address.patterns
        )
    )


def check_address(address: Address, cookies: list[bytes], data: st.DataObject) -> None:
    ask(
        data.draw(st.sampled_from(["GET", "GET", "GET", "HEAD", "OPTIONS", "PUT", "DELETE"])),
        with_nonsense(address, data),
        query=data.draw(nonsense.query_strings),
        headers=[(b"cookie", data.draw(st.sampled_from(cookies))), *data.draw(nonsense.headers)],
        is_probe=address.name == "core:readyz",
    )


@pytest.mark.parametrize("address", OURS, ids=str)
@examples(15)
@given(data=st.data())
def test_nonsense_in_an_address_is_answered_below_500(address, cookies, data):
    check_address(address, cookies, data)


@examples(150)
@given(data=st.data())
def test_nonsense_in_an_address_of_the_administration_is_answered_below_500(cookies, data):
    check_address(data.draw(st.sampled_from(ADMINISTRATION)), cookies[-2:], data)


class Entries(dict[str, dict[str, str]]):
    """By the name of the address that takes them: what forms ask, with plausible entries."""

    def __repr__(self) -> str:
        # Hypothesis prints it with every failure.
        return f"the fields of {len(self)} forms"


def entries_by_address(paths: list[str], cookies: list[bytes]) -> Entries:
    """What the forms of these pages ask."""
    found = Entries()
    for cookie in cookies:
        for path in paths:
            response = ask("GET", path, headers=[(b"cookie", cookie)], is_probe=True)
            if response.headers.get("content-type", "").startswith("text/html"):
                for form in forms_of(response.text, path=path):
                    found.setdefault(name_of(form.path), {}).update(form.entries)
    return found


_entries = Entries()


@pytest.fixture
def entries(cookies: list[bytes]) -> Entries:
    """The same for every test; the pages are read once."""
    if not _entries:
        pages = [address.path for address in all_addresses() if not address.has_arguments]
        _entries.update(entries_by_address(pages, cookies))
    return _entries


def send_nonsense(
    path: str, entries: dict[str, str], cookies: list[bytes], data: st.DataObject
) -> None:
    body, content_type = data.draw(nonsense.forms(entries | HIDDEN_FIELDS))
    headers = [
        (b"cookie", data.draw(st.sampled_from(cookies))),
        (b"x-csrftoken", TOKEN.encode()),
        (b"content-type", content_type),
        (b"content-length", str(len(body)).encode()),
    ]
    # No nonsense here: it would be refused before anybody looks at the form.
    query = data.draw(st.sampled_from([b"", b"", b"next=/me/", b"_popup=1&page=1"]))
    ask("POST", path, query=query, headers=headers, body=body)


@pytest.mark.parametrize("address", OURS, ids=str)
@examples(15)
@given(data=st.data())
def test_nonsense_in_a_form_is_answered_below_500(address, cookies, entries, data):
    if address.name == "core:readyz":
        return
    send_nonsense(address.path, entries.get(address.name, {}), cookies, data)


@examples(150)
@given(data=st.data())
def test_nonsense_in_a_form_of_the_administration_is_answered_below_500(cookies, entries, data):
    address = data.draw(st.sampled_from(ADMINISTRATION))
    send_nonsense(address.path, entries.get(address.name, {}), cookies[-1:], data)


@examples(200)
@given(data=st.data())
def test_nonsense_about_things_that_exist_is_answered_below_500(things_of_the_demo_city, data):
    paths, cookies, entries = things_of_the_demo_city
    name = data.draw(st.sampled_from(sorted(paths)))
    send_nonsense(paths[name], entries.get(name, {}), cookies, data)


@pytest.fixture
def things_of_the_demo_city(
    cookies: list[bytes],
) -> tuple[dict[str, str], list[bytes], Entries]:
    """Paths by the name of their address, cookies of everybody who may do something there, and the forms."""
    list(demo.load())
    cookies = [
        *cookies,
        *map(cookie_of, User.objects.filter(username__in=[p.username for p in PEOPLE])),
    ]
    paths = {name: reverse(name, kwargs=arguments()) for name, arguments in things().items()}
    return paths, cookies, entries_by_address(list(paths.values()), cookies)
