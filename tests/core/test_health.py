"""/healthz says that the process lives; /readyz says whether the whole house is in order, and what is not."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from core import health
from core.models import Heartbeat
from notifications.models import Delivery
from notifications.selectors.outbox import OUTBOX_LIMIT

pytestmark = pytest.mark.django_db


@pytest.fixture
def house_in_order(private_redis):
    """Redis answers, and worker and beat have just given a sign of life."""
    health.beat("worker")
    health.beat("beat")
    return private_redis


@pytest.fixture
def delivery(person):
    def waiting(since: timedelta, state: str = Delivery.State.PENDING) -> Delivery:
        return Delivery.objects.create(
            key=uuid4(),
            recipient=person(),
            channel=Delivery.Channel.EMAIL,
            state=state,
            due_at=timezone.now() - since,
        )

    return waiting


def last_seen(name: str, ago: timedelta) -> None:
    Heartbeat.objects.filter(name=name).update(beaten_at=timezone.now() - ago)


def out_of_order(client) -> set[str]:
    """Asks /readyz, checks that status and body agree, and names the checks that failed."""
    response = client.get("/readyz")
    answer = response.json()
    failed = {name for name, check in answer["checks"].items() if not check["ok"]}
    assert response.status_code == (503 if failed else 200)
    assert answer["ready"] is not bool(failed)
    return failed


def test_a_house_in_order_is_ready(client, house_in_order):
    assert out_of_order(client) == set()


def test_both_answers_are_never_kept_by_a_cache(client, house_in_order):
    for address in ("/healthz", "/readyz"):
        assert "no-store" in client.get(address)["Cache-Control"]


def test_a_killed_redis_is_named_and_its_return_is_noticed(client, house_in_order):
    house_in_order.kill()
    assert out_of_order(client) == {"redis"}
    assert client.get("/healthz").content == b"ok"
    house_in_order.start()
    assert out_of_order(client) == set()


@pytest.mark.parametrize("name", ["worker", "beat"])
def test_a_process_that_has_been_silent_for_too_long_is_named(client, house_in_order, name):
    last_seen(name, health.HEARTBEAT_LIMIT - timedelta(seconds=10))
    assert out_of_order(client) == set()
    last_seen(name, health.HEARTBEAT_LIMIT + timedelta(seconds=1))
    assert out_of_order(client) == {name}
    health.beat(name)
    assert out_of_order(client) == set()


@pytest.mark.parametrize("name", ["worker", "beat"])
def test_a_process_that_never_came_up_is_named(client, house_in_order, name):
    Heartbeat.objects.filter(name=name).delete()
    assert out_of_order(client) == {name}


def test_a_delivery_that_nobody_sends_is_noticed(client, house_in_order, delivery):
    delivery(OUTBOX_LIMIT - timedelta(seconds=30))
    assert out_of_order(client) == set()
    delivery(OUTBOX_LIMIT + timedelta(seconds=1))
    assert out_of_order(client) == {"outbox"}


def test_only_what_is_due_and_unsent_counts(client, house_in_order, delivery):
    delivery(-OUTBOX_LIMIT)
    # What a worker holds comes back by itself when its lease is over.
    held = {Delivery.State.CLAIMED, Delivery.State.SENDING}
    for state in set(Delivery.State) - {Delivery.State.PENDING} - held:
        delivery(2 * OUTBOX_LIMIT, state)
    assert out_of_order(client) == set()


def test_the_answer_names_no_address_and_no_password(client, house_in_order, settings):
    house_in_order.kill()
    answer = client.get("/readyz").content.decode()
    assert settings.REDIS_URL not in answer
    assert settings.REDIS_URL.split("@")[-1].split("/")[0] not in answer
