"""The city as docker-compose.yml runs it: the same commands, settings and files, in real processes, without Docker."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest
import redis

from tests.deploy import servers
from tests.deploy.city import COMMANDS, DOMAIN, PROXY, STRANGER, City
from tests.deploy.image import Image
from tests.support import wire
from tests.support.processes import running

pytestmark = [pytest.mark.once, pytest.mark.xdist_group("deploy")]

# Seconds to wait for a worker that is not there; one that is gets what the compose file grants it.
NOBODY_ANSWERS = 1


def test_the_user_of_the_image_may_read_all_of_it_and_change_nothing(image: Image):
    for path in image.folder.rglob("*"):
        mode = path.stat().st_mode
        assert mode & 0o004, path
        assert not mode & 0o022, path
        assert not path.is_dir() or mode & 0o001, path
    assert (image.folder / "bin/if-safe").stat().st_mode & 0o001


def test_django_itself_has_nothing_to_add_to_the_settings_of_the_example(safe_image: Image):
    checked = safe_image.run("python", "manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert checked.returncode == 0, checked.stderr
    assert "no issues" in checked.stdout


def test_the_health_check_of_the_image_finds_the_web_server(city: City):
    assert city.health_check("web") == 0


def test_the_front_page_is_served_over_https_with_every_protection(city: City):
    response = city.visit("/")
    assert response.status == 200
    assert "<html" in response.text
    assert (
        response.headers["Strict-Transport-Security"]
        == "max-age=31536000; includeSubDomains; preload"
    )
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_plain_http_is_sent_to_https(city: City):
    response = city.visit("/issues/?q=1", scheme="http")
    assert response.status == 301
    assert response.headers["Location"] == f"https://{DOMAIN}/issues/?q=1"


def test_a_name_that_is_not_ours_is_refused(city: City):
    response = city.visit("/", headers={"Host": "evil.example"})
    assert response.status == 400


def test_only_the_proxy_is_believed_that_a_client_came_over_https(city: City):
    headers = {"Host": DOMAIN, "X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https"}
    believed = wire.request(city, "GET", "/", source=PROXY, headers=headers)
    stranger = wire.request(city, "GET", "/", source=STRANGER, headers=headers)
    assert (believed.status, stranger.status) == (200, 301)


def test_static_files_carry_their_hash_and_are_kept_by_browsers_for_ever(city: City):
    manifest = json.loads((city.image.folder / "staticfiles/staticfiles.json").read_text())
    hashed = manifest["paths"]["admin/css/base.css"]
    assert re.fullmatch(r"admin/css/base\.[0-9a-f]{12}\.css", hashed)
    response = city.visit(f"/static/{hashed}", headers={"Accept-Encoding": "gzip"})
    assert response.status == 200
    assert response.headers["Content-Type"].startswith("text/css")
    assert response.headers["Content-Encoding"] == "gzip"
    assert response.headers["Cache-Control"] == "max-age=315360000, public, immutable"
    assert response.body[:2] == b"\x1f\x8b"
    unhashed = city.visit("/static/admin/css/base.css")
    assert "immutable" not in unhashed.headers["Cache-Control"]


def _cookies(response: wire.Response) -> SimpleCookie:
    cookies: SimpleCookie = SimpleCookie()
    for line in response.headers.get_all("Set-Cookie", []):
        cookies.load(line)
    return cookies


def _sign_in_form(city: City, client: str) -> dict[str, Any]:
    """What a browser sends with the sign-in form: cookie, token and the page it came from."""
    response = city.visit("/accounts/login/", client=client)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', response.text)
    assert token is not None
    cookie = _cookies(response)["__Host-csrf"]
    return {
        "client": client,
        "method": "POST",
        "form": {"csrfmiddlewaretoken": token[1], "login": "jumin", "password": "wrong"},
        "headers": {"Cookie": f"__Host-csrf={cookie.value}", "Origin": f"https://{DOMAIN}"},
    }


def test_cookies_are_bound_to_this_host_and_to_https(city: City):
    opened = city.image.run(
        "python",
        "manage.py",
        "shell",
        "-c",
        "from accounts.services import open_account; "
        "open_account(actor=None, username='jumin', display_name='J', password='correct-horse-1')",
    )
    assert opened.returncode == 0, opened.stderr
    form = _sign_in_form(city, "203.0.113.20")
    form["form"]["password"] = "correct-horse-1"
    response = city.visit("/accounts/login/", **form)
    assert response.status == 302, response.text[-2000:]
    cookies = _cookies(response)
    assert {"__Host-session", "__Host-csrf"} <= cookies.keys()
    for name in ("__Host-session", "__Host-csrf"):
        assert cookies[name]["secure"] is True
        assert cookies[name]["httponly"] is True
        assert cookies[name]["samesite"] == "Lax"
        assert cookies[name]["path"] == "/"
        assert cookies[name]["domain"] == ""


def test_the_cookie_of_the_language_travels_over_https_only(city: City):
    form = _sign_in_form(city, "203.0.113.21")
    form["form"] |= {"language": "en", "next": "/"}
    response = city.visit("/language/", **form)
    cookie = _cookies(response)["django_language"]
    assert cookie["secure"] is True
    assert cookie["httponly"] is True


def test_a_form_from_another_site_is_refused_and_our_own_is_taken(city: City):
    ours = _sign_in_form(city, "203.0.113.22")
    taken = city.visit("/accounts/login/", **ours)
    theirs = _sign_in_form(city, "203.0.113.22")
    theirs["headers"]["Origin"] = "https://evil.example"
    refused = city.visit("/accounts/login/", **theirs)
    assert (taken.status, refused.status) == (200, 403)


def test_whoever_tries_to_sign_in_too_often_is_stopped_by_their_true_address(city: City):
    form = _sign_in_form(city, "198.51.100.66")
    del form["form"]["login"], form["form"]["password"]
    statuses = []
    for attempt in range(70):
        # The client invents the left part anew each time; the proxy has added the right part.
        form["client"] = f"192.0.2.{attempt}, 198.51.100.66"
        response = city.visit("/accounts/login/", **form)
        statuses.append(response.status)
    assert statuses[0] == 200
    assert statuses[-1] == 429
    neighbour = _sign_in_form(city, "198.51.100.67")
    response = city.visit("/accounts/login/", **neighbour)
    assert response.status == 200


def test_the_log_is_json_and_names_neither_addresses_nor_queries(city: City):
    city.visit("/search/?q=himitsu", client="203.0.113.99")
    text = city.web.printed
    lines = [json.loads(line) for line in text.splitlines() if line[0] == "{"]
    assert any(line["event"] == "request" and line["route"] == "search/" for line in lines)
    assert "himitsu" not in text
    assert "203.0.113.99" not in text


def test_worker_and_beat_work_and_their_health_checks_notice_when_they_do_not(
    city: City, tmp_path: Path
):
    schedule = f"--schedule={tmp_path}/schedule"
    beat = [schedule if word.startswith("--schedule=") else word for word in COMMANDS["beat"]]
    how: dict[str, Any] = {
        "environment": city.image.environment | {"DB_POOL_SIZE": "0"},
        "folder": city.image.folder,
    }
    assert _both_health_checks(city, patience=NOBODY_ANSWERS) == [False, False]
    assert city.visit("/readyz").status == 503
    with (
        running(COMMANDS["worker"], log=tmp_path / "worker.log", **how) as worker,
        running(beat, log=tmp_path / "beat.log", **how),
    ):
        worker.wait_until(lambda: city.visit("/readyz").status == 200, seconds=60)
        assert _both_health_checks(city) == [True, True]
    assert city.health_check("worker", patience=NOBODY_ANSWERS) != 0


def _both_health_checks(city: City, *, patience: int | None = None) -> list[bool]:
    """Are worker and beat well? Asked at the same time, as Docker does."""
    with ThreadPoolExecutor() as pool:
        statuses = pool.map(partial(city.health_check, patience=patience), ["worker", "beat"])
        return [status == 0 for status in statuses]


def test_redis_wants_its_password_and_refuses_new_work_rather_than_forget_old(safe_image: Image):
    url = safe_image.environment["REDIS_URL"]
    with redis.Redis.from_url(url) as client:
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        assert client.config_get("save") == {"save": ""}
    with (
        redis.Redis.from_url(url.replace(servers.PASSWORD, "guess")) as stranger,
        pytest.raises(redis.AuthenticationError, match="invalid username-password"),
    ):
        stranger.ping()
