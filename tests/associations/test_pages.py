"""The pages of the tree: open to everybody, flat in queries, nothing personal on them."""

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from associations import selectors
from associations.models import Association
from associations.services import (
    HouseholdOutline,
    NodeOutline,
    cover_town,
    found_association,
    import_households,
    import_tree,
    join_household,
    register_household,
)
from core.errors import DomainError
from tests.associations.conftest import SmallCity

Kind = Association.Kind


@pytest.fixture
def page(client: Client, db: None) -> Callable[[str], str]:
    """Reads a page as a guest, in Japanese."""

    def read(address: str) -> str:
        response = client.get(address, HTTP_ACCEPT_LANGUAGE="ja")
        assert response.status_code == 200
        return response.content.decode()

    return read


Read = Callable[[str], str]


def city_of(districts: int, *, associations: int = 0) -> dict[tuple[str, ...], int]:
    """A federation with districts, the first of them with associations of one block each."""
    return import_tree(
        actor=None,
        outline=NodeOutline(
            Kind.CITY,
            "市連",
            children=[
                NodeOutline(
                    Kind.DISTRICT,
                    f"地区{number}",
                    children=[
                        NodeOutline(
                            Kind.ASSOCIATION, f"町会{n}", children=[NodeOutline(Kind.BLOCK, "1班")]
                        )
                        for n in range(associations if number == 0 else 0)
                    ],
                )
                for number in range(districts)
            ],
        ),
    )


def test_a_guest_finds_the_way_from_the_district_to_the_block(city: SmallCity, page: Read) -> None:
    register_household(actor=None, block=city.first_block, label="1班-1")
    cover_town(actor=None, association=city.association, name="石引2丁目", postal_code="9200935")
    index = page("/associations/")
    assert f'href="/associations/{city.district.pk}/">石引地区町会連合会<' in index
    assert "石引2丁目町会" not in index
    district = page(f"/associations/{city.district.pk}/")
    assert f'href="/associations/{city.association.pk}/">石引2丁目町会<' in district
    association = page(f"/associations/{city.association.pk}/")
    for fact in (
        "石引地区町会連合会",
        "いしびき2ちょうめちょうかい",
        "石引2丁目",
        "〒920-0935",
        "1班",
    ):
        assert fact in association
    assert f'href="/associations/{city.first_block.pk}/"' in association
    assert "石引2丁目町会" in page(f"/associations/{city.first_block.pk}/")


def test_households_are_counted_for_the_whole_branch_and_for_each_child(city: SmallCity) -> None:
    for number in range(3):
        register_household(actor=None, block=city.first_block, label=f"1班-{number}")
    register_household(actor=None, block=city.second_block, label="2班-1")
    facts = selectors.public_facts(city.association.pk)
    assert facts.households == 4
    assert [branch.households for branch in facts.children.branches] == [3, 1]
    assert [b.households for b in selectors.public_facts(city.district.pk).children.branches] == [4]
    assert selectors.public_facts(city.federation.pk).households == 4


def test_nothing_personal_stands_on_the_pages(city: SmallCity, page: Read, resident: User) -> None:
    household = register_household(actor=None, block=city.first_block, label="角の青い家")
    join_household(actor=None, household=household, person=resident)
    for node in Association.objects.all():
        text = page(f"/associations/{node.pk}/")
        for secret in ("角の青い家", "石引 花子", "jumin"):
            assert secret not in text


@pytest.mark.parametrize("address", ["/associations/", "/associations/{pk}/"])
def test_a_page_costs_the_same_queries_for_3_and_for_300_children(
    db: None, client: Client, address: str
) -> None:
    counted = []
    for children in (3, 300):
        keys = city_of(children, associations=children)
        where = address.format(pk=keys["市連", "地区0"])
        client.get(where)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(where).status_code == 200
        counted.append(len(queries))
    assert counted[0] == counted[1]
    # Six of its own and one of each room that has a part on the page: the board.
    assert counted[0] <= 8


@pytest.mark.parametrize("query", ["町会", ""])
def test_a_search_costs_the_same_queries_for_3_and_for_300_hits(
    db: None, client: Client, query: str
) -> None:
    counted = []
    for associations in (3, 300):
        city_of(2, associations=associations)
        with CaptureQueriesContext(connection) as queries:
            client.get("/associations/", {"q": query})
        counted.append(len(queries))
    assert counted[0] == counted[1] <= 2


@pytest.mark.parametrize(
    "query",
    [
        "石引",
        "いしびき",
        "イシビキ",
        "石引二丁目",
        "石引２丁目",
        "920-0935",
        "９２００９３５",
        "920ー09",
        "920",
    ],
)
def test_an_association_is_found_by_name_reading_town_or_postal_code(
    city: SmallCity, page: Read, query: str
) -> None:
    cover_town(actor=None, association=city.association, name="石引2丁目", postal_code="9200935")
    found_association(actor=None, kind=Kind.ASSOCIATION, name="遠くの町会", parent=city.district)
    text = page(f"/associations/?q={query}")
    assert f"/associations/{city.association.pk}/" in text
    assert "遠くの町会" not in text


def test_an_association_is_found_by_a_town_that_is_not_in_its_name(
    city: SmallCity, page: Read
) -> None:
    cover_town(
        actor=None,
        association=city.association,
        name="飛梅町",
        kana="とびうめちょう",
        postal_code="9200938",
    )
    assert "石引2丁目町会" in page("/associations/?q=トビウメ")


