"""The long talk of the demo city: two weeks of snow on the way to school, about 150 posts."""

from collections.abc import Iterator
from itertools import cycle

from issues.demo.said import Said

_OPENING = (
    Said(
        "facili",
        "まずは、**どの道が、何時に、どれくらい**困るかを、この話し合いに書いていきませんか。集まったら地図にします。",
        agree="jumin maeda kaicho hancho",
    ),
    Said(
        "maeda",
        "小2と年長の母です。石引1丁目の坂が毎朝こわいです。車道を歩くしかなくて、子どもの手を離せません。",
        agree="jumin kitagawa hancho ogawa matsui",
    ),
    Said(
        "nishida",
        "わしは朝5時に起きとる。道具を貸してくれたら、坂の半分はやるよ。腰が痛い日は休むけど。",
        answers=2,
        agree="kaicho jumin",
        thanks="maeda jumin facili hancho",
    ),
    Said(
        "gakusei",
        "大学の寮から歩いて10分です。前の晩に「あすお願い」と分かれば、5人くらいで行けます。",
        agree="facili maeda nishida",
        thanks="maeda jumin",
    ),
    Said(
        "kaicho",
        "町会の倉庫にスコップが12本、ママさんダンプが3台あります。鍵は班長さんに預けます。",
        thanks="nishida gakusei hancho",
    ),
    Said(
        "shiyakusho",
        "道路管理課です。歩道の除雪は、通学路の**優先区間**から入ります。優先区間の図を、このあと載せます。",
        thanks="facili kaicho maeda",
    ),
    Said(
        "yoshida",
        "優先区間に入っとらん道は、後回しいうことか？",
        answers=6,
        agree="nishida",
        unsure="ogawa",
    ),
    Said(
        "shiyakusho",
        "はい、機械が入るのは優先区間が先です。ただ、声の多い所は来年の図で見直します。この話し合いの記録を使わせてください。",
        answers=6,
        agree="facili",
        thanks="yoshida maeda",
        before="はい、優先区間が先です。",
    ),
    Said(
        "hancho",
        "では、記録は「場所・時刻・深さ」の順で書きましょうか。まねしやすいように。",
        agree="facili maeda gakusei",
    ),
    Said(
        "facili",
        "@中村和子さんの書き方で行きましょう。書ける日だけ、一行で大丈夫です。",
        quotes=9,
        thanks="hancho",
    ),
)

_PLACES = (
    "石引1丁目の坂",
    "石引2丁目の角の酒屋前",
    "小立野の交差点",
    "用水の橋の上",
    "小学校の裏門",
    "バス停の前",
    "公園の南側",
    "消防分団の前",
    "病院へ上がる道",
)
_STATES = (
    "くるぶしまで。歩けます",
    "膝下。長靴でもぎりぎり",
    "凍ってつるつる。砂がほしい",
    "除雪車の残した壁で、歩道に入れない",
    "きれいになっていました。感謝",
    "片側だけ通れる。ベビーカーは無理",
    "とけて水たまり。帰りに凍りそう",
)
_REPORTERS = (
    *("jumin", "maeda", "hancho", "kitagawa", "matsui", "ogawa"),
    *("nishida", "hashimoto", "kimura"),
)
_TIMES = ("6時50分", "7時5分", "7時15分", "7時20分", "7時30分")

