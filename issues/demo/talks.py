"""What people say below the issues of the demo city."""

from collections.abc import Mapping, Sequence

from issues.demo.said import Said
from issues.demo.snow import SNOW

PAPER = (
    Said(
        "gakusei",
        "一覧がデータになれば、住所を入れると近い順に出るページを**2週間で試作**できます。手伝ってくれる人いますか？",
        agree="jumin hancho kitagawa hashimoto matsui",
        thanks="jumin kaicho ogawa",
    ),
    Said(
        "kaicho",
        "町会の回収日ならすぐ出せます。紙の一覧を写真で送ります。",
        answers=1,
        agree="gakusei jumin",
        thanks="gakusei facili jumin",
        photo="石引地区の町会ごとの回収日を書いた、紙の一覧",
    ),
    Said(
        "hancho",
        "祖母はスマホを使いません。班の回覧に載る形も残してほしいです。",
        agree="kimura takahashi kaicho jumin yoshida",
    ),
    Said(
        "kimura",
        "うちも同じです。冷蔵庫に貼れる大きさの紙が一枚あれば十分。字は大きめでお願いします。",
        answers=3,
        agree="hancho takahashi",
        thanks="hancho",
    ),
    Said(
        "facili",
        "ここまでで、\n\n- 地図\n- カレンダー\n- 紙\n\nの3つが要る、というところでしょうか。ほかにありますか？",
        agree="gakusei kaicho jumin",
        unsure="nishida",
    ),
    Said(
        "ran",
        "はじめまして。日本に来て2年です。ごみの紙は漢字が多くて、読むのに時間がかかります。"
        "やさしい日本語の紙もあると、とてもうれしいです。",
        agree="facili gakusei jumin coord kitagawa",
        thanks="facili",
    ),
    Said(
        "facili",
        "@グエンティランさん、ありがとうございます。「やさしい日本語の紙」も入れましょう。"
        "読みにくい言葉があったら、教えてもらえますか。",
        answers=6,
        thanks="ran",
    ),
    Said(
        "nishida",
        "スーパーの回収ボックスは、店によって段ボールがだめな所もありますよ。何が出せるかも書かないと、結局持ち帰ることになる。",
        agree="jumin hancho yoshida ogawa",
        before="スーパーの回収ボックスは、段ボールがだめです。",
    ),
    Said(
        "gakusei",
        "なるほど、「場所」と「曜日」だけでなく「何が出せるか」もですね。試作の表に列を足します。",
        quotes=8,
        thanks="nishida",
    ),
    Said(
        "yoshida", "そもそも市が全部集めればいい話じゃないのか。", disagree="kaicho", unsure="jumin"
    ),
    Said(
        "shiyakusho",
        "ごみ減量推進課に確かめました。町会別の回収日一覧は、表の形で公開できます。"
        "店舗の回収ボックスは各店の協力によるものなので、載せてよいか一店ずつ確認が必要です。",
        agree="gakusei facili",
        thanks="jumin gakusei kaicho hancho",
    ),
    Said(
        "hashimoto",
        "店への確認、手分けしませんか。ぼくは小立野の3店に聞いてみます。",
        answers=11,
        agree="gakusei jumin matsui",
        thanks="shiyakusho gakusei",
    ),
    Said("matsui", "では石引の2店はわたしが。週末に行ってきます。", answers=11, thanks="hashimoto"),
    Said("ogawa", "すみません、別の課題に書くつもりでした。", withdrawn=True),
    Said(
        "yoshida",
        "何度言っても分からない役所だ。担当の名前をここに書いてやろうか。",
        hidden="担当者個人への非難と、名前をさらすという書き込みのため。困っている内容は、もう一度お書きください。",
    ),
    Said(
        "facili",
        "きつい言葉になったときは、いったん深呼吸しましょう。困っている中身は、いつでも歓迎です。",
        agree="jumin kaicho hancho",
    ),
    Said(
        "jumin",
        "@小立野健太さん、試作を見ました！ 住所を入れるだけで出るのは助かります。"
        "@森本由美さん、次の集まりで皆さんに見てもらえませんか。",
        agree="kaicho hancho",
        thanks="gakusei",
    ),
)

