"""The board with any number of issues, for measures: takes orders as JSON objects, one a line.

``{"issues": 10000}`` and ``{"posts": 10000}`` fill up, ``{"page": "ours"}`` opens a page through the whole middleware
and says how many milliseconds and queries it took.
"""

import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import cast

import django
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")

OURS = settings.BASE_DIR / "templates" / "issues"
SIZE, FOR_SECONDS, AT_MOST = 50, 1.0, 60
# What the card says in our template, and where an ORM object has it.
OF_THE_OBJECT = {
    "issue.stage_label": "issue.get_stage_display",
    "{{ issue.place }}": "{{ issue.place.name }}",
    "issue.post_count": "issue.thread.post_count",
    "{% if issue.tags %}": "{% if issue.tags.all %}",
    "{% for name, slug in issue.tags %}": "{% for tag in issue.tags.all %}",
    "'issues:tag' slug": "'issues:tag' tag.slug",
    "#{{ name }}": "#{{ tag.name }}",
}


def plain_templates(folder: Path) -> None:
    """The same pages with nothing kept: the card is a template that is included for each object."""
    (folder / "plain").mkdir()
    card = (OURS / "card.html").read_text()
    for ours, theirs in OF_THE_OBJECT.items():
        assert ours in card, ours
        card = card.replace(ours, theirs)
    (folder / "plain" / "card.html").write_text(card)
    index = (OURS / "index.html").read_text()
    assert "{{ card }}" in index
    assert "{{ panel.html }}" in index
    index = index.replace("{{ panel.html }}", '{% include "issues/panel.html" %}')
    index = index.replace("{{ card }}", '{% include "plain/card.html" with issue=card %}')
    (folder / "plain" / "index.html").write_text(index)


FOLDER = Path(tempfile.mkdtemp(prefix="yoriai-bench-"))
plain_templates(FOLDER)
cast("list[Path]", settings.TEMPLATES[0]["DIRS"]).insert(0, FOLDER)
settings.ROOT_URLCONF = "tests.bench.applications.plain_board"
django.setup()

# Only now: these need the apps that the line above loaded.
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from associations.models import Association  # noqa: E402
from associations.services import found_association  # noqa: E402
from issues.models import Issue, Post  # noqa: E402
from issues.selectors import board  # noqa: E402
from tests.support import board as filler  # noqa: E402

LONG, SHORT, FULL = 5, 8, 11
PAGES = {
    "ours": "/issues/",
    "plain": "/plain/issues/",
    "filtered": "/issues/?category=field1&stage=discussion&unanswered=1&tag=札7&order=hot",
    "short": f"/issues/{SHORT}/",
    "full": f"/issues/{FULL}/",
    "long": f"/issues/{LONG}/",
    "whole": f"/plain/issues/{LONG}/",
}


def places() -> list[int]:
    """Sixty districts."""
    if not Association.objects.exists():
        city = found_association(actor=None, kind=Association.Kind.CITY, name="市")
        for number in range(60):
            found_association(
                actor=None, kind=Association.Kind.DISTRICT, name=f"{number}", parent=city
            )
    return list(Association.objects.filter(depth=2).values_list("pk", flat=True))


def fill(issues: int) -> None:
    """Writes issues until there are so many."""
    there = Issue.objects.count()
    if there < issues:
        filler.fill(there + 1, issues, places=places())


def talk(posts: int) -> None:
    """Gives the long thread so many posts, the short one ten, and a third as many as stand on a page."""
    for thread, count in ((LONG, posts), (SHORT, 10), (FULL, 50)):
        Post.objects.filter(thread=thread).delete()
        filler.talk(thread, count)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def opened(page: str) -> dict[str, float]:
    """Opens a page again and again; on each view of a list one of its cards has changed since the last."""
    client = Client(headers={"accept-language": "ja"})
    address = PAGES[page]
    newest = list(Issue.objects.order_by("-active_at").values_list("pk", flat=True)[:SIZE])

    def change(number: int) -> None:
        Issue.objects.filter(pk=newest[number % len(newest)]).update(support_count=10_000 + number)

    def ask() -> None:
        answer = client.get(address)
        assert answer.status_code == 200, answer.status_code

    # Twice, so that nothing is measured that only the first view does.
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured:
            ask()
        # Counted now: the next request empties the log.
        queries = len(captured)
    wall, cpu = timed(ask, change)
    return {"ms": statistics.median(wall), "cpu": statistics.median(cpu), "queries": queries}


def timed(
    ask: Callable[[], None], change: Callable[[int], None]
) -> tuple[list[float], list[float]]:
    """Milliseconds of each view, by the clock and of this process' CPU; the change before it is not counted."""
    wall: list[float] = []
    cpu: list[float] = []
    while not wall or (sum(wall) < FOR_SECONDS * 1000 and len(wall) < AT_MOST):
        change(time.time_ns() % 1_000_000)
        began, began_cpu = time.perf_counter(), time.process_time()
        ask()
        wall.append((time.perf_counter() - began) * 1000)
        cpu.append((time.process_time() - began_cpu) * 1000)
    return wall, cpu


def answer(orders: Iterable[str]) -> None:
    """Does what the lines say."""
    call_command("migrate", verbosity=0)
    board.PAGE_SIZE = SIZE
    for order in map(json.loads, orders):
        told: dict[str, float] = {}
        if "issues" in order:
            fill(order["issues"])
        elif "posts" in order:
            talk(order["posts"])
        else:
            told = opened(order["page"])
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    answer(sys.stdin)
