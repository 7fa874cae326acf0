"""The demo city on paper: which associations there are, how many households, in which blocks.

The totals are Kanazawa's (62 districts, 1,346 associations, about 144,300 member households in 2025); how
towns are divided among associations and how large each is, is drawn.
"""

import heapq
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from statistics import NormalDist

from associations.demo.chance import draw, share
from associations.demo.districts import DISTRICTS, District
from associations.demo.towns import PostalTown, towns_of_kanazawa
from associations.services import TownOutline

ASSOCIATIONS = 1_346
HOUSEHOLDS = 144_300

# Associations in every demo city, however small, in this order, with their households: 600 together.
ALWAYS = {
    "石引1丁目町会": 58,
    "石引2丁目町会": 242,
    "石引3丁目町会": 64,
    "石引4丁目町会": 47,
    "小立野1丁目町会": 61,
    "小立野2丁目町会": 49,
    "材木町北町会": 43,
    "材木町南町会": 36,
}
FEDERATION_NAME = "金沢市町会連合会"
# The association of the pictures: households of its six blocks, and how many of them read on paper only.
PICTURED = "石引2丁目町会"
PICTURED_BLOCKS = ((42, 9), (38, 5), (45, 14), (40, 17), (37, 5), (40, 11))


def _numbers(text: str) -> dict[str, int]:
    return {name: int(number) for name, number in (pair.split("=") for pair in text.split())}


# Towns whose number of associations is not drawn: those of ALWAYS, and where everybody knows how many 丁目
# there are.
FIXED_PARTS = _numbers(
    "石引=4 小立野=5 材木町=2 本多町=3 広坂=2 香林坊=2 片町=2 長町=3 尾張町=2 彦三町=2 東山=3 菊川=2 "
    "新竪町=3 本町=2 笠舞=3 野町=5 寺町=5 弥生=3 泉野町=6 平和町=3 泉が丘=2 涌波=4 城南=2 森山=2 天神町=2 "
    "旭町=3 浅野本町=2 長土塀=3 芳斉=2 増泉=5 駅西本町=6 西念=4 広岡=3 鞍月=5 金石西=4 松村=7 藤江北=4 "
    "藤江南=3 米泉町=10 三馬=3 久安=6 横川=7 有松=5 窪=7 泉本町=7 西泉=6"
)
MOST_PARTS = 6
QUARTERS = {
    1: (("", ""),),
    2: (("北", "きた"), ("南", "みなみ")),
    3: (("北", "きた"), ("中", "なか"), ("南", "みなみ")),
    4: (("北", "きた"), ("東", "ひがし"), ("南", "みなみ"), ("西", "にし")),
}
# Where the name ends with a quarter already: 八田町東第一町会.
ORDINALS = (("第一", "だいいち"), ("第二", "だいに"), ("第三", "だいさん"), ("第四", "だいよん"))
# A town divided into 丁目 is larger than one that is not; in the hills none is divided.
WEIGHT_OF_NUMBERED_TOWN = 3

# Sizes follow a log-normal distribution between these bounds, which gives the mean that the totals ask for.
MEDIAN_SIZE, SPREAD = 82, 0.78
SMALLEST, LARGEST = 10, 520
SIZE_IN_THE_HILLS = 0.4

SMALLEST_BLOCK, LARGEST_BLOCK = 10, 20


@dataclass(frozen=True, slots=True)
class BlockPlan:
    """A block and its households; ``on_paper`` of them read on paper only, drawn if ``None``."""

    name: str
    households: int
    on_paper: int | None = None


@dataclass(frozen=True, slots=True)
class AssociationPlan:
    """A neighbourhood association; ``number`` is its place in the whole city, from 1."""

    number: int
    district: District
    name: str
    kana: str
    towns: tuple[TownOutline, ...]
    blocks: tuple[BlockPlan, ...]

    @property
    def households(self) -> int:
        return sum(block.households for block in self.blocks)


@dataclass(frozen=True, slots=True)
class _Part:
    """A town or a part of one, which is an association of its own."""

    district: District
    name: str
    kana: str
    towns: tuple[TownOutline, ...]


def district_name(association: AssociationPlan) -> str:
    """The federation that the association belongs to."""
    return f"{association.district.name}地区町会連合会"


def first_associations(households: int) -> tuple[AssociationPlan, ...]:
    """As many associations from the head of the plan as hold at least ``households``, all if need be."""
    city = whole_city()
    sums = accumulate(association.households for association in city)
    enough = next((count for count, total in enumerate(sums, 1) if total >= households), len(city))
    return city[:enough]


@cache
def whole_city() -> tuple[AssociationPlan, ...]:
    """Every association of the city, district by district, those of :data:`ALWAYS` first."""
    parts = list(_parts())
    places = {name: place for place, name in enumerate(ALWAYS)}
    parts.sort(key=lambda part: places.get(part.name, len(places)))
    sizes = _sizes(parts)
    return tuple(
        AssociationPlan(
            number=number,
            district=part.district,
            name=part.name,
            kana=part.kana,
            towns=part.towns,
            blocks=_blocks(part.name, sizes[part.name]),
        )
        for number, part in enumerate(parts, 1)
    )