def test_a_search_finds_districts_and_associations_but_no_blocks(city: SmallCity) -> None:
    assert [b.node for b in selectors.search("石引").branches] == [city.district, city.association]
    assert selectors.search("1班").branches == []


@pytest.mark.parametrize("query", ["%", "_", "\\", "'", '"><script>', "あ" * 100])
def test_odd_queries_find_nothing_and_break_nothing(
    city: SmallCity, client: Client, query: str
) -> None:
    response = client.get("/associations/", {"q": query})
    assert response.status_code == 200
    text = response.content.decode()
    assert f"/associations/{city.district.pk}/" not in text
    assert "<script>" not in text


def test_a_query_that_is_too_long_is_answered_in_words(db: None, client: Client) -> None:
    response = client.get("/associations/", {"q": "あ" * 101}, HTTP_ACCEPT_LANGUAGE="en")
    assert response.status_code == 400
    assert "at most 100 characters" in response.content.decode()


def test_what_is_not_active_any_more_is_not_shown_nor_what_stands_below_it(
    city: SmallCity, client: Client
) -> None:
    Association.objects.filter(pk=city.association.pk).update(is_active=False)
    for node in (city.association, city.first_block):
        assert client.get(f"/associations/{node.pk}/").status_code == 404
    assert "石引2丁目町会" not in client.get(f"/associations/{city.district.pk}/").content.decode()
    assert city.association not in [b.node for b in selectors.search("石引").branches]


@pytest.mark.parametrize("pk", ["0", "987654321", "9" * 30, "-1", "abc", "1.5"])
def test_an_address_without_an_association_is_not_found(
    city: SmallCity, client: Client, pk: str
) -> None:
    assert client.get(f"/associations/{pk}/").status_code == 404


@pytest.mark.parametrize(
    "cursor",
    ["x", "0001000", "00010001\n", "000%", "zzzz", "'; DROP TABLE", "0001" * 11, "１２３４"],
)
def test_a_cursor_that_is_none_is_a_bad_request(
    city: SmallCity, client: Client, cursor: str
) -> None:
    for address in ("/associations/", f"/associations/{city.district.pk}/"):
        response = client.get(address, {"after": cursor})
        assert response.status_code == 400
    assert client.get("/associations/", {"after": cursor, "q": "石引"}).status_code == 400


def test_a_cursor_of_another_list_shows_nothing_of_that_list(city: SmallCity) -> None:
    city_of(3)
    facts = selectors.public_facts(city.association.pk, after="0002")
    assert facts.children.branches == []


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_the_pages_are_only_for_reading(city: SmallCity, client: Client, method: str) -> None:
    assert getattr(client, method)("/associations/").status_code == 405
    assert getattr(client, method)(f"/associations/{city.district.pk}/").status_code == 405


def test_an_empty_city_says_what_to_do(page: Read) -> None:
    assert "<form" in page("/associations/")


def every_page(read: Callable[[str], selectors.Page]) -> list[selectors.Page]:
    pages = [read("")]
    while pages[-1].following:
        pages.append(read(pages[-1].following))
    return pages


def test_ten_thousand_children_are_read_page_by_page_each_once(db: None) -> None:
    keys = city_of(10_000)
    root = keys["市連",]
    for pages in (
        every_page(lambda after: selectors.districts(after=after)),
        every_page(lambda after: selectors.public_facts(root, after=after).children),
        every_page(lambda after: selectors.search("地区", after=after)),
    ):
        names = [branch.node.name for page in pages for branch in page.branches]
        assert names == [f"地区{number}" for number in range(10_000)]
        assert {len(page.branches) for page in pages} == {selectors.PAGE_SIZE}


def test_the_next_page_keeps_the_question(db: None, client: Client) -> None:
    city_of(selectors.PAGE_SIZE + 1)
    text = client.get("/associations/", {"q": "地区"}).content.decode()
    following = re.search(r'rel="next" href="([^"]*)"', text)
    assert following is not None
    address = following[1].replace("&amp;", "&")
    last = client.get(f"/associations/{address}").content.decode()
    assert f"地区{selectors.PAGE_SIZE}<" in last
    assert last.count("/associations/") < text.count("/associations/")
    assert 'rel="next"' not in last


def test_a_node_that_goes_meanwhile_makes_nobody_miss_the_next_one(db: None) -> None:
    city_of(selectors.PAGE_SIZE + 1)
    first = selectors.districts()
    gone = first.branches[0].node
    Association.objects.filter(pk=gone.pk).update(is_active=False)
    found = selectors.districts(after=first.following)
    assert [branch.node.name for branch in found.branches] == [f"地区{selectors.PAGE_SIZE}"]


def test_a_cursor_is_refused_by_the_selector_itself(db: None) -> None:
    with pytest.raises(DomainError):
        selectors.districts(after="nonsense")


def test_counting_a_page_of_children_leaves_the_neighbours_out(db: None) -> None:
    keys = city_of(1, associations=selectors.PAGE_SIZE + 1)
    top = ("市連", "地区0")
    import_households(
        actor=None,
        households=[
            HouseholdOutline(keys[*top, f"町会{n}", "1班"], f"1班-{house}", "paper")
            for n in range(selectors.PAGE_SIZE + 1)
            for house in range(n % 3)
        ],
    )
    pages = every_page(lambda after: selectors.public_facts(keys[top], after=after).children)
    assert [branch.households for page in pages for branch in page.branches] == [
        n % 3 for n in range(selectors.PAGE_SIZE + 1)
    ]
