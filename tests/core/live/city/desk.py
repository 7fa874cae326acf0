"""A process in which people act: reads one order a line as JSON, answers with one line.

The web processes only ever see what it has committed, as they would with Celery's or another web process' acts.
"""

import json
import os
import sys
import time
import uuid
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.core.live.city.settings")
django.setup()

from asgiref.sync import async_to_sync  # noqa: E402
from channels.layers import get_channel_layer  # noqa: E402
from django.conf import settings  # noqa: E402
from django.contrib.auth import get_user_model  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402

from accounts.services import open_account  # noqa: E402
from core import live  # noqa: E402
from core.live.wire import event_frame  # noqa: E402
from issues.live import Threads  # noqa: E402
from issues.models import Category, Thread  # noqa: E402
from issues.services import talk  # noqa: E402
from issues.services.issues import Words, raise_issue  # noqa: E402
from tests.core.live.city import services  # noqa: E402
from tests.core.live.city.models import Talk  # noqa: E402

clients: dict[int, Client] = {}


def prepare() -> None:
    call_command("migrate", verbosity=0)
    # The room has no migrations; its tables come last, because they refer to people.
    call_command("migrate", run_syncdb=True, verbosity=0)


def new_talk(
    hidden: bool = False, members: tuple[int, ...] = (), seconds_to_decide: float = 0
) -> str:
    talk = Talk.objects.create(is_hidden=hidden, seconds_to_decide=seconds_to_decide)
    talk.members.set(members)
    return str(talk.pk)


def say(key: str, texts: list[str], aloud: bool = True) -> None:
    services.say(key=key, texts=texts, aloud=aloud)


def chatter(key: str, count: int, per_second: float, stock: bool = False) -> int:
    """Says ``count`` lines one by one; returns how many of them a stock channel layer has also taken."""
    layer: Any = get_channel_layer()
    began, taken = time.monotonic(), 0
    for number in range(count):
        time.sleep(max(0.0, began + number / per_second - time.monotonic()))
        services.say(key=key, texts=[f"{number}"])
        if stock:
            try:
                async_to_sync(layer.group_send)("talk", {"type": "talk.line", "text": f"{number}"})
                taken += 1
            except Exception:
                continue
    return taken


def new_thread() -> str:
    """An issue on the board, for the measure of thousands of readers."""
    author = open_account(actor=None, username="asker", display_name="花子", password=None)
    category = Category.objects.create(slug="waste", name="環境・ごみ")
    words = Words(title="古紙の回収", text="別々の紙", question="どこに", category=category)
    return str(raise_issue(actor=author, words=words, key=uuid.uuid4()).thread_id)


def post(key: str, text: str) -> str:
    """A post, through the real service; the frame that readers get."""
    author = get_user_model().objects.get(username="asker")
    thread = Thread.objects.get(pk=key)
    talk.post(actor=author, thread=thread, source=text, key=uuid.uuid4())
    newest = Threads().events_after(key, Thread.objects.get(pk=key).last_event - 1, 1)
    return event_frame(newest[0])


def group_send(text: str) -> None:
    """The same text by the stock channel layer."""
    layer: Any = get_channel_layer()
    async_to_sync(layer.group_send)("talk", {"type": "talk.line", "text": text})


def hide(key: str) -> None:
    services.hide(key=key)


def expel(key: str, user_id: int) -> None:
    services.expel(key=key, user_id=user_id)


def sign_in() -> list[Any]:
    """A new person who has signed in: their id and their session cookie."""
    name = f"person{len(clients)}"
    user = open_account(actor=None, username=name, display_name=name, password=None)
    clients[user.pk] = Client()
    clients[user.pk].force_login(user)
    return [user.pk, clients[user.pk].cookies[settings.SESSION_COOKIE_NAME].value]


def sign_out(user_id: int) -> int:
    return clients[user_id].post("/accounts/logout/").status_code


def close_account(user_id: int, aloud: bool = True) -> None:
    get_user_model().objects.filter(pk=user_id).update(is_active=False)
    if aloud:
        live.withdraw_person(user_id)


ORDERS = (
    prepare,
    new_talk,
    say,
    chatter,
    new_thread,
    post,
    group_send,
    hide,
    expel,
    sign_in,
    sign_out,
    close_account,
)


def main() -> None:
    orders = {order.__name__: order for order in ORDERS}
    for line in sys.stdin:
        name, arguments = json.loads(line)
        try:
            answer = {"answer": orders[name](**arguments)}
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
