"""Japanese text in any amount, the same every time, with words whose frequency is known.

The mixture is set so that a document has about as many different pairs of characters as municipal notices
of its length have (140 in 212 characters, counted over open data of two cities and over translated manuals):
that is what an index by pairs grows with.
"""

import random
from collections.abc import Iterator
from itertools import accumulate

# Word → share of the documents that hold it. None of them arises by accident from the lists below.
PLANTED = {
    "清掃": 0.18,
    "図書": 0.03,
    "停電": 0.002,
    "地域清掃": 0.05,
    "粗大回収": 0.0026,
}


def _words(text: str) -> list[str]:
    return text.split()


_TOPICS = _words(
    "町会 班長 会長 役員 総会 会費 回覧板 掲示板 集会所 公民館 防災 訓練 避難所 消火栓 除雪 雪かき 融雪 "
    "屋根雪 側溝 街灯 防犯灯 見守り 登校 児童 通学路 横断歩道 信号 歩道 段差 公園 遊具 花壇 草刈り 落ち葉 "
    "ごみ 分別 集積場 資源回収 空き家 空き地 駐車場 自転車 用水 河川 橋 坂道 バス停 路線 時刻表 運転手 "
    "高齢者 敬老会 健康体操 買い物 配食 介護 相談 民生委員 子ども会 夏祭り 盆踊り 獅子舞 神輿 運動会 文化祭 "
    "餅つき 学生 大学 研究室 実習 発表会 見学 交流 国際 通訳 日本語教室 写真展 講演会 体験会 説明会 工事 "
    "水道 下水道 断水 電柱 騒音 熊 猪 鳥獣 猫 犬 散歩 図面 条例 補助金 予算 決算 監査 申請書 名簿 個人情報 "
    "アンケート ボランティア スマートフォン パソコン ホームページ カメラ センサー データ イベント コミュニティ "
    "センター グループ メンバー マンション アパート パトロール ベンチ トイレ ルール メール サロン ポスター "
    "ワークショップ フリーマーケット カラオケ ダンス コンサート バザー テント テーブル マイク プリンター"
)
_PLACES_FIRST = "石小長寺泉森浅卯鳴戸額三芳安山西東北南本上下中新大高平川野木松竹梅橋宮金米玉花春瀬熊糸尾香栗湯若"
_PLACES_SECOND = "引立町山本野馬辰和坂水原川田島津崎谷沢口池浜岡村瀬里井丘台見森江倉屋塚城部代"
_PLACES_THIRD = (
    "",
    "",
    "",
    "町",
    "町会",
    "公民館",
    "小学校",
    "中学校",
    "公園",
    "地区",
    "校下",
    "一丁目",
    "二丁目",
)
_LATIN = _words("Wi-Fi LINE SNS AED GPS PDF QR Bus Zoom ICT Web SDGs NPO FAX Tel Excel YouTube")
_LINKS = _words("の に を は が で と も から まで より について として による のため への という")
_PREDICATES = _words(
    "を行います を開催します をお願いします に参加してください を募集しています についてご相談ください "
    "が必要ではないでしょうか が困っているそうです を見かけました を直してほしいと思います は来週になりました "
    "をありがとうございました が足りないと感じています を一緒に考えませんか に集まりましょう を配ります "
    "はどなたでも参加できます が使えるようになりました を確かめておきます は中止になることがあります "
    "をもう一度話し合いたいです が助かったとの声がありました には申し込みがいりません を忘れずに持ってきてください"
)
_OPENINGS = _words(
    "みなさん、 ところで、 先日の話ですが、 昨年と同じように、 もしよければ、 お忙しいところすみませんが、 "
    "おはようございます。 こんにちは。 お知らせです。 賛成です。 それなら、 できれば、 雨のときは、"
)


def documents(count: int, *, length: int = 200, seed: int = 7) -> Iterator[tuple[str, str]]:
    """Titles and texts, the latter of about ``length`` characters; the same for the same arguments."""
    chance = random.Random(seed)
    weights = list(accumulate(1 / (rank + 8) for rank in range(len(_TOPICS))))
    for number in range(count):
        topics = chance.choices(_TOPICS, cum_weights=weights, k=6)
        planted = [word for word, share in PLANTED.items() if chance.random() < share]
        text = ""
        while len(text) < length or planted:
            text += _sentence(chance, topics, planted.pop() if planted else None)
        yield f"{_place(chance)}の{topics[0]}（{number}）", text


def _sentence(chance: random.Random, topics: list[str], planted: str | None) -> str:
    draw = chance.random
    words = [chance.choice(topics), chance.choice(_LINKS)]
    if draw() < 0.45:
        words = [_place(chance), chance.choice(_LINKS), *words]
    if draw() < 0.25:
        words += [
            f"{chance.randint(1, 12)}月{chance.randint(1, 31)}日",
            chance.choice(("に", "（土）", "、")),
        ]
    if draw() < 0.12:
        words += [chance.choice(_LATIN), chance.choice(_LINKS)]
    words += [planted or chance.choice(topics), chance.choice(_PREDICATES), "。"]
    if draw() < 0.3:
        words.insert(0, chance.choice(_OPENINGS))
    return "".join(words)


def _place(chance: random.Random) -> str:
    return (
        chance.choice(_PLACES_FIRST) + chance.choice(_PLACES_SECOND) + chance.choice(_PLACES_THIRD)
    )
