"""What people may be called: rules as properties over any text, and the names of real people that must pass."""

import unicodedata

import pytest
from django.core.exceptions import ValidationError
from hypothesis import assume, example, given
from hypothesis import strategies as st

from accounts.models import Role, checked_display_name, validators_for_everybody
from accounts.models.names import imitates_an_office
from core.text import one_line

OFFICES = [
    *(
        "市役所",
        "金沢市役所 広報",
        "市職員",
        "市の職員です",
        "事務局",
        "よりあい事務局",
        "運営",
        "運営スタッフ",
    ),
    *(
        "管理者",
        "サイト管理者",
        "ファシリテーター",
        "ファシリテータ",
        "ﾌｧｼﾘﾃｰﾀｰ",
        "コーディネーター",
        "公式",
    ),
    *(
        "モデレーター",
        "よりあい",
        "よりあい公式",
        "金沢市",
        "金沢市 広報課",
        "市長",
        "金沢市長",
        "スタッフ",
    ),
    *(
        "admin",
        "Admin",
        "Administrator",
        "ADMIN さん",
        "root",
        "Yoriai",
        "yoriai",
        "City Hall",
        "Kanazawa City",
    ),
    *("Kanazawa-shi", "moderator", "facilitator", "staff", "Official", "Support"),
]
DISGUISES = [
    *(
        "市 役 所",
        "市・役・所",
        "【市役所】",
        "★運営★",
        "巿役所",
        "菅理者",
        "亊務局",
        "運營",
        "市\u200b役\u200b所",
    ),
    *(
        "フアシリテ一タ一",
        "ふぁしりてーたー",
        "ファシリテ～ター",
        "аdmin",
        "АDМІN",
        "adm1n",
        "@dmin",
        "a.d.m.i.n",
    ),
    *(
        "a d m i n",
        "adrnin",
        "ａｄｍｉｎ",
        "r00t",
        "$taff",
        "st4ff",
        "kanazawa.shi",
        "yor1ai",
        "ѕtaff",
    ),
]
HONEST = [
    *(
        "石引 花子",
        "花",
        "金沢 花子",
        "市川 海老蔵",
        "役所 広司",
        "長町の山田",
        "町会長 山田",
        "古市 長太郎",
    ),
    *(
        "金沢市民の会",
        "金沢市在住 田中",
        "Vlad Minowa",
        "Ahmad Minhaj",
        "badminton 好き",
        "バドミントン部",
    ),
    *(
        "Kanazawa Shiho",
        "Rooter",
        "Stafford",
        "Mod Suzuki",
        "長田",
        "学校事務 佐藤",
        "行政書士 鈴木",
        "👵 うめ",
    ),
    *(
        "O'Brien",
        "José",
        "Nguyễn Thị Ánh",
        "김철수",
        "李小龍",
        "𠮷野家",
        "Zoë 3",
        "よりあい大好き太郎",
    ),
]


@pytest.mark.parametrize("name", [*OFFICES, *DISGUISES])
def test_nobody_looks_like_an_office_that_they_do_not_hold(name):
    with pytest.raises(ValidationError) as refused:
        checked_display_name(name)
    assert refused.value.code == "reserved"


@pytest.mark.parametrize("name", HONEST)
def test_honest_names_pass(name):
    assert checked_display_name(name) == name


@pytest.mark.parametrize("name", OFFICES)
@pytest.mark.parametrize("role", [Role.CITY_STAFF, Role.ADMINISTRATOR])
def test_the_citys_own_people_may_be_called_what_they_are(name, role):
    assert checked_display_name(name, roles=[role]) == one_line(unicodedata.normalize("NFC", name))


@pytest.mark.parametrize(
    ("name", "role", "passes"),
    [
        ("ファシリテーター 森本", Role.FACILITATOR, True),
        ("ファシリテーター 森本", Role.COORDINATOR, False),
        ("ファシリテーター 森本", Role.STUDENT, False),
        ("コーディネーター 浅野", Role.COORDINATOR, True),
        ("コーディネーター 浅野", Role.FACILITATOR, False),
        ("よりあい事務局 森本", Role.FACILITATOR, True),
        ("市役所 森本", Role.FACILITATOR, False),
        ("管理者", Role.COORDINATOR, False),
    ],
)
def test_each_office_bears_its_own_words_only(name, role, passes):
    assert imitates_an_office(name, roles=[role]) is not passes


