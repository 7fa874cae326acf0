"""The households of the demo city and the people in them, all of them invented.

Surnames are names of places in Kanazawa, so that nobody real is meant; given names are common ones.
"""

from collections.abc import Iterator

from accounts.demo import PEOPLE
from associations.demo.chance import draw, share
from associations.demo.plan import AssociationPlan, BlockPlan
from associations.models import Household
from associations.services import HouseholdOutline


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


SURNAMES = _words(
    "石引 小立野 材木 横山 桜町 天神 旭町 扇町 並木 橋場 尾張 下新 主計 大手 涌波 花里 錦町 舘山 永安 菊川 笠舞 "
    "城南 川岸 新竪 本多 広坂 里見 鱗町 杉浦 香林 片町 木倉 高岡 南町 尾山 武蔵 青草 近江 博労 長土 三社 元菊 "
    "芳斉 玉川 昭和 六枚 此花 笠市 堀川 安江 日吉 瓢箪 昌永 京町 彦三 小橋 東山 末広 常盤 卯辰 御影 森山 春日 "
    "大樋 元町 浅野 磯部 沖町 鳴和 小金 山王 高柳 小坂 神谷 三池 乙丸 御所 夕日 長江 釣部 牧町 千木 疋田 柳橋 "
    "百坂 横枕 金市 宮保 今昭 松寺 福久 荒屋 諸江 割出 弓取 須崎 蚊爪 長田 中橋 広岡 大和 戸板 二口 若宮 出雲 "
    "桜田 示野 西念 松村 藤江 畝田 寺中 木曳 無量 鞍月 戸水 大友 近岡 直江 粟崎 五郎 大野 金石 大浦 木越 千田 "
    "才田 八田 湖陽 大場 森本 弥勒 吉原 塚崎 花園 月影 梅田 不動 堅田 深谷 福畠 薬師 岩出 小池 桐山 高坂 牧山 "
    "浅丘 榎尾 千杉 今泉 琴坂 松根 二俣 戸室 俵町 清水 中山 銚子 湯涌 芝原 白見 田上 朝霧 若松 鈴見 角間 末町 "
    "辰巳 寺津 水淵 鴛原 熊走 三小 別所 蓮花 小原 十一 平和 法島 大桑 野田 寺町 泉野 若草 長坂 野町 千日 白菊 "
    "増泉 弥生 泉本 中村 神田 西泉 米泉 糸田 三馬 久安 横川 有松 富樫 山科 円光 窪田 平栗 清瀬 坪野 伏見 寺地 "
    "高尾 米丸 高畠 玉鉾 間明 進和 入江 本江 東力 押野 八日 保古 矢木 古府 松島 黒田 森戸 中屋 福増 北塚 安原 "
    "豊穂 打木 専光 佐奇 赤土 神野 額谷 大額 馬替 光岡 四十万 三十苅"
)
GIVEN_NAMES = _words(
    "一郎 健太 正一 直樹 大輔 翔太 拓也 和也 誠 博 隆 茂 清 勇 進 豊 実 修 浩二 俊介 亮 悠斗 蓮 陽翔 湊 樹 蒼 律 "
    "大和 颯太 健一 洋平 智也 剛 昭 正男 義雄 武 勝 三郎 敏夫 秀樹 康夫 圭介 駿 海斗 悠真 朝陽 新 暖 花子 和子 "
    "由美 幸子 美咲 陽子 恵子 久美子 真由美 裕子 智子 直美 さくら 葵 結衣 陽菜 凛 芽依 紬 澪 咲良 莉子 美月 愛 "
    "千尋 舞 明日香 彩 香織 綾 典子 節子 文子 静江 ふみ 春子 秋子 雪乃 さゆり 弘美 順子 京子 加代 敏子 登美子 "
    "初枝 菊枝 朋子 佳奈 遥 七海 楓 心春 杏 小春"
)

# Who of the demo accounts lives where: association, block, and number of the household in it.
RESIDENTS = {
    ("石引2丁目町会", "3班", 12): "jumin",
    ("石引2丁目町会", "3班", 1): "hancho",
    ("石引2丁目町会", "1班", 1): "kaicho",
    ("小立野1丁目町会", "2班", 5): "gakusei",
}
DISPLAY_NAMES = {person.username: person.display_name for person in PEOPLE}
LIVES_ALONE = {"gakusei"}

# Out of 100 households. Those on paper have no account among them.
ON_PAPER, ON_BOTH = 38, 16
# Of those on paper; nobody has asked the others yet.
SAID_PAPER = 0.55
# Out of 100 other households: accounts of one, two, … people, 2.8 in the mean.
SIGN_IN = (15, 30, 25, 20, 10)
LIVING_AWAY = 0.12
FAR_AWAY_FROM = 4


def households_of(
    association: AssociationPlan, block_ids: dict[str, int]
) -> Iterator[HouseholdOutline]:
    """The households of an association in the order of their labels, from the keys of its blocks."""
    for block in association.blocks:
        yield from households_of_block(association, block, block_ids[block.name])


def households_of_block(
    association: AssociationPlan, block: BlockPlan, block_id: int
) -> Iterator[HouseholdOutline]:
    """The households of one block."""
    for number in range(1, block.households + 1):
        resident = RESIDENTS.get((association.name, block.name, number))
        place = f"{association.number:04}-{block.name.removesuffix('班')}-{number}"
        preference = _preference(place, block, number, resident)
        people = {} if preference == Household.Preference.PAPER else _people(place, resident)
        yield HouseholdOutline(
            block_id=block_id,
            label=f"{block.name}-{number}",
            preference=preference,
            people=people,
            living_away=frozenset(
                name
                for name in list(people)[FAR_AWAY_FROM - 1 :]
                if share("away", name) < LIVING_AWAY
            ),
            has_said=bool(people) or share("said", place) < SAID_PAPER,
        )


def _preference(place: str, block: BlockPlan, number: int, resident: str | None) -> str:
    if resident:
        return Household.Preference.DIGITAL
    if block.on_paper is not None:
        # The last ones of the pictured blocks, whose numbers are known.
        on_paper = number > block.households - block.on_paper
        return Household.Preference.PAPER if on_paper else Household.Preference.DIGITAL
    drawn = draw("preference", place) % 100
    if drawn < ON_PAPER:
        return Household.Preference.PAPER
    return Household.Preference.BOTH if drawn < ON_PAPER + ON_BOTH else Household.Preference.DIGITAL


def _people(place: str, resident: str | None) -> dict[str, str]:
    """Display names by user name: the demo account first, then the family."""
    chance = draw("people", place)
    chance, size_drawn = divmod(chance, 100)
    chance, surname_drawn = divmod(chance, len(SURNAMES))
    surname = DISPLAY_NAMES[resident].split()[0] if resident else SURNAMES[surname_drawn]
    size = 1 if resident in LIVES_ALONE else _size(size_drawn)
    people = {resident: DISPLAY_NAMES[resident]} if resident else {}
    # Steps through the list that never meet, so that nobody shares a name with family.
    step = 1 + chance % (len(GIVEN_NAMES) // len(SIGN_IN))
    for n in range(len(people) + 1, size + 1):
        given = GIVEN_NAMES[(chance // 100 + n * step) % len(GIVEN_NAMES)]
        people[f"k{place}-{n}"] = f"{surname} {given}"
    return people


def _size(drawn: int) -> int:
    for size, part in enumerate(SIGN_IN, 1):
        drawn -= part
        if drawn < 0:
            return size
    return len(SIGN_IN)