BUS = (
    Said(
        "jumin",
        "石引1丁目の停留所です。次のバスがどこにいるか、紙の時刻表しか見ない人にも分かる方法がほしいです。",
        agree="hancho kimura takahashi",
    ),
    Said(
        "gakusei",
        "遅れの記録を1か月集めてみませんか。みんなで書けば、どの便が遅れるか見えてきます。",
        agree="jumin maeda hashimoto",
        unsure="yoshida",
    ),
    Said(
        "takahashi",
        "病院が10時なので、いつも2本早いのに乗ります。待合室で1時間待つのは、この年にはこたえます。",
        agree="jumin kimura hancho ogawa",
    ),
    Said(
        "maeda",
        "高橋さんと同じ便です。雨の日の8時12分は、この1か月で時間どおりだったのが2回だけでした。",
        answers=3,
        quotes=3,
        thanks="takahashi gakusei",
    ),
    Said(
        "gakusei",
        "その記録、写真で送ってもらえませんか。表に打ち込みます。",
        answers=4,
        thanks="maeda",
    ),
    Said(
        "nishida",
        "運転手さんも大変だ。遅れを責めるより、減便しないでほしいと言うほうが先では。",
        agree="kimura yoshida",
        disagree="maeda",
        unsure="jumin",
    ),
    Said(
        "facili",
        "「遅れを知らせる」と「便を守る」は、分けて考えるとよさそうです。まず、知らせる方法から集めましょうか。",
        agree="jumin gakusei nishida",
    ),
)

FOOD = (
    Said("jumin", "お米と缶詰は、いつも足りないと聞きました。", agree="coord kitagawa"),
    Said(
        "coord",
        "そうなんです。反対に、そうめんとお茶は夏のあと余ります。月に一度「いま足りない物」を貼り出すだけでも違います。",
        answers=1,
        agree="jumin hancho",
        thanks="jumin",
    ),
    Said(
        "kitagawa",
        "子ども食堂を手伝っています。アレルギーの表示が残っている物だと、使いやすいです。",
        agree="coord jumin maeda",
        thanks="coord",
    ),
)

HEARING = (
    Said(
        "gakusei",
        "スマートフォンの字幕を大きな画面に出す方法を、授業で試したことがあります。",
        agree="facili kaicho",
        thanks="kaicho takahashi",
    ),
    Said("kaicho", "次の役員会で試してみたいです。何がいりますか。", answers=1),
    Said(
        "gakusei",
        "マイクと、画面につなぐ線が1本。会場にテレビはありますか。",
        answers=1,
        thanks="kaicho",
    ),
    Said(
        "takahashi",
        "補聴器をしていても、何人も一度に話すと聞こえません。**一人ずつ、手を挙げてから**話してもらえたら。",
        agree="facili kaicho hancho jumin kimura",
    ),
    Said(
        "kaicho",
        "役員会で字幕を使いました。「初めて最後までおった」と言う人がいて、うれしかったです。",
        agree="gakusei facili jumin",
        thanks="gakusei takahashi",
        before="役員会で字幕を使いました。好評でした。",
    ),
)

RECORDS = (
    Said(
        "facili",
        "「知ってよい人」と「知らせる時」を先に決めてから、道具を選びませんか。",
        agree="kaicho shiyakusho",
    ),
    Said(
        "kimura",
        "見守られる側です。何を書かれているか、本人が見られるようにしてほしい。",
        agree="facili kaicho takahashi hancho",
    ),
    Said(
        "shiyakusho",
        "福祉政策課です。名簿の共有には本人の同意が要ります。同意の様式を、ここで一緒に見直せたらと思います。",
        thanks="kaicho kimura",
    ),
)

TALKS: Mapping[str, Sequence[Said]] = {
    "古紙の回収場所が、すぐ分かるようにしたい": PAPER,
    "バスが時間どおりに来ない日が多い": BUS,
    "フードドライブの在庫と、ほしい物が見えるようにしたい": FOOD,
    "耳の聞こえにくい人が、町会の集まりに出やすくしたい": HEARING,
    "民生委員の見守りの記録を、必要な人だけで分かち合いたい": RECORDS,
    "歩道の除雪が、子どもの通学に間に合わない": SNOW,
}
