"""The order of hits: each rule says how much older a better hit may be and still come first."""

from datetime import UTC, datetime, timedelta

import pytest

from search import kinds
from search.ranking import Rank
from search.selectors import Order
from tests.support.search import entry, find, found, put

pytestmark = pytest.mark.django_db

YEAR = 365
# What was typed; title and text of the better hit and of the worse; the worth of the difference in days.
RULES = {
    "the newer": ("除雪", ("", "除雪"), ("", "除雪"), 0),
    "in the title": ("除雪", ("除雪の当番", ""), ("", "除雪"), 3 * YEAR),
    "one of two words in the title": (
        "除雪 当番",
        ("除雪", "当番"),
        ("", "除雪、当番"),
        1.5 * YEAR,
    ),
    "the title itself": ("除雪", ("除雪", ""), ("除雪車", ""), 2 * YEAR),
    "the title itself in two words": ("除雪 当番", ("除雪当番", ""), ("除雪当番表", ""), 2 * YEAR),
    "next to each other": ("除雪 当番", ("", "除雪当番"), ("", "当番と除雪"), YEAR),
    "as a phrase": ("city hall", ("", "the City Hall"), ("", "a hall of the city"), YEAR),
}


@pytest.mark.parametrize(("typed", "better", "worse", "worth"), RULES.values(), ids=RULES.keys())
def test_the_better_hit_comes_first_until_it_is_too_old(typed, better, worse, worth):
    put(
        entry(1, better[1], title=better[0], days_ago=worth - 1),
        entry(2, worse[1], title=worse[0]),
        entry(3, better[1], title=better[0], days_ago=worth + 1),
    )
    assert found(typed) == [1, 2, 3]


def test_of_the_same_moment_the_higher_number_comes_first():
    put(entry(1, "除雪"))
    put(entry(2, "除雪"))
    put(entry(3, "除雪"))
    assert found("除雪") == [3, 2, 1]
    assert found("除雪", order=Order.NEWEST) == [3, 2, 1]


def test_a_kind_may_have_a_head_start():
    kinds.register(
        kinds.Kind(
            slug="association",
            label="Associations",
            entries=lambda after, limit: [],
            head_start=timedelta(days=1000),
        )
    )
    put(entry(1, "石引町会", kind="association", days_ago=999), entry(2, "石引町会"))
    assert found("石引町会") == [1, 2]
    assert found("石引町会", order=Order.NEWEST) == [2, 1]


def test_an_old_title_is_found_behind_any_number_of_new_texts():
    put(
        *(entry(number, "除雪の話", days_ago=number) for number in range(1, 261)),
        entry(999, "", title="除雪の当番表", days_ago=10 * YEAR),
    )
    assert 999 in found("除雪")


def test_the_title_of_a_thread_is_shown_with_its_posts_and_not_searched():
    put(
        entry(1, "毎年のことです", kind="post", parent_title="毎年の除雪"),
        entry(2, "当番が足りない", title="除雪の当番"),
    )
    assert found("除雪") == [2]
    [hit] = find("毎年").hits
    assert hit.title == (("毎年の除雪", False),)


def test_newest_first_puts_nothing_before_the_date():
    put(entry(1, "", title="除雪", days_ago=1), entry(2, "除雪"))
    assert found("除雪", order=Order.NEWEST) == [2, 1]


def test_pages_follow_each_other_without_a_gap_or_a_repetition():
    put(*(entry(number, "除雪の話", days_ago=number // 7) for number in range(1, 46)))
    first = find("除雪")
    second = find("除雪", after=Rank.read(first.next))
    third = find("除雪", after=Rank.read(second.next))
    assert [len(page.hits) for page in (first, second, third)] == [20, 20, 5]
    assert third.next == ""
    for order in Order:
        assert sorted(found("除雪", order=order)) == list(range(1, 46))


def test_a_hit_that_arrives_meanwhile_does_not_shift_the_next_page():
    put(*(entry(number, "除雪の話", days_ago=number) for number in range(1, 31)))
    first = find("除雪")
    put(entry(99, "除雪の話"))
    second = find("除雪", after=Rank.read(first.next))
    assert [hit.url for hit in second.hits] == [f"/issues/{number}/" for number in range(21, 31)]


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "1",
        "1.2",
        "1.2.3.4",
        "1.2.-3",
        "１.２.３",
        "1.2.3\n",
        f"1.{10**18 - 1}.1",
        f"{10**30}.1.1",
    ],
)
def test_an_invented_cursor_is_none(cursor):
    assert Rank.read(cursor) is None


def test_a_cursor_says_where_it_stands():
    rank = Rank(points=-5, changed=86_400_000_001, id=7)
    assert Rank.read(str(rank)) == rank
    assert rank.changed_at == datetime(1970, 1, 2, microsecond=1, tzinfo=UTC)
