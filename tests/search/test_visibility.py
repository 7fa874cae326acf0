"""Who finds what: for a reader, what they may not see might as well not exist."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from search import kinds
from search.kinds import PUBLIC, SIGNED_IN
from search.ranking import Rank
from search.selectors import Order
from tests.support.search import STRANGER, entry, find, found, put

pytestmark = pytest.mark.django_db

NEIGHBOUR = frozenset({PUBLIC, SIGNED_IN, "association:1"})
MEMBER = frozenset({PUBLIC, SIGNED_IN, "association:1", "association:12"})


@pytest.mark.parametrize(
    ("reader", "ids"),
    [
        (STRANGER, [1]),
        (frozenset({PUBLIC, SIGNED_IN}), [1, 2]),
        (NEIGHBOUR, [1, 2, 4]),
        (MEMBER, [1, 2, 3, 4]),
        (frozenset(), []),
        (frozenset({"association:123"}), []),
        (frozenset({"association:12,association:7"}), []),
    ],
    ids=[
        "a stranger",
        "anybody signed in",
        "a neighbour",
        "a member",
        "no key",
        "a longer key",
        "a list",
    ],
)
@pytest.mark.parametrize("order", Order)
def test_everybody_finds_what_they_may_see_and_nothing_else(reader, ids, order):
    put(
        entry(1, "除雪", days_ago=1),
        entry(2, "除雪", days_ago=2, audience={SIGNED_IN}),
        entry(3, "除雪", days_ago=3, audience={"association:12", "association:7"}),
        entry(4, "除雪", days_ago=4, audience={"association:12", "association:1"}),
        entry(5, "除雪", days_ago=5, audience=()),
        entry(6, "除雪", days_ago=6, audience={"association:2"}),
    )
    assert found("除雪", reader=reader, order=order) == ids
    assert find("除雪", reader=reader, order=order).count == len(ids)


DOCUMENTS = st.lists(
    st.tuples(
        st.sampled_from(["除雪", "除雪の当番", "当番", "除雪当番の除雪"]),
        st.sampled_from(["", "除雪", "当番"]),
        st.sampled_from(["issue", "post", "circular"]),
        st.integers(0, 2000),
    ),
    max_size=30,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    shown=DOCUMENTS, hidden=DOCUMENTS, typed=st.sampled_from(["除雪", "除雪 当番", "雪", "当番"])
)
def test_a_page_is_the_same_whether_there_are_hidden_things_or_not(shown, hidden, typed):
    def entries(documents, audience, first):
        return [
            entry(number, text, title=title, kind=kind, days_ago=days, audience=audience)
            for number, (text, title, kind, days) in enumerate(documents, first)
        ]

    def pages():
        for order in Order:
            for kind in (None, kinds.get("post")):
                page = find(typed, order=order, kind=kind)
                yield page
                if page.next:
                    yield find(typed, order=order, kind=kind, after=Rank.read(page.next))

    with transaction.atomic():
        put(*entries(shown, {PUBLIC}, 1))
        before = list(pages())
        put(*entries(hidden, {"association:12"}, 1001))
        assert list(pages()) == before
        transaction.set_rollback(True)


def test_more_hidden_hits_than_are_ever_counted_hide_nothing():
    put(
        *(
            entry(number, "除雪", title="除雪", audience={"association:12"})
            for number in range(1, 251)
        ),
        entry(999, "除雪", days_ago=4000),
    )
    results = find("除雪")
    assert [hit.url for hit in results.hits] == ["/issues/999/"]
    assert (results.count, results.more_than_counted, results.next) == (1, False, "")


def test_a_cursor_from_somebody_else_opens_nothing():
    put(
        *(
            entry(number, "除雪", days_ago=number, audience={"association:12"})
            for number in range(1, 31)
        )
    )
    theirs = find("除雪", reader=MEMBER)
    assert theirs.next
    assert find("除雪", after=Rank.read(theirs.next)).hits == []


def test_what_is_shown_to_fewer_people_is_gone_for_the_others_at_once():
    put(entry(1, "除雪"))
    put(entry(1, "除雪", audience={"association:12"}))
    assert found("除雪") == []
    assert found("除雪", reader=MEMBER) == [1]
    put(entry(1, "除雪"))
    assert found("除雪") == [1]


def test_keys_come_from_the_rooms_and_only_for_those_who_signed_in():
    kinds.register_keys(lambda person: {"association:12"})
    kinds.register_keys(lambda person: ["household:3"])
    person = User(username="hanako")
    assert kinds.keys_of(AnonymousUser()) == {PUBLIC}
    assert kinds.keys_of(person) == {PUBLIC, SIGNED_IN, "association:12", "household:3"}


def test_when_a_room_cannot_say_who_somebody_is_nothing_is_shown():
    def broken(person):
        raise LookupError("the room is down")

    kinds.register_keys(broken)
    with pytest.raises(LookupError):
        kinds.keys_of(User(username="hanako"))
