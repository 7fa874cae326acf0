"""The administration shows the tree and changes nothing in it."""

import pytest
from django.test import Client

from accounts.models import User
from associations.models import Association
from associations.services import cover_town
from tests.associations.conftest import SmallCity


@pytest.mark.parametrize("model", ["association", "town"])
def test_an_administrator_reads_the_tree_but_cannot_change_it_there(
    city: SmallCity, administrator: User, client: Client, model: str
) -> None:
    town = cover_town(
        actor=None, association=city.association, name="石引2丁目", postal_code="9200935"
    )
    row = {"association": city.association, "town": town}[model]
    client.force_login(administrator)
    listed = client.get(f"/admin/associations/{model}/", {"q": "石引2丁目"})
    assert "石引2丁目" in listed.content.decode()
    assert client.get(f"/admin/associations/{model}/{row.pk}/change/").status_code == 200
    for address in ("add/", f"{row.pk}/delete/"):
        assert client.get(f"/admin/associations/{model}/{address}").status_code == 403
    before = list(Association.objects.values())
    client.post(f"/admin/associations/{model}/{row.pk}/change/", {"name": "別名"})
    assert list(Association.objects.values()) == before


def test_who_belongs_to_which_household_is_not_listed_there(
    city: SmallCity, administrator: User, client: Client
) -> None:
    client.force_login(administrator)
    for model in ("household", "householdmember"):
        assert client.get(f"/admin/associations/{model}/").status_code == 404
