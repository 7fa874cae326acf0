"""Worker, broker and hints are killed at the worst moment: nothing is lost, nothing that can be recognised comes twice."""

import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings as city
from django.db import connection
from django.utils import timezone

from notifications.models import Delivery, LineLink, Rhythm
from notifications.services import hints, outbox
from notifications.services.outbox import claiming
from tests.notifications.channels.line_double import SECRET, TOKEN, LineDouble, line_double, user_id
from tests.notifications.channels.mail_server import MailServer, mail_server
from tests.support.processes import Started
from tests.support.server import environment_of_the_test

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parents[2]
LINE = user_id(1)


@pytest.fixture(autouse=True)
def at_once(settings: Any) -> None:
    settings.NOTIFICATION_PATIENCE = 0


@pytest.fixture
def line(settings: Any) -> Iterator[LineDouble]:
    """LINE; the processes that the test starts know it too."""
    with line_double() as double:
        settings.LINE_MESSAGING_TOKEN, settings.LINE_MESSAGING_SECRET = TOKEN, SECRET
        settings.LINE_API_URL = double.url
        yield double


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


@pytest.fixture
def reply(hanako, say, person) -> Callable[[], None]:
    """Somebody replies to Hanako, who is reached by LINE or mail at any hour."""
    Rhythm.objects.create(person=hanako, has_quiet_hours=False)
    mine = say(hanako)

    def make() -> None:
        say(person(), answers=mine)

    return make


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Started]]:
    """Starts a process of the city: ``start("-m", "module", NAME="value")``."""
    started: list[Started] = []

    def run(*words: str, **extra: str) -> Started:
        process = Started(
            [sys.executable, *words],
            log=tmp_path / f"process-{len(started)}.log",
            environment=environment_of_the_test() | extra,
            folder=ROOT,
        )
        started.append(process)
        return process

    yield run
    for process in started:
        process.stop()


def keys_of(line: LineDouble) -> dict[str, str]:
    return {
        "LINE_MESSAGING_TOKEN": TOKEN,
        "LINE_MESSAGING_SECRET": SECRET,
        "LINE_API_URL": line.url,
        "NOTIFICATION_PATIENCE": "0",
    }


def wait_for(happened: Callable[[], object], seconds: float = 30) -> float:
    began = time.monotonic()
    while not happened():
        assert time.monotonic() - began < seconds, "it did not happen in time"
        time.sleep(0.05)
    return time.monotonic() - began


def let_the_lease_run_out() -> None:
    past = timezone.now() - timedelta(seconds=1)
    Delivery.objects.filter(leased_until__isnull=False).update(leased_until=past)


def test_a_worker_killed_between_sent_and_recorded_tells_nobody_twice_by_line(
    hanako, reply, line, start
):
    LineLink.objects.create(person=hanako, line_user_id=LINE)
    line.next_answers = ["slow"]
    reply()
    worker = start("-m", "tests.notifications.one_worker", **keys_of(line))
    wait_for(lambda: line.received)
    worker.kill()
    assert Delivery.objects.get(recipient=hanako).state == "sending"
    let_the_lease_run_out()
    assert outbox.recover() == 1
    outbox.dispatch()
    assert Delivery.objects.get(recipient=hanako).state == "sent"
    assert len(line.received[LINE]) == 1
    assert len({one["key"] for one in line.multicasts}) == 1 < len(line.multicasts)


def test_a_mail_on_its_way_when_the_worker_was_killed_is_shown_as_unclear(
    hanako, reply, mail, start
):
    EmailAddress.objects.create(user=hanako, email="h@example.jp", verified=True, primary=True)
    mail.mode = "slow"
    reply()
    worker = start("-m", "tests.notifications.one_worker", MAIL_PORT=str(mail.port))
    wait_for(lambda: mail.raw)
    worker.kill()
    let_the_lease_run_out()
    outbox.recover()
    outbox.dispatch()
    row = Delivery.objects.get(recipient=hanako)
    assert (row.state, row.reason) == ("unknown", "worker_lost")
    assert len(mail.raw) == 1
    assert mail.mails[0]["Message-ID"].startswith(f"<{row.key}@")


def test_without_a_broker_an_act_is_done_at_once_and_its_notice_is_not_lost(
    hanako, reply, line, private_redis, monkeypatch
):
    LineLink.objects.create(person=hanako, line_user_id=LINE)
    monkeypatch.setattr(hints, "_silent_until", 0.0)
    private_redis.kill()
    began = time.monotonic()
    for _ in range(3):
        reply()
    assert time.monotonic() - began < 3
    assert Delivery.objects.filter(recipient=hanako, state="pending").count() == 3
    outbox.dispatch()
    private_redis.ensure_running()
    Delivery.objects.filter(state="pending").update(due_at=timezone.now())
    outbox.dispatch()
    assert len(line.received[LINE]) == 1


@pytest.fixture
def celery(start, line, tmp_path) -> Callable[..., Started]:
    """A worker; with "-B" beat runs beside it, in a process that a killed worker would leave behind."""

    def run(*beat: str) -> Started:
        started: Started = start(
            "-W", "ignore", "-m", "celery", "--quiet", "-A", "config", "worker", *beat,
            "--pool", "solo", "--without-mingle", "--without-gossip", "--loglevel", "warning",
            "--schedule", str(tmp_path / "schedule"), **keys_of(line),
        )  # fmt: skip
        return started

    return run


def test_the_sweep_finds_what_a_broker_has_forgotten(hanako, reply, line, private_redis, celery):
    LineLink.objects.create(person=hanako, line_user_id=LINE)
    reply()
    private_redis.forget_everything()
    celery("-B")
    wait_for(lambda: line.received, seconds=40)
    wait_for(lambda: Delivery.objects.get(recipient=hanako).state == "sent")


def test_after_a_worker_was_killed_another_has_finished_its_work_within_half_a_minute(
    hanako, reply, line, private_redis, celery
):
    LineLink.objects.create(person=hanako, line_user_id=LINE)
    line.next_answers = ["slow"]
    reply()
    first = celery()
    wait_for(lambda: line.received, seconds=40)
    second = celery("-B")
    first.kill()
    assert wait_for(lambda: Delivery.objects.get(recipient=hanako).state == "sent", 45) < 40
    second.stop()
    assert len(line.received[LINE]) == 1


def test_workers_that_claim_at_once_never_hold_the_same_delivery(hanako, reply):
    Delivery.objects.bulk_create(
        Delivery(
            key=f"00000000-0000-4000-8000-{number:012}", recipient=hanako, due_at=timezone.now()
        )
        for number in range(200)
    )
    held: list[int] = []
    faults: list[Exception] = []

    def work() -> None:
        try:
            while keys := claiming.claim(size=7)[1]:
                held.extend(keys)
        except Exception as error:
            faults.append(error)
        finally:
            connection.close()

    workers = [Thread(target=work) for _ in range(5)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert faults == []
    assert len(held) == len(set(held)) == 200
    assert set(Delivery.objects.values_list("attempts", flat=True)) == {1}


def test_the_keeper_of_a_lease_renews_it_while_the_work_lasts(hanako, reply, monkeypatch):
    monkeypatch.setattr(claiming, "SECONDS_BETWEEN_RENEWALS", 0.1)
    reply()
    token, [pk] = claiming.claim(size=1)
    before = timezone.now() + claiming.LEASE
    with claiming.kept_alive(token):
        wait_for(lambda: Delivery.objects.filter(pk=pk, leased_until__gt=before), seconds=10)
    assert city.CELERY_TASK_ACKS_LATE and city.CELERY_TASK_REJECT_ON_WORKER_LOST  # noqa: PT018
