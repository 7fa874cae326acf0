"""The list of issues on a map."""

import json
import uuid
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from playwright.sync_api import expect

from issues.models import Issue
from issues.services import issues as acts
from tests.support import board

KANAZAWA = "136.50,36.40,136.80,36.70"


@pytest.fixture
def pinned(person, words):
    return acts.raise_issue(
        actor=person(),
        words=words(title="石引の雪", pin=(Decimal("36.55780"), Decimal("136.67150"))),
        key=uuid.uuid4(),
    )


def features(client, bbox=KANAZAWA, **query):
    answer = client.get("/issues/pins.json", {"bbox": bbox} | query)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/geo+json"
    return json.loads(answer.content)["features"]


def test_a_pin_stands_where_the_issue_is_and_only_in_its_part_of_the_map(client, pinned, issue):
    (pin,) = features(client)
    assert pin["geometry"]["coordinates"] == [136.6715, 36.5578]
    assert pin["properties"] == {"title": "石引の雪", "address": f"/issues/{pinned.pk}/"}
    assert features(client, "136.50,36.40,136.60,36.70") == []
    assert features(client, stage="closed") == []
    assert len(json.loads(client.get("/issues/pins.json").content)["features"]) == 1


@pytest.mark.parametrize(
    "bbox",
    [
        "",
        "x",
        "1,2,3",
        "1,2,3,4,5",
        "nan,1,2,3",
        "inf,1,2,3",
        "-999,1,2,3",
        "3,1,2,3",
        "1,5,2,3",
        "1e400,1,2,3",
        "1,2,3,4" * 100,
    ],
)
def test_a_part_of_the_map_that_makes_no_sense_is_refused(client, db, bbox):
    assert client.get("/issues/pins.json", {"bbox": bbox}).status_code == 400
    assert client.get("/issues/pins.json", {"bbox": KANAZAWA, "place": "x"}).status_code == 400


@pytest.mark.parametrize("count", [30, 30_000])
def test_no_issue_is_lost_between_pins_and_rings_at_any_number(client, db, count):
    board.fill(1, count, places=[])
    with CaptureQueriesContext(
        connection,
    ) as captured:
        shown = features(client)
    assert len(captured) <= 3
    assert len(shown) <= 400
    in_all = sum(feature["properties"].get("count", 1) for feature in shown)
    assert in_all == Issue.objects.exclude(latitude=None).count()


def test_without_javascript_the_map_page_is_the_list(client, pinned):
    shown = client.get("/issues/map/", {"tag": "ごみ"}).content.decode()
    assert "石引の雪" in shown
    assert 'href="/issues/?tag=' in shown


@pytest.mark.browser
def test_pressing_a_pin_names_the_issue_and_leads_to_it(app_server, pinned, page, axe):
    page.goto("/issues/map/")
    pin = page.locator(".map-pin")
    expect(pin).to_have_count(1)
    axe(page)
    pin.press("Enter")
    page.locator(".leaflet-popup a", has_text="石引の雪").click()
    expect(page).to_have_url(f"{app_server.url}/issues/{pinned.pk}/")
