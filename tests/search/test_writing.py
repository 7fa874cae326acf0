"""The index stands and falls with the act, and can be built anew."""

import threading
from contextlib import contextmanager, suppress

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.models import AuditEntry
from search import kinds, services
from tests.support.search import entry, find, found, put

pytestmark = pytest.mark.django_db


class ActFailed(Exception):
    pass


@contextmanager
def an_act_that_fails():
    with suppress(ActFailed), transaction.atomic():
        yield
        raise ActFailed


def remove(kind, *ids):
    with transaction.atomic():
        services.remove(kind, ids)


def pairs_in_the_index(pair):
    """How many documents the index itself has under a pair, whatever the rows say."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT count(*) FROM search_searchdocument WHERE grams @@ %s::tsquery",
                (f"'{pair}'",),
            )
        else:
            cursor.execute(
                "SELECT count(*) FROM search_grams WHERE search_grams MATCH %s", (f'"{pair}"',)
            )
        return cursor.fetchone()[0]


def test_what_is_rolled_back_is_not_found():
    with an_act_that_fails():
        services.index([entry(1, "除雪")])
        assert found("除雪") == [1]
    assert found("除雪") == []
    assert pairs_in_the_index("除雪") == 0


def test_a_change_that_is_rolled_back_leaves_the_old_words():
    put(entry(1, "除雪"))
    with an_act_that_fails():
        services.index([entry(1, "花壇")])
    assert (found("除雪"), found("花壇")) == ([1], [])


def test_a_removal_that_is_rolled_back_leaves_it_findable():
    put(entry(1, "除雪"))
    with an_act_that_fails():
        services.remove("issue", [1])
    assert found("除雪") == [1]


def test_a_change_replaces_words_title_address_and_date():
    put(entry(1, "除雪", title="冬の話", days_ago=5))
    put(entry(1, "花壇", title="春の話", url="/issues/one/"))
    assert (found("除雪"), found("冬の")) == ([], [])
    [hit] = find("花壇").hits
    assert (hit.url, hit.title) == ("/issues/one/", (("春の話", False),))
    assert hit.changed_at == entry(1).changed_at


def test_nothing_of_what_is_removed_or_changed_stays_in_the_index():
    put(entry(1, "除雪", title="山田さん"), entry(2, "除雪"))
    put(entry(2, "花壇"))
    remove("issue", 1, 77)
    assert [pairs_in_the_index(pair) for pair in ("除雪", "山田", "^山田", "花壇")] == [0, 0, 0, 1]


def test_things_of_two_kinds_may_have_the_same_number():
    put(entry(1, "除雪"), entry(1, "除雪", kind="post"))
    remove("post", 1)
    assert [hit.url for hit in find("除雪").hits] == ["/issues/1/"]


def test_of_the_same_thing_twice_in_one_act_the_last_counts():
    put(entry(1, "除雪"), entry(1, "花壇"))
    assert (found("除雪"), found("花壇")) == ([], [1])


@pytest.mark.parametrize(
    "url", ["https://example.org/", "//example.org/", "/\\example.org/", "javascript:alert(1)", "x"]
)
def test_an_address_must_lead_into_the_house(url):
    with pytest.raises(ValueError, match="address on this site"):
        put(entry(1, "除雪", url=url))


def test_a_key_must_not_be_too_long():
    with pytest.raises(ValueError, match="100 characters"):
        put(entry(1, "除雪", audience={"k" * 101}))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "write", [lambda: services.index([entry(1)]), lambda: services.remove("issue", [1])]
)
def test_without_a_transaction_nothing_is_written(write):
    with pytest.raises(RuntimeError, match="transaction of the act"):
        write()


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.lists(
            st.tuples(
                st.sampled_from(["put", "remove"]),
                st.integers(1, 4),
                st.text(alphabet="除雪花壇の", max_size=6),
                st.booleans(),
            ),
            max_size=6,
        ),
        max_size=6,
    )
)
def test_after_any_acts_committed_or_not_the_index_has_what_the_rows_have(acts):
    with transaction.atomic():
        texts: dict[int, str] = {}
        for act in acts:
            try:
                with transaction.atomic():
                    after = dict(texts)
                    for what, number, text, succeeds in act:
                        if what == "put":
                            services.index([entry(number, text)])
                            after[number] = text
                        else:
                            services.remove("issue", [number])
                            after.pop(number, None)
                        if not succeeds:
                            raise ActFailed
                    texts = after
            except ActFailed:
                pass
        for pair in ("除雪", "花壇", "雪の", "の除"):
            expected = {number for number, text in texts.items() if pair in text}
            assert set(found(pair)) == expected
            assert pairs_in_the_index(pair) == len(expected)
        transaction.set_rollback(True)


@pytest.mark.parametrize("things", [1, 60])
def test_an_act_writes_with_a_flat_number_of_statements(things, django_assert_max_num_queries):
    put(*(entry(number, "除雪") for number in range(1, things + 1)))
    with django_assert_max_num_queries(9):
        put(*(entry(number, "花壇") for number in range(1, things + 1)))


def register_shelf(things):
    """A kind whose things are in a dictionary: id → text."""

    def entries(after, limit):
        ids = sorted(number for number in things if number > after)[:limit]
        return [entry(number, things[number], kind="shelf") for number in ids]

    kind = kinds.Kind(slug="shelf", label="Shelf", entries=entries)
    kinds.register(kind)
    return kind


@pytest.mark.parametrize("arguments", [[], ["--from-scratch"]])
def test_a_rebuild_finds_what_was_missed_and_forgets_what_is_gone(arguments, capsys):
    register_shelf({1: "除雪", 2: "花壇", 30: "除雪"})
    put(
        entry(1, "古い話", kind="shelf"),
        entry(7, "除雪", kind="shelf"),
        entry(40, "除雪", kind="shelf"),
        entry(5, "除雪", kind="closed room"),
    )
    call_command("rebuild_search", *arguments)
    assert sorted(found("除雪")) == [1, 30]
    assert (found("花壇"), found("古い話")) == ([2], [])
    assert pairs_in_the_index("除雪") == 2
    assert "shelf: 3" in capsys.readouterr().out
    assert AuditEntry.objects.filter(act="search.rebuilt").count() == 1


def test_a_rebuild_needs_no_more_statements_for_a_full_chunk_than_for_one_thing():
    def statements(things):
        kinds._kinds.pop("shelf", None)
        kind = register_shelf(dict.fromkeys(range(1, things + 1), "除雪"))
        services.rebuild(kind)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert services.rebuild(kind) == things
        return len(queries)

    assert statements(1) == statements(70)


@pytest.mark.parametrize("chunk", [1, 2, 3, 7])
def test_a_rebuild_in_chunks_misses_nothing(chunk):
    things = dict.fromkeys([1, 2, 5, 6, 7, 100], "除雪")
    kind = register_shelf(things)
    put(*(entry(number, "除雪", kind="shelf") for number in (3, 4, 6, 99, 101)))
    assert services.rebuild(kind, chunk=chunk) == 6
    assert sorted(found("除雪")) == sorted(things)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_rebuild_never_brings_back_what_is_hidden_while_it_runs():
    things = {1: "除雪"}
    hiding_began, hidden = threading.Event(), threading.Event()

    def hide():
        try:
            hiding_began.set()
            with transaction.atomic():
                services.remove("shelf", [1])
            hidden.set()
        finally:
            connection.close()

    somebody = threading.Thread(target=hide)

    def read_slowly(after, limit):
        entries = [
            entry(number, text, kind="shelf") for number, text in things.items() if number > after
        ]
        if after == 0:
            somebody.start()
            hiding_began.wait(5)
            # Long enough to hide it, if nothing held that off.
            hidden.wait(0.7)
        return entries

    services.rebuild(kinds.Kind(slug="shelf", label="Shelf", entries=read_slowly))
    somebody.join(10)
    assert hidden.is_set()
    assert found("除雪") == []
