"""The home page: what needs me now, and what is new nearby."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.services import open_account
from core import home
from core.rooms import CIRCULARS, EVENTS, ISSUES


@pytest.fixture
def hanako(db: None) -> User:
    return open_account(
        actor=None, username="hanako", display_name="石引 花子", password="long enough here"
    )


@pytest.fixture
def page_of_hanako(hanako: User, client: Client) -> Client:
    client.force_login(hanako)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "ja"
    return client


@pytest.fixture
def rooms_without_news(monkeypatch: pytest.MonkeyPatch) -> None:
    for providers in ("_waiting", "_nearby", "_places"):
        monkeypatch.setattr(home, providers, [])


def thing(number: int, due: Any = None) -> home.Waiting:
    return home.Waiting(
        CIRCULARS,
        f"回覧その{number}",
        "石引2丁目町会",
        (("読んで答える", f"/circulars/{number}/"),),
        due,
    )


def test_a_guest_learns_what_this_is_and_how_to_come_in(db: None, client: Client) -> None:
    page = client.get("/", HTTP_ACCEPT_LANGUAGE="ja").content.decode()
    assert "みんなで話し合って解決しよう" in page
    assert "町会からの手紙をお持ちの方はこちら" in page
    assert "/accounts/login/" in page


def test_a_person_for_whom_nothing_waits_reads_so_and_finds_the_doors(
    rooms_without_news: None, page_of_hanako: Client
) -> None:
    page = page_of_hanako.get("/").content.decode()
    assert "石引 花子さん、こんにちは" in page
    assert "今は何もありません" in page
    assert "/circulars/" in page


def test_the_five_most_urgent_things_wait_on_the_page_in_their_order(
    rooms_without_news: None, page_of_hanako: Client
) -> None:
    now = timezone.now()
    home.register_waiting(
        lambda person: [
            thing(1),
            thing(2, now + timedelta(days=9)),
            thing(3, now + timedelta(days=1)),
        ]
    )
    home.register_waiting(lambda person: [thing(n, now + timedelta(days=n)) for n in (4, 5, 6)])
    page = page_of_hanako.get("/").content.decode()
    order = [page.find(f"回覧その{n}<") for n in (3, 4, 5, 6, 2)]
    assert order == sorted(order)
    assert -1 not in order
    assert "回覧その1<" not in page


def test_what_moved_is_shown_newest_first_to_guests_too(
    rooms_without_news: None, db: None, client: Client
) -> None:
    now = timezone.now()
    home.register_nearby(
        lambda person: [home.Nearby(ISSUES, "バスが来ない", "/issues/1/", "新しい投稿 4件", now)]
    )
    home.register_nearby(
        lambda person: [
            home.Nearby(EVENTS, "スマホ教室", "/events/1/", "あと8席", now + timedelta(minutes=1))
        ]
    )
    page = client.get("/").content.decode()
    assert -1 < page.find("スマホ教室") < page.find("バスが来ない")


def test_a_person_reads_where_he_belongs(rooms_without_news: None, page_of_hanako: Client) -> None:
    home.register_place(lambda person: "")
    home.register_place(lambda person: "石引2丁目町会・3班")
    assert "石引2丁目町会・3班" in page_of_hanako.get("/").content.decode()


@pytest.mark.parametrize("size", ["standard", "large", "largest"])
def test_the_chosen_size_of_the_letters_stays(db: None, client: Client, size: str) -> None:
    response = client.post("/text-size/", {"size": size, "next": "/issues/"})
    assert response.status_code == 302
    assert response["Location"] == "/issues/"
    assert f'data-text-size="{size}"' in client.get("/").content.decode()


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", ""]
)
def test_choosing_a_size_never_leads_to_another_site(
    db: None, client: Client, elsewhere: str
) -> None:
    assert client.post("/text-size/", {"size": "large", "next": elsewhere})["Location"] == "/"


def test_an_unknown_size_is_refused(db: None, client: Client) -> None:
    assert client.post("/text-size/", {"size": "gigantic"}).status_code == 400


@pytest.mark.parametrize(
    ("code", "tag", "words"),
    [
        ("ja", "ja", "ここでできること"),
        ("ja-easy", "ja", "困りごと"),
        ("en", "en", "What you can do here"),
    ],
)
def test_the_chosen_language_stays_and_browsers_know_it(
    db: None, client: Client, code: str, tag: str, words: str
) -> None:
    client.post("/language/", {"language": code, "next": "/"})
    page = client.get("/").content.decode()
    assert words in page
    assert f'<html lang="{tag}"' in page
