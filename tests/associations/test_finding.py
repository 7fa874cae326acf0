"""Associations are found by the search of the house."""

import pytest

from associations.models import Association
from associations.services import add_block, cover_town, found_association
from search.services import rebuild_all


@pytest.fixture
def ishibiki(db):
    city = found_association(actor=None, kind=Association.Kind.CITY, name="市町会連合会")
    node = found_association(
        actor=None, kind=Association.Kind.ASSOCIATION, name="石引2丁目町会", parent=city
    )
    cover_town(
        actor=None, association=node, name="石引2丁目", postal_code="9200935", kana="いしびき"
    )
    add_block(actor=None, association=node, name="石引3班")
    return node


def addresses(client, query):
    page = client.get("/search/", {"q": query}).content.decode()
    return {
        f"/associations/{node.pk}/"
        for node in Association.objects.all()
        if f'"/associations/{node.pk}/"' in page
    }


@pytest.mark.parametrize("query", ["石引", "イシビキ", "2丁目町会", "石引 町会"])
def test_an_association_is_found_by_name_reading_and_town_and_its_blocks_are_not(
    client, ishibiki, query
):
    assert addresses(client, query) == {f"/associations/{ishibiki.pk}/"}


def test_what_does_not_occur_is_not_found(client, ishibiki):
    assert addresses(client, "小立野") == set()


def test_a_rebuild_finds_the_same(client, ishibiki):
    list(rebuild_all(from_scratch=True))
    assert addresses(client, "石引") == {f"/associations/{ishibiki.pk}/"}
