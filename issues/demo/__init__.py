"""The board of the demo city: issues that citizens of Kanazawa really sent in, with believable talk."""

import uuid
from dataclasses import dataclass
from datetime import timedelta

from accounts.models import User
from associations.models import Association
from core.demo import Scale
from core.times import tokyo_today
from issues.demo import conversation, neighbours
from issues.demo.talks import TALKS
from issues.models import Category, Issue, Stage
from issues.services import issues as acts
from issues.services import parts

NAMESPACE = uuid.UUID("5f1c2f6e-6f0b-4d0e-9a57-0d8a4c2b9e11")

CATEGORIES = (
    ("waste", "環境・ごみ", "ごみ", "Waste and environment"),
    ("traffic", "交通・道路", "バス・道", "Traffic and roads"),
    ("welfare", "福祉・見守り", "助け合い", "Welfare"),
    ("food", "食・農", "食べもの", "Food and farming"),
    ("winter", "雪", "雪", "Snow"),
    ("other", "そのほか", "そのほか", "Other"),
)


@dataclass(frozen=True)
class Topic:
    """An issue of the demo city; what people say to it stands in ``talks``."""

    author: str
    category: str
    title: str
    question: str
    text: str
    tags: tuple[str, ...]
    place: str = ""
    supporters: tuple[str, ...] = ()
    stage: tuple[str, str, str] | None = None
    answer: tuple[str, str] | None = None
    promised: str = ""
    days: int = 21


TOPICS = (
    Topic(
        "jumin",
        "waste",
        "古紙の回収場所が、すぐ分かるようにしたい",
        "どこに、何曜日に出せるかを、どう知りたいですか。地図、カレンダー、LINE？",
        "引っ越してきてから、雑誌やダンボールをどこへ持って行けばよいか分からず困りました。"
        "町会ごとの日と、スーパーの回収ボックスが別々の紙に書いてあります。\n\n"
        "同じように困っている人は多いと思います。",
        ("ごみ", "オープンデータ", "地図"),
        "石引地区町会連合会",
        ("kaicho", "hancho", "gakusei", "facili"),
        ("facili", Stage.PROTOTYPE, "試作を手伝う仲間が集まった"),
        (
            "ごみ減量推進課",
            "町会別の回収日一覧を、オープンデータで公開します。公開の予定日は12月10日です。",
        ),
    ),
    Topic(
        "hancho",
        "traffic",
        "バスが時間どおりに来ない日が多い",
        "どの停留所で、どんなときに、いちばん困っていますか。",
        "雨や雪の日の朝は、20分以上待つことがあります。病院の予約に間に合わないと困ります。",
        ("バス", "通院"),
        "小立野地区町会連合会",
        ("jumin", "gakusei"),
        promised="交通政策課",
    ),
    Topic(
        "coord",
        "food",
        "フードドライブの在庫と、ほしい物が見えるようにしたい",
        "何が足りていて、何が足りないかを、だれに、どう知らせるとよいでしょうか。",
        "集まる物と、子ども食堂がほしい物が合わないことがあります。在庫を見て持って行けると、むだがありません。",
        ("フードドライブ", "子ども食堂"),
        supporters=("jumin", "hancho"),
    ),
    Topic(
        "facili",
        "welfare",
        "耳の聞こえにくい人が、町会の集まりに出やすくしたい",
        "集まりで、何があれば話に入れますか。",
        "総会や防災訓練で、話が聞き取れずに帰ってしまう方がいます。文字で見える方法や、席の工夫を集めたいです。",
        ("聴覚", "総会", "防災"),
        supporters=("kaicho", "hancho", "jumin"),
        stage=("facili", Stage.RUNNING, "石引2丁目町会の役員会で使い始めた"),
    ),
    Topic(
        "gakusei",
        "food",
        "農業大学校の卒業生が作る野菜を、町なかで買えるようにしたい",
        "どこで、何曜日に、どれくらいの量なら買いたいですか。",
        "卒業して就農した先輩が、売り先に困っています。朝市や町会の行事で売れないでしょうか。",
        ("朝市", "農業"),
        supporters=("coord",),
    ),
    Topic(
        "kaicho",
        "welfare",
        "民生委員の見守りの記録を、必要な人だけで分かち合いたい",
        "だれが、どこまで知っていれば、安心でしょうか。",
        "紙の記録だけでは、担当が替わるときに伝わりません。個人の情報を守りながら引き継ぐ方法を考えたいです。",
        ("見守り", "個人情報"),
        supporters=("hancho",),
    ),
    Topic(
        "jumin",
        "winter",
        "歩道の除雪が、子どもの通学に間に合わない",
        "どの道を、何時までに、だれとならできますか。",
        "朝7時半の通学の時間に、歩道の雪が残っています。場所を地図にして、手伝える人を募りたいです。",
        ("除雪", "通学路", "学生"),
        "石引地区町会連合会",
    ),
)


def load(scale: Scale) -> str:
    """Puts the topics on the board that are missing; the same for a city of any size."""
    neighbours.load()
    people = {user.username: user for user in User.objects.filter(username__in=_names())}
    categories = {
        slug: Category.objects.get_or_create(
            slug=slug,
            defaults={"name": name, "name_easy": easy, "name_en": english, "position": position},
        )[0]
        for position, (slug, name, easy, english) in enumerate(CATEGORIES)
    }
    new = [topic for topic in TOPICS if not Issue.objects.filter(key=_key(topic.title)).exists()]
    for topic in new:
        _raise(topic, people, categories)
    return f"{len(TOPICS)} issues, {len(new)} of them new"


def _raise(topic: Topic, people: dict[str, User], categories: dict[str, Category]) -> None:
    words = acts.Words(
        title=topic.title,
        text=topic.text,
        question=topic.question,
        category=categories[topic.category],
        tags=topic.tags,
        place=Association.objects.filter(name=topic.place).first() if topic.place else None,
        wanted_by=tokyo_today() + timedelta(days=topic.days),
        decided_by="担当課とファシリテーター",
        consequence="まとめをこのページに載せ、次の一歩を決めます。",
    )
    issue = acts.raise_issue(actor=people[topic.author], words=words, key=_key(topic.title))
    conversation.hold(issue, TALKS.get(topic.title, ()), people, _key)
    for name in topic.supporters:
        parts.support(actor=people[name], issue=issue, wanted=True)
    office = people["shiyakusho"]
    if topic.stage:
        actor, stage, reason = topic.stage
        acts.change_stage(actor=people[actor], issue=issue, stage=stage, reason=reason)
    if topic.answer:
        acts.answer_officially(
            actor=office, issue=issue, body=topic.answer[0], text=topic.answer[1]
        )
    if topic.promised:
        due = tokyo_today() + timedelta(days=14)
        acts.promise_answer(actor=office, issue=issue, body=topic.promised, due_on=due)


def _key(text: str) -> uuid.UUID:
    return uuid.uuid5(NAMESPACE, text)


def _names() -> set[str]:
    said = {name for talk in TALKS.values() for one in talk for name in one.names()}
    supporters = {name for topic in TOPICS for name in topic.supporters}
    return {topic.author for topic in TOPICS} | supporters | said | {"shiyakusho"}