def tidy_or_refused(text: str) -> str | None:
    """The checked name; None if it is refused with a sentence."""
    try:
        return checked_display_name(text)
    except ValidationError as refusal:
        sentences = refusal.messages
    assert all(sentence.strip() for sentence in sentences)
    return None


@given(st.text(max_size=120))
@example("うめ\nよし\tこ")
@example("\u202eadmin")
@example("e" + "\u0301" * 40)
@example("\ud83d".encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
def test_a_name_that_passes_is_one_line_of_visible_characters(text):
    name = tidy_or_refused(text)
    assume(name is not None)
    assert name is not None
    assert 1 <= len(name) <= 50
    assert name == name.strip()
    assert not any(unicodedata.category(character) in {"Cc", "Zl", "Zp"} for character in name)
    assert not any(
        character in name for character in "\u200b\u200e\u200f\u202a\u202e\u2066\u2800\ufeff"
    )
    assert any(unicodedata.category(character)[0] in "LN" for character in name)


@given(st.text(max_size=120))
def test_checking_twice_changes_nothing(text):
    name = tidy_or_refused(text)
    assume(name is not None)
    assert name is not None
    assert checked_display_name(name) == name


invisible = st.sampled_from(["\u200b", "\u00ad", "\u2060", "\u202e", "\ufeff"])
decoration = st.sampled_from(["", " ", "　", "・", "★", "【", "】", "-", "_", "."])


@given(
    office=st.sampled_from(["市役所", "運営", "事務局", "管理者", "ファシリテーター", "市職員"]),
    before=st.sampled_from(["", "石引", "花子 ", "☆"]),
    after=st.sampled_from(["", "です", " 花子", "★"]),
    data=st.data(),
)
def test_no_decoration_hides_an_office(office, before, after, data):
    disguised = "".join(
        character + data.draw(invisible | decoration, label="between") for character in office
    )
    assert imitates_an_office(before + disguised + after)


@given(
    office=st.sampled_from(["admin", "staff", "root", "moderator", "yoriai", "shiyakusho"]),
    data=st.data(),
)
def test_no_digits_capitals_or_width_hide_an_office(office, data):
    alike = {"a": "aA4ａА", "i": "iI1lі", "o": "oO0оο", "s": "sS5ѕ", "t": "tT7", "e": "eE3е"}
    written = "".join(
        data.draw(st.sampled_from(alike.get(letter, letter + letter.upper()))) for letter in office
    )
    written += data.draw(st.sampled_from(["", "1", "99", "_1", "-x"]))
    assert imitates_an_office(written)


def may_choose(username: str) -> bool:
    """Whether somebody may choose this user name for themselves."""
    try:
        for validator in validators_for_everybody:
            validator(username)
    except ValidationError:
        return False
    return True


@given(st.text(alphabet="abcXYZ019_.-:!é花\n", max_size=12))
@example(":0")
def test_a_user_name_that_passes_has_plain_characters_only(text):
    assume(may_choose(text))
    assert text.isascii()
    assert set(text.lower()) <= set("abcdefghijklmnopqrstuvwxyz0123456789_.-")


@pytest.mark.parametrize(
    "name",
    [
        "hanako",
        "badminton_hanako",
        "kanazawa.hanako",
        "kanazawashiho",
        "vlad.minowa",
        "h.yamada",
        "mail-taro",
    ],
)
def test_honest_user_names_pass(name):
    assert may_choose(name)


@pytest.mark.parametrize(
    "name",
    [
        "admin",
        "admin99",
        "the-admin",
        "r00t",
        "ro.ot",
        "yoriai",
        "yoriai_official",
        "kanazawa-shi",
        "cityhall",
        "city",
        "me",
        "api",
        "null",
        "noreply",
        "shiyakush0",
        "k4nazawa-city",
        "unei",
        "jimukyoku2",
        "staff_1",
    ],
)
def test_reserved_user_names_are_refused(name):
    assert not may_choose(name)
