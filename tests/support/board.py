"""A board with as many issues as one likes, written in a few statements: for plans, figures and long lists."""

from django.db import connection

from accounts.models import Skill, User
from accounts.services import open_account
from issues.models import Category, Tag

CATEGORIES = 6
TAGS = 200
# A talk so long, and one so short.
LONG, SHORT = 10_000, 10

_NUMBERS = "WITH RECURSIVE numbers(n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM numbers WHERE n < {last})"
_AGO = {
    "postgresql": "now() - make_interval(secs => {seconds})",
    "sqlite": "strftime('%Y-%m-%d %H:%M:%S', 'now', '-' || ({seconds}) || ' seconds') || '.000000'",
}


def fill(first: int, last: int, *, places: list[int]) -> None:
    """Writes issues ``first`` to ``last`` (keys included) with threads, tags and wanted skills.

    They are spread as one might find them: six categories, four stages with most issues in the first, a third
    waiting for an answer, two of 200 tags each with a few tags much used, a quarter without a place, a third with a
    pin in Kanazawa, 35 an hour back in time.

    Args:
        places: keys of associations.
    """
    author = _people()
    _words()
    numbers = _NUMBERS.format(first=first, last=last)
    ago = _AGO[connection.vendor]
    spread, other = "((n % 10007) * 7919) % 10007", "((n % 9973) * 4099) % 9973"
    place = " ".join(f"WHEN {at} THEN {pk}" for at, pk in enumerate(places))
    key = "md5(n::text)::uuid" if connection.vendor == "postgresql" else "printf('%032x', n)"
    true, false = ("TRUE", "FALSE") if connection.vendor == "postgresql" else ("1", "0")
    moment = ago.format(seconds="n * 100")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO issues_thread (id, last_event, post_count, last_post_at, is_open) "
            f"{numbers} SELECT n, 0, CASE WHEN n % 3 = 0 THEN 0 ELSE {spread} % 40 + 1 END, NULL, {true} FROM numbers"
        )
        cursor.execute(
            "INSERT INTO issues_issue (id, author_id, title, text, html, question, decided_by, consequence,"
            " category_id, place_id, latitude, longitude, stage, thread_id, version, posted_at, active_at,"
            " support_count, follow_count, heat, has_official_answer, awaits_answer, key) "
            f"{numbers} SELECT n, {author}, '課題 ' || n || ' 歩道の除雪が、通学に間に合わない',"
            " '朝7時半に雪が残っています。', '<p>朝7時半に雪が残っています。</p>',"
            " 'どの道を、何時までに、だれとならできますか。', '', '',"
            f" (SELECT min(id) FROM issues_category) + {spread} % {CATEGORIES},"
            f" CASE {spread} % {max(len(places) * 4 // 3, 1)} {place or 'WHEN -1 THEN 0'} ELSE NULL END,"
            f" CASE WHEN n % 3 = 1 THEN 36.50 + ({spread} % 1000) / 6000.0 END,"
            f" CASE WHEN n % 3 = 1 THEN 136.58 + ({other} % 1000) / 6000.0 END,"
            " CASE WHEN n % 20 = 0 THEN 'running' WHEN n % 20 = 1 THEN 'closed'"
            " WHEN n % 20 < 5 THEN 'prototype' ELSE 'discussion' END,"
            f" n, 1, {moment}, {moment}, ({spread} % 100) * ({spread} % 100) / 100, 1,"
            f" 3000 - n / 6048.0 + ({spread} % 100) / 100.0, {false},"
            f" CASE WHEN n % 3 = 0 THEN {true} ELSE {false} END, {key} FROM numbers"
        )
        for which, column in (("1", f"{other} % {TAGS}"), ("2", f"({other} % 10) * ({other} % 2)")):
            cursor.execute(
                "INSERT INTO issues_taggedissue (content_object_id, tag_id) "
                f"{numbers} SELECT n, (SELECT min(id) FROM issues_tag) + {column} FROM numbers"
                f" WHERE {which} = 1 OR {column} <> {other} % {TAGS}"
            )
        cursor.execute(
            "INSERT INTO issues_wantedskill (issue_id, skill_id) "
            f"{numbers} SELECT n, (SELECT min(id) FROM accounts_skill) + {spread} % 20 FROM numbers WHERE n % 5 = 0"
        )
        cursor.execute(
            "UPDATE issues_tag SET issue_count ="
            " (SELECT count(*) FROM issues_taggedissue WHERE tag_id = issues_tag.id)"
        )
        cursor.execute("ANALYZE")


def talk(thread: int, count: int) -> None:
    """Writes ``count`` posts into a thread that has none."""
    author = _people()
    numbers = _NUMBERS.format(first=1, last=count)
    moment = _AGO[connection.vendor].format(seconds=f"({count} - n) * 60")
    key = (
        f"md5('{thread} ' || n)::uuid"
        if connection.vendor == "postgresql"
        else f"printf('%016x%016x', {thread}, n)"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO issues_post (thread_id, number, author_id, source, html, state, posted_at, key,"
            " agree_count, disagree_count, unsure_count, thanks_count) "
            f"{numbers} SELECT {thread}, n, {author}, 'その' || n || '番の意見です。',"
            f" '<p>その' || n || '番の意見です。</p>', 'shown', {moment}, {key}, n % 7, n % 3, n % 2, 0 FROM numbers"
        )
        cursor.execute(
            f"UPDATE issues_thread SET post_count = {count}, last_event = {count} WHERE id = {thread}"
        )


def _people() -> int:
    author = User.objects.filter(username="writer").first()
    if author is None:
        author = open_account(
            actor=None, username="writer", display_name="書く人", password="a long enough word"
        )
    return author.pk


def _words() -> None:
    if Category.objects.filter(slug="field0").exists():
        return
    for number in range(CATEGORIES):
        Category.objects.create(slug=f"field{number}", name=f"分野{number}")
    for number in range(TAGS):
        Tag.objects.create(name=f"札{number}", slug=f"札{number}", folded=f"札{number}")
    for number in range(20):
        Skill.objects.create(name=f"技{number}", folded=f"技{number}")