# What people say between the reports.
# What is answered, as so many posts before: nobody, the report just before, or what was said before six reports.
_EVERYBODY, _REPORT, _BEFORE = 0, -1, -7
_BETWEEN = (
    (_REPORT, "nishida", "そこは今から行く。15分で通れるようにする。"),
    (_REPORT, "maeda", "助かりました！ 子どもが「道がある」と喜んでいました。"),
    (
        _EVERYBODY,
        "gakusei",
        "記録を地図にしてみました。赤い所が3日続けて困った場所です。ご意見ください。",
    ),
    (
        _REPORT,
        "kaicho",
        "砂は倉庫の右の棚に4袋あります。使った人は、残りの数をここに書いてください。",
    ),
    (
        _EVERYBODY,
        "takahashi",
        "外に出られないので、玄関から「おはよう」と声をかけています。手を振ってくれる子がいて、元気が出ます。",
    ),
    (_REPORT, "hashimoto", "写真を撮っておいてもらえると、市への説明に使えます。"),
    (
        _EVERYBODY,
        "facili",
        "1週間で、困った場所は「坂」「橋の上」「裏門」の3つにしぼれてきました。合っていますか？",
    ),
    (_REPORT, "kitagawa", "わたしも通りました。あの壁、大人でもまたげません。"),
    (
        _EVERYBODY,
        "ran",
        "雪は初めてです。歩き方を教えてください。足の裏をぜんぶつけて、ゆっくり、ですか？",
    ),
    (_BEFORE, "jumin", "そう、ペンギンみたいに小さく歩くと転びにくいですよ。"),
    (_EVERYBODY, "ogawa", "夜勤明けで7時に帰ります。その時間なら、裏門を少しやれます。"),
    (
        _EVERYBODY,
        "matsui",
        "あすは資源ごみの日と重なります。出す場所も空けないと、歩けなくなりそう。",
    ),
    (
        _REPORT,
        "shiyakusho",
        "この場所は、きょうの午後に機械が入ります。場所の書き込みが役に立ちました。",
    ),
    (
        _EVERYBODY,
        "kimura",
        "若い人ばかりに頼んで申し訳ない。終わったら、うちの前で甘酒を用意します。",
    ),
    (_BEFORE, "gakusei", "甘酒、楽しみにしています。あすは4人で行きます。"),
    (_EVERYBODY, "yoshida", "文句ばかり言うたが、けさは道が開いとった。礼を言う。"),
    (_BEFORE, "kaicho", "吉田さん、ありがとう。スコップ1本、あなたの分も出しておきます。"),
    (
        _EVERYBODY,
        "hancho",
        "班の当番表を作りました。都合の悪い日は、となりの人と代わってください。",
    ),
)

_CLOSING = (
    Said("matsui", "まちがえて二度送りました。", withdrawn=True),
    Said(
        "facili",
        "2週間の記録から、まとめの案です。\n\n1. 坂と橋の上は、前の晩に学生へ連絡する\n2. 裏門は、班の当番で7時まで\n"
        "3. 深さ20センチからは、市の機械を待つ\n\nこれで来週やってみて、また直しませんか。",
        agree="jumin maeda nishida kaicho hancho gakusei kitagawa ogawa",
        unsure="yoshida",
        thanks="shiyakusho kaicho",
    ),
    Said(
        "yoshida",
        "20センチは、だれが測るんや。",
        answers=-1,
        agree="nishida",
    ),
    Said(
        "gakusei",
        "橋の手すりに目盛りの棒を付けませんか。写真を撮れば、だれでも分かります。",
        answers=-2,
        agree="yoshida facili kaicho maeda",
        thanks="yoshida",
    ),
    Said(
        "nishida",
        "竹でよければ、わしが作る。",
        answers=-3,
        agree="gakusei kaicho",
        thanks="facili gakusei",
    ),
    Said(
        "maeda",
        "@西田勇さん、@小立野健太さん、本当にありがとうございます。子どもたちがお礼の絵をかいています。",
        agree="jumin hancho",
        thanks="nishida gakusei",
    ),
)
_LENGTH = 150


def _reports() -> Iterator[str]:
    for number, (place, time, state) in enumerate(
        zip(cycle(_PLACES), cycle(_TIMES), cycle(_STATES), strict=False)
    ):
        day = number // 8 + 1
        yield f"{day}日目、{place}、{time}。{state}。"


def _days() -> Iterator[Said]:
    between = iter(_BETWEEN)
    for number, (author, report) in enumerate(zip(cycle(_REPORTERS), _reports(), strict=False)):
        thanks = "jumin" if "感謝" in report and author != "jumin" else ""
        yield Said(author, report, thanks=thanks)
        if number % 6 == 5 and (said := next(between, None)):
            answered, who, text = said
            yield Said(who, text, answers=answered, agree="facili" if who != "facili" else "")


def _whole() -> tuple[Said, ...]:
    middle = _LENGTH - len(_OPENING) - len(_CLOSING)
    days = _days()
    return (*_OPENING, *(next(days) for _ in range(middle)), *_CLOSING)


# A negative number answers the post so many places before.
SNOW = _whole()
