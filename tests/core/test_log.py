"""The log of a real server: every line has the id of its request, and none has what people typed."""

import json
import re
from urllib.parse import quote

import pytest

from tests.support.wire import get, request

SECRETS = (
    "himitsu-query",
    "himitsu-path",
    "himitsu-form",
    "himitsu-agent",
    "himitsu-cookie",
    "ひみつ",
)
REQUEST_ID = "abcdef-0123456789"


@pytest.fixture
def server(another_server):
    return another_server(LOG_LEVEL="INFO", LOG_FORMAT="json")


def lines(server) -> list[dict[str, object]]:
    return [json.loads(line) for line in server.log.splitlines()]


def test_an_id_that_came_with_the_request_is_kept_and_returned(server):
    response = get(server, "/search/", headers={"X-Request-Id": REQUEST_ID})
    assert response.headers["X-Request-Id"] == REQUEST_ID
    [line] = lines(server)
    assert line["request_id"] == REQUEST_ID
    assert (line["route"], line["status"], line["method"]) == ("search/", 200, "GET")


@pytest.mark.parametrize("given", [None, "short", "x" * 65, "with space", "semi;colon-12345"])
def test_a_request_without_a_fit_id_gets_one(server, given):
    headers = {} if given is None else {"X-Request-Id": given}
    returned = get(server, "/search/", headers=headers).headers["X-Request-Id"]
    assert re.fullmatch("[0-9a-f]{32}", returned)
    assert [line["request_id"] for line in lines(server)] == [returned]


def test_what_people_typed_stands_in_no_line(server):
    query = quote(" ".join(SECRETS))
    headers = {"User-Agent": "himitsu-agent", "Cookie": "sessionid=himitsu-cookie"}
    get(server, f"/search/?q={query}", headers=headers)
    get(server, f"/search/?q={query * 10}", headers=headers)
    get(server, "/accounts/confirm-email/himitsu-path/", headers=headers)
    get(server, f"/no/such/page/himitsu-path/{query}", headers=headers)
    get(server, f"/search/?q=%00{query}", headers=headers)
    get(server, f"/me/?next={query}", headers=headers)
    form = {"login": "himitsu-form", "password": "himitsu-form", "next": "/himitsu-form"}
    request(server, "POST", f"/accounts/login/?next={query}", form=form, headers=headers)
    request(server, "POST", "/admin/accounts/user/himitsu-path/change/", form=form, headers=headers)
    request(server, "HIMITSU-FORM", "/search/", headers=headers)
    logged = server.log
    assert len(lines(server)) >= 8
    assert [secret for secret in SECRETS if secret.lower() in logged.lower()] == []
    assert quote("ひみつ") not in logged


def test_routes_stand_in_the_place_of_paths(server):
    get(server, "/admin/accounts/user/4711/change/")
    get(server, "/no/such/page/")
    assert [line["route"] for line in lines(server)] == [
        "admin/accounts/user/<path:object_id>/change/",
        None,
    ]


def test_a_form_that_is_refused_is_logged_with_the_reason_and_the_route(server):
    request(server, "POST", "/admin/accounts/user/himitsu-path/change/", form={})
    [reason, line] = lines(server)
    assert reason["event"] == (
        "Forbidden (CSRF cookie not set.): admin/accounts/user/<path:object_id>/change/"
    )
    assert line["status"] == 403


def test_probes_do_not_fill_the_log(server):
    get(server, "/healthz")
    get(server, "/readyz")
    assert lines(server) == []


def test_a_failure_is_logged_with_the_id_of_its_request(server, private_redis):
    private_redis.kill()
    form = {"login": "hanako", "password": "himitsu-form"}
    token = "x" * 32
    response = request(
        server,
        "POST",
        "/accounts/login/",
        form=form | {"csrfmiddlewaretoken": token},
        headers={"Cookie": f"csrftoken={token}", "X-Request-Id": REQUEST_ID},
    )
    assert response.status == 503
    assert {line["request_id"] for line in lines(server)} == {REQUEST_ID}
    assert "himitsu-form" not in server.log
