"""The map of an issue, in a real browser: a comfort that nothing depends on."""

import uuid
from decimal import Decimal

import pytest
from django.conf import settings
from playwright.sync_api import expect

from config.settings import base
from issues.services import issues as acts

pytestmark = pytest.mark.browser

ISHIBIKI = (Decimal("36.55780"), Decimal("136.67150"))


@pytest.fixture
def pinned(person, words):
    return acts.raise_issue(actor=person(), words=words(pin=ISHIBIKI), key=uuid.uuid4())


def test_the_place_of_an_issue_stands_on_a_map_that_is_accessible(app_server, pinned, page, axe):
    page.goto(f"/issues/{pinned.pk}/")
    expect(page.locator(".map img.leaflet-tile-loaded").first).to_be_visible()
    expect(page.locator(".map-pin")).to_have_count(1)
    expect(page.locator("[data-map-fails]")).to_be_hidden()
    axe(page)


def test_a_map_that_cannot_be_loaded_says_so_and_the_page_works(
    app_server, pinned, page, complaints
):
    complaints.tolerate("mark.svg")
    page.route("**/mark.svg?*", lambda route: route.abort())
    page.goto(f"/issues/{pinned.pk}/")
    expect(page.locator("[data-map-fails]")).to_be_visible()
    expect(page.get_by_role("link", name="地理院地図でこの場所を見る")).to_be_visible()


def test_without_javascript_the_place_is_a_link_and_no_empty_box(
    app_server, pinned, javascript_off
):
    javascript_off.goto(f"/issues/{pinned.pk}/")
    expect(javascript_off.get_by_role("link", name="地理院地図でこの場所を見る")).to_be_visible()
    expect(javascript_off.locator(".map")).to_be_hidden()


@pytest.mark.once
def test_a_page_may_load_pictures_from_the_server_of_the_map_and_from_no_other():
    sources = base.CONTENT_SECURITY_POLICY["DIRECTIVES"]["img-src"]
    assert sources == ["'self'", "data:", "https://cyberjapandata.gsi.go.jp"]
    assert base.MAP_TILES.startswith(sources[-1])
    assert settings.MAP_TILES.startswith("/")
