"""A process with a city full of people, for ``tests.bench.measures.notices``: takes one order a line, as JSON."""

import json
import os
import sys
import time
import uuid
from collections.abc import Callable, Iterable, Sequence

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
django.setup()

from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import User  # noqa: E402
from issues import notices  # noqa: E402
from issues.models import Category, Issue  # noqa: E402
from issues.services import issues as acts  # noqa: E402
from notifications.kinds import Fact  # noqa: E402
from notifications.kinds.audiences import EVERYBODY  # noqa: E402
from notifications.models import Broadcast, Delivery, Notification  # noqa: E402
from notifications.services import channels, notify, outbox  # noqa: E402
from notifications.services.channels import Outgoing, Result  # noqa: E402

ONE_BY_ONE = 1_000


class Sink:
    """A channel whose provider takes everything at once."""

    channel = "line"
    batch_size = 500

    def send(self, messages: Sequence[Outgoing]) -> Sequence[Result]:
        """Takes them."""
        return [Result("sent")] * len(messages)


def fill(size: int) -> None:
    """Until there are so many people."""
    missing = size - User.objects.count()
    first = User.objects.count()
    User.objects.bulk_create(
        (
            User(username=f"p{number}", display_name=f"人{number}")
            for number in range(first, first + missing)
        ),
        batch_size=5_000,
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def issue() -> Issue:
    """Something to tell of, anew each time."""
    author = User.objects.earliest("pk")
    category, _ = Category.objects.get_or_create(slug="x", defaults={"name": "x"})
    words = acts.Words(title="題", text="文", question="問", category=category)
    return acts.raise_issue(actor=author, words=words, key=uuid.uuid4())


def emptied() -> None:
    """No delivery of an earlier round."""
    with connection.cursor() as cursor:
        for model in (Delivery, Notification, Broadcast):
            cursor.execute(f'TRUNCATE "{model._meta.db_table}" CASCADE')


def told_all() -> Broadcast:
    """The act itself: one row."""
    with transaction.atomic():
        notify(notices.NEW_ISSUE, actor=None, about=issue(), audience=(EVERYBODY, ""))
    return Broadcast.objects.get()


def fan_out_by_service() -> float:
    """Rows a second through the real service: chunks, each committed with its mark."""
    emptied()
    told_all()
    return _rows_a_second(outbox.write_deliveries)


def fan_out_bare() -> float:
    """The same rows by one statement."""
    emptied()
    broadcast = told_all()

    def insert() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO notifications_delivery (key, broadcast_id, recipient_id, channel, state,"
                " is_urgent, due_at, attempts, reason)"
                " SELECT md5(%s || id::text)::uuid, %s, id, '', 'pending', false, now(), 0, ''"
                " FROM accounts_user WHERE is_active",
                [str(uuid.uuid4()), broadcast.pk],
            )

    return _rows_a_second(insert)


def fan_out_one_by_one() -> float:
    """One row at a time, over the first people only."""
    emptied()
    broadcast = told_all()

    def create() -> None:
        for pk in User.objects.values_list("pk", flat=True)[:ONE_BY_ONE]:
            Delivery.objects.create(
                key=uuid.uuid4(), broadcast=broadcast, recipient_id=pk, due_at=timezone.now()
            )

    return _rows_a_second(create)


def publish() -> float:
    """Milliseconds of the act itself, which writes one row however many belong to the audience."""
    emptied()
    about = issue()
    began = time.perf_counter()
    with transaction.atomic():
        notify(notices.NEW_ISSUE, actor=None, about=about, audience=(EVERYBODY, ""))
    return (time.perf_counter() - began) * 1_000


def _waiting(size: int) -> None:
    emptied()
    people = list(User.objects.values_list("pk", flat=True)[: size + 1])
    with transaction.atomic():
        told = notify(notices.SKILL_WANTED, actor=None, about=issue(), recipients=people)
    assert len(told) >= size
    Delivery.objects.update(due_at=timezone.now())


def dispatch(size: int) -> float:
    """Recipients a second: claimed, decided, worded, handed to a local sink, recorded."""
    _waiting(size)
    began = time.perf_counter()
    number = outbox.dispatch(seconds=600)
    seconds = time.perf_counter() - began
    assert Delivery.objects.filter(state="sent").count() == number
    return number / seconds


def plain_loop(size: int) -> float:
    """The same messages by a plain loop in batches: worded, handed over, marked; nobody is asked for anything."""
    _waiting(size)
    sink = Sink()
    began = time.perf_counter()
    number = 0
    while rows := list(
        Delivery.objects.filter(state="pending")
        .select_related("recipient", "notification__actor")
        .order_by("pk")[:500]
    ):
        abouts = notices.SKILL_WANTED.find(
            {row.notification.about_id for row in rows if row.notification}
        )
        messages = []
        for row in rows:
            assert row.notification is not None
            about = abouts[row.notification.about_id]
            fact = Fact(about=about, actor=None, context={}, at=row.notification.at)
            messages.append(
                Outgoing(
                    key=row.key,
                    recipient_id=row.recipient_id,
                    address=f"U{row.recipient_id}",
                    subject=notices.SKILL_WANTED.headline(fact, 1),
                    text=notices.SKILL_WANTED.detail(fact),
                )
            )
        sink.send(messages)
        Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(
            state="sent", done_at=timezone.now()
        )
        number += len(rows)
    return number / (time.perf_counter() - began)


def one_by_one(size: int) -> float:
    """A round for each recipient, over the first people only: what one task a recipient would cost without its queue."""
    _waiting(min(size, 300))
    began = time.perf_counter()
    number = 0
    while outbox.one_round(size=1):
        number += 1
    return number / (time.perf_counter() - began)


def _rows_a_second(work: Callable[[], object]) -> float:
    before = Delivery.objects.count()
    began = time.perf_counter()
    work()
    seconds = time.perf_counter() - began
    return (Delivery.objects.count() - before) / seconds


def answer(orders: Iterable[str]) -> None:
    """``{"do": "dispatch", "size": 1000}`` is answered by ``{"value": 5000.0}``."""
    from django.conf import settings
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    settings.NOTIFICATION_PACES = dict.fromkeys(settings.NOTIFICATION_PACES, (1e6, 10_000_000))
    channels.adapter = lambda channel: Sink()
    channels.addresses.of = lambda channel, people, **more: (
        {person: [f"U{person}"] for person in people} if channel == "line" else {}
    )
    # The night must not change what is measured.
    from notifications.selectors import circumstances

    circumstances.quiet_of = lambda rhythm: None
    works: dict[str, Callable[[], float]] = {
        "service": fan_out_by_service,
        "bare": fan_out_bare,
        "create": fan_out_one_by_one,
        "publish": publish,
    }
    sized = {"dispatch": dispatch, "loop": plain_loop, "single": one_by_one}
    for order in map(json.loads, orders):
        if "fill" in order:
            fill(order["fill"])
            value = 0.0
        elif order["do"] in works:
            value = works[order["do"]]()
        else:
            value = sized[order["do"]](order["size"])
        sys.stdout.write(json.dumps({"value": value}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    answer(sys.stdin)
