"""What people read when something goes wrong."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.http import HttpResponse
from django.test import Client
from django.urls import path

from config import urls
from core import errors


def broken(request: Any) -> HttpResponse:
    raise RuntimeError("a fault of ours")


def refused(error: errors.DomainError) -> Callable[[Any], HttpResponse]:
    def view(request: Any) -> HttpResponse:
        raise error

    return view


class AddressesWithFaults:
    """Our addresses, and views that fail in each way."""

    urlpatterns = [
        path("broken/", broken),
        path("conflict/", refused(errors.Conflict())),
        path("not-allowed/", refused(errors.NotAllowed())),
        path("not-found/", refused(errors.NotFound())),
        path("too-many/", refused(errors.TooMany("三回までです。"))),
        *urls.urlpatterns,
    ]
    handler400, handler403, handler404 = urls.handler400, urls.handler403, urls.handler404
    handler429, handler500 = urls.handler429, urls.handler500


@pytest.fixture
def visitor(settings: Any, db: None) -> Client:
    settings.ROOT_URLCONF = AddressesWithFaults
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "LoginRequired" not in name]
    return Client(raise_request_exception=False, HTTP_ACCEPT_LANGUAGE="ja")


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/broken/", 500, "こちらの不具合で表示できません"),
        ("/conflict/", 409, "その間に内容が変わりました"),
        ("/not-allowed/", 403, "権限がありません"),
        ("/not-found/", 404, "公開されていません"),
        ("/too-many/", 429, "三回までです。"),
        ("/nowhere/", 404, "ページが見つかりません"),
        ("/search/?q=%00", 400, "読み取れませんでした"),
        ("/search/?q=a%0Ab", 200, "検索"),
    ],
)
def test_each_error_is_a_page_that_says_what_happened(
    visitor: Client, address: str, status: int, words: str
) -> None:
    response = visitor.get(address)
    assert response.status_code == status
    assert words in response.content.decode()


def test_a_page_for_an_error_of_ours_names_the_request_for_the_helpdesk(visitor: Client) -> None:
    response = visitor.get("/broken/", HTTP_X_REQUEST_ID="abcd-1234-efgh")
    assert "abcd-1234-efgh" in response.content.decode()
    assert response["X-Request-Id"] == "abcd-1234-efgh"


def test_a_form_from_elsewhere_is_refused_with_words(db: None) -> None:
    client = Client(enforce_csrf_checks=True, HTTP_ACCEPT_LANGUAGE="ja")
    response = client.post("/text-size/", {"size": "large"})
    assert response.status_code == 403
    assert "この入力画面は使えなくなりました" in response.content.decode()


@pytest.fixture
def database_out_of_reach(db: None) -> Iterator[None]:
    def refuse(*args: Any) -> None:
        raise OperationalError("the database rests")

    with connection.execute_wrapper(refuse):
        yield


def test_without_the_database_every_page_says_so_and_none_is_a_500(
    database_out_of_reach: None,
) -> None:
    client = Client(raise_request_exception=False, HTTP_ACCEPT_LANGUAGE="ja")
    client.cookies["sessionid"] = "somebody-was-signed-in-here-1234"
    for address in ("/", "/me/", "/issues/"):
        response = client.get(address)
        assert response.status_code == 503, address
        assert "失われたものはありません" in response.content.decode()


def test_this_process_is_alive_without_the_database(database_out_of_reach: None) -> None:
    assert Client().get("/healthz").status_code == 200