def _parts() -> Iterator[_Part]:
    towns = towns_of_kanazawa()
    districts = _districts_of(towns)
    numbers = _numbers_of_parts(towns, districts)
    by_district: dict[str, list[PostalTown]] = {district.name: [] for district in DISTRICTS}
    for town in towns:
        by_district[districts[town.name].name].append(town)
    for district in DISTRICTS:
        order = {name: place for place, name in enumerate(district.towns)}
        for town in sorted(
            by_district[district.name], key=lambda town: order.get(town.name, len(order))
        ):
            yield from _parts_of(town, district, numbers[town.name])


def _parts_of(town: PostalTown, district: District, number: int) -> Iterator[_Part]:
    if town.has_numbers and number > 1:
        suffixes = tuple((f"{n}丁目", f"{n}ちょうめ") for n in range(1, number + 1))
    elif number > 1 and town.name[-1] in "東西南北":
        suffixes = ORDINALS[:number]
    else:
        suffixes = QUARTERS[number]
    for suffix, kana in suffixes:
        # 丁目 belong to the address; quarters are known to the association only.
        named, read = (suffix, kana) if town.has_numbers else ("", "")
        yield _Part(
            district=district,
            name=f"{town.name}{suffix}町会",
            kana=f"{town.kana}{kana}ちょうかい",
            towns=tuple(
                TownOutline(town.name + named, town.kana + read, code) for code in town.postal_codes
            ),
        )


def _districts_of(towns: list[PostalTown]) -> dict[str, District]:
    """The district of each town; a town that is new in the postal list goes with the one before it."""
    known = {name: district for district in DISTRICTS for name in district.towns}
    current = DISTRICTS[0]
    found = {}
    for town in towns:
        current = found[town.name] = known.get(town.name, current)
    return found


def _numbers_of_parts(towns: list[PostalTown], districts: dict[str, District]) -> dict[str, int]:
    """How many associations each town has, :data:`ASSOCIATIONS` together, by highest averages."""
    numbers = {town.name: FIXED_PARTS.get(town.name, 1) for town in towns}
    waiting = [
        (-_weight(town) / 2, draw("parts", town.name), town)
        for town in towns
        if town.name not in FIXED_PARTS and not districts[town.name].in_the_hills
    ]
    heapq.heapify(waiting)
    for _ in range(ASSOCIATIONS - sum(numbers.values())):
        _, order, town = heapq.heappop(waiting)
        numbers[town.name] += 1
        if numbers[town.name] < (MOST_PARTS if town.has_numbers else max(QUARTERS)):
            average = _weight(town) / (numbers[town.name] + 1)
            heapq.heappush(waiting, (-average, order, town))
    return numbers


def _weight(town: PostalTown) -> float:
    return (WEIGHT_OF_NUMBERED_TOWN if town.has_numbers else 1) * (0.5 + share("weight", town.name))


def _sizes(parts: list[_Part]) -> dict[str, int]:
    """Households of each association, :data:`HOUSEHOLDS` together."""
    others = sorted(
        (part for part in parts if part.name not in ALWAYS),
        key=lambda part: (
            share("size", part.name) * (SIZE_IN_THE_HILLS if part.district.in_the_hills else 1)
        ),
    )
    normal = NormalDist()
    sizes = [
        min(
            LARGEST,
            max(
                SMALLEST,
                round(MEDIAN_SIZE * math.exp(SPREAD * normal.inv_cdf((rank + 0.5) / len(others)))),
            ),
        )
        for rank in range(len(others))
    ]
    # The rest that rounding and the bounds leave goes to those of middle size, one each and round again.
    rest = HOUSEHOLDS - sum(ALWAYS.values()) - sum(sizes)
    middle = range(len(sizes) // 4, len(sizes) - len(sizes) // 20)
    for step in range(abs(rest)):
        sizes[middle[step % len(middle)]] += 1 if rest > 0 else -1
    return ALWAYS | {part.name: size for part, size in zip(others, sizes, strict=True)}


def _blocks(association: str, households: int) -> tuple[BlockPlan, ...]:
    if association == PICTURED:
        return tuple(
            BlockPlan(f"{number}班", size, on_paper)
            for number, (size, on_paper) in enumerate(PICTURED_BLOCKS, 1)
        )
    fewest = math.ceil(households / LARGEST_BLOCK)
    most = max(fewest, households // SMALLEST_BLOCK)
    number = fewest + draw("blocks", association) % (most - fewest + 1)
    return tuple(
        BlockPlan(f"{place + 1}班", households // number + (place < households % number))
        for place in range(number)
    )
