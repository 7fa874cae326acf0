"""The board of the demo city: issues that citizens of Kanazawa really sent in, with believable talk."""

import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from io import BytesIO

from PIL import Image, ImageDraw, ImageFilter

from accounts.models import User
from accounts.services import keep_skills
from associations.models import Association
from core.demo import Scale
from core.photos import Photo, cleaned
from core.times import tokyo_today
from issues.models import Category, Issue, IssueDraft, Post, Stage
from issues.selectors.filters import Filters
from issues.services import drafts, parts, talk
from issues.services import issues as acts
from issues.services.saved import save_filter

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
    """An issue and what people say to it: (user name, text, number of the post that is answered or 0)."""

    author: str
    category: str
    title: str
    question: str
    text: str
    tags: tuple[str, ...]
    place: str = ""
    talk: tuple[tuple[str, str, int], ...] = ()
    supporters: tuple[str, ...] = ()
    stage: tuple[str, str, str] | None = None
    answer: tuple[str, str] | None = None
    promised: str = ""
    days: int = 21
    skills: tuple[str, ...] = ()
    pin: tuple[str, str] | None = None
    photo: tuple[Callable[..., None], str] | None = None


Colour = tuple[int, int, int]
WIDTH, HEIGHT = 1200, 900


def _sky(draw: ImageDraw.ImageDraw, top: Colour, bottom: Colour) -> None:
    for y in range(HEIGHT):
        part = min(y / 520, 1)
        mixed = [round(a + (b - a) * part) for a, b in zip(top, bottom, strict=True)]
        draw.line((0, y, WIDTH, y), fill=(mixed[0], mixed[1], mixed[2]))


def _snow(draw: ImageDraw.ImageDraw, chance: random.Random) -> None:
    """A pavement under snow, trodden by one person."""
    _sky(draw, (176, 186, 198), (226, 230, 234))
    for x in range(-40, WIDTH, 190):
        roof = 520 - chance.randint(180, 300)
        wall = chance.choice([(128, 118, 108), (150, 142, 132), (112, 110, 116)])
        draw.rectangle((x, roof, x + 170, 560), fill=wall)
        draw.polygon([(x - 14, roof), (x + 85, roof - 70), (x + 184, roof)], fill=(244, 246, 249))
        for window in (x + 24, x + 100):
            draw.rectangle((window, roof + 40, window + 44, roof + 90), fill=(84, 92, 104))
    draw.rectangle((0, 540, WIDTH, HEIGHT), fill=(232, 235, 240))
    draw.polygon([(480, 540), (700, 540), (1010, 900), (300, 900)], fill=(206, 210, 217))
    draw.polygon([(700, 540), (1200, 540), (1200, 900), (1010, 900)], fill=(104, 106, 112))
    draw.ellipse((-160, 560, 430, 980), fill=(247, 249, 252))
    draw.ellipse((640, 570, 1060, 860), fill=(240, 243, 247))
    for y in range(590, 890, 46):
        near = (y - 540) / 360
        for side in (-30, 30):
            middle = 580 + side * (1 + near) + (y - 540) * 0.12
            half = 12 * (0.6 + near)
            print_of_a_shoe = (middle - half, y - 8, middle + half, y + 12 * near + 4)
            draw.ellipse(print_of_a_shoe, fill=(172, 178, 188))
    for _flake in range(500):
        x, y = chance.randint(0, WIDTH), chance.randint(0, HEIGHT)
        draw.ellipse((x, y, x + 5, y + 5), fill="white")


def _bus_stop(draw: ImageDraw.ImageDraw, chance: random.Random) -> None:
    """Three people with umbrellas at a bus stop in the rain."""
    _sky(draw, (140, 152, 168), (200, 206, 212))
    draw.rectangle((0, 420, WIDTH, 640), fill=(120, 132, 118))
    draw.rectangle((0, 600, WIDTH, HEIGHT), fill=(92, 94, 98))
    draw.rectangle((0, 600, WIDTH, 690), fill=(168, 166, 160))
    for x in range(60, WIDTH, 260):
        draw.rectangle((x, 820, x + 140, 832), fill=(226, 226, 220))
    draw.line((360, 230, 360, 680), fill=(60, 64, 70), width=16)
    draw.ellipse((290, 120, 430, 260), fill=(24, 88, 150))
    draw.ellipse((306, 136, 414, 244), fill=(244, 244, 240))
    draw.rectangle((316, 176, 404, 204), fill=(24, 88, 150))
    draw.rectangle((300, 290, 420, 500), fill=(240, 238, 230))
    for y in range(312, 490, 18):
        draw.line((312, y, 312 + chance.randint(50, 96), y), fill=(110, 110, 110), width=4)
    for x, cloth in ((520, (84, 70, 96)), (610, (60, 86, 100)), (720, (120, 72, 66))):
        draw.pieslice((x - 80, 330, x + 80, 470), 180, 360, fill=cloth)
        draw.line((x, 400, x, 520), fill=(50, 50, 50), width=6)
        draw.ellipse((x - 22, 430, x + 22, 476), fill=(214, 184, 160))
        draw.rounded_rectangle((x - 40, 470, x + 40, 660), 20, fill=cloth)
    for _drop in range(700):
        x, y = chance.randint(0, WIDTH), chance.randint(0, HEIGHT)
        draw.line((x, y, x - 4, y + 22), fill=(206, 212, 220))


def _old_paper(draw: ImageDraw.ImageDraw, chance: random.Random) -> None:
    """Bundles of old paper below a notice on the wall."""
    _sky(draw, (196, 190, 178), (214, 208, 196))
    draw.rectangle((0, 520, WIDTH, HEIGHT), fill=(150, 144, 136))
    shades = [(206, 186, 148), (222, 220, 212), (196, 176, 140), (230, 226, 216), (188, 194, 204)]
    for x, sheets in ((140, 9), (470, 12), (800, 7)):
        for sheet in range(sheets):
            y, shift = 800 - sheet * 36, chance.randint(-8, 8)
            draw.rectangle((x + shift, y - 32, x + 260 + shift, y), fill=chance.choice(shades))
            draw.line((x + shift, y, x + 260 + shift, y), fill=(120, 110, 96), width=3)
        top = 800 - sheets * 36
        draw.line((x + 130, top, x + 130, 800), fill=(240, 240, 236), width=7)
    draw.rectangle((60, 90, 330, 330), fill=(246, 246, 240))
    draw.rectangle((60, 90, 330, 140), fill=(22, 94, 131))
    for y in range(165, 315, 28):
        draw.line((84, y, 84 + chance.randint(120, 220), y), fill=(90, 90, 90), width=7)


def _photo(paint: Callable[..., None]) -> Photo:
    """A picture, slightly out of focus, as a phone takes it; the same on every machine."""
    picture = Image.new("RGB", (WIDTH, HEIGHT))
    paint(ImageDraw.Draw(picture), random.Random(paint.__name__))  # noqa: S311  (no secret)
    buffer = BytesIO()
    picture.filter(ImageFilter.GaussianBlur(2)).save(buffer, "JPEG", quality=88)
    return cleaned(buffer)


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
        (
            (
                "gakusei",
                "一覧がデータになれば、住所を入れると近い順に出るページを**2週間で試作**できます。手伝ってくれる人いますか？",
                0,
            ),
            ("kaicho", "町会の回収日ならすぐ出せます。紙の一覧を写真で送ります。", 1),
            ("hancho", "祖母はスマホを使いません。班の回覧に載る形も残してほしいです。", 0),
            (
                "facili",
                "ここまでで、\n\n- 地図\n- カレンダー\n- 紙\n\nの3つが要る、というところでしょうか。ほかにありますか？",
                0,
            ),
        ),
        ("kaicho", "hancho", "gakusei", "facili"),
        ("facili", Stage.PROTOTYPE, "試作を手伝う仲間が集まった"),
        (
            "ごみ減量推進課",
            "町会別の回収日一覧を、オープンデータで公開します。公開の予定日は12月10日です。",
        ),
        skills=("地図づくり", "プログラミング"),
        pin=("36.55735", "136.67305"),
        photo=(_old_paper, "ひもで縛った古紙の束が三つ。壁に回収の案内が貼ってある"),
    ),
    Topic(
        "hancho",
        "traffic",
        "バスが時間どおりに来ない日が多い",
        "どの停留所で、どんなときに、いちばん困っていますか。",
        "雨や雪の日の朝は、20分以上待つことがあります。病院の予約に間に合わないと困ります。",
        ("バス", "通院", "オープンデータ"),
        "小立野地区町会連合会",
        (
            (
                "jumin",
                "石引1丁目の停留所です。次のバスがどこにいるか、紙の時刻表しか見ない人にも分かる方法がほしいです。",
                0,
            ),
            (
                "gakusei",
                "遅れの記録を1か月集めてみませんか。みんなで書けば、どの便が遅れるか見えてきます。",
                0,
            ),
        ),
        ("jumin", "gakusei"),
        promised="交通政策課",
        skills=("データ集計",),
        pin=("36.54680", "136.68120"),
        photo=(_bus_stop, "雨の停留所で、傘をさした三人がバスを待っている"),
    ),
    Topic(
        "coord",
        "food",
        "フードドライブの在庫と、ほしい物が見えるようにしたい",
        "何が足りていて、何が足りないかを、だれに、どう知らせるとよいでしょうか。",
        "集まる物と、子ども食堂がほしい物が合わないことがあります。在庫を見て持って行けると、むだがありません。",
        ("フードドライブ", "子ども食堂"),
        talk=(("jumin", "お米と缶詰は、いつも足りないと聞きました。", 0),),
        supporters=("jumin", "hancho"),
    ),
    Topic(
        "facili",
        "welfare",
        "耳の聞こえにくい人が、町会の集まりに出やすくしたい",
        "集まりで、何があれば話に入れますか。",
        "総会や防災訓練で、話が聞き取れずに帰ってしまう方がいます。文字で見える方法や、席の工夫を集めたいです。",
        ("聴覚", "総会", "防災"),
        talk=(
            (
                "gakusei",
                "スマートフォンの字幕を大きな画面に出す方法を、授業で試したことがあります。",
                0,
            ),
            ("kaicho", "次の役員会で試してみたいです。何がいりますか。", 1),
        ),
        supporters=("kaicho", "hancho", "jumin"),
        stage=("facili", Stage.RUNNING, "石引2丁目町会の役員会で使い始めた"),
    ),
    Topic(
        "gakusei",
        "food",
        "農業大学校の卒業生が作る野菜を、町なかで買えるようにしたい",
        "どこで、何曜日に、どれくらいの量なら買いたいですか。",
        "卒業して就農した先輩が、売り先に困っています。朝市や町会の行事で売れないでしょうか。",
        ("朝市", "農業", "学生"),
        pin=("36.57160", "136.65620"),
        supporters=("coord",),
    ),
    Topic(
        "kaicho",
        "welfare",
        "民生委員の見守りの記録を、必要な人だけで分かち合いたい",
        "だれが、どこまで知っていれば、安心でしょうか。",
        "紙の記録だけでは、担当が替わるときに伝わりません。個人の情報を守りながら引き継ぐ方法を考えたいです。",
        ("見守り", "個人情報", "防災"),
        talk=(
            ("facili", "「知ってよい人」と「知らせる時」を先に決めてから、道具を選びませんか。", 0),
        ),
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
        skills=("力仕事", "地図づくり"),
        pin=("36.55890", "136.67010"),
        photo=(_snow, "歩道に雪が積もり、人が一人通れるだけの足あとがある"),
    ),
)


def load(scale: Scale) -> str:
    """Puts the topics on the board that are missing; the same for a city of any size."""
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
    _begin_a_draft(people["jumin"], categories)
    _keep_lists(people)
    return f"{len(TOPICS)} issues, {len(new)} of them new"


def _raise(topic: Topic, people: dict[str, User], categories: dict[str, Category]) -> None:
    words = acts.Words(
        title=topic.title,
        text=topic.text,
        question=topic.question,
        category=categories[topic.category],
        tags=topic.tags,
        place=Association.objects.filter(name=topic.place).first() if topic.place else None,
        wanted_skills=topic.skills,
        wanted_by=tokyo_today() + timedelta(days=topic.days),
        decided_by="担当課とファシリテーター",
        consequence="まとめをこのページに載せ、次の一歩を決めます。",
        pin=(Decimal(topic.pin[0]), Decimal(topic.pin[1])) if topic.pin else None,
    )
    photos = [(_photo(topic.photo[0]), topic.photo[1])] if topic.photo else []
    issue = acts.raise_issue(
        actor=people[topic.author], words=words, key=_key(topic.title), photos=photos
    )
    said: list[Post] = []
    for number, (name, source, answered) in enumerate(topic.talk, 1):
        said.append(
            talk.post(
                actor=people[name],
                thread=issue.thread,
                source=source,
                key=_key(f"{topic.title} {number}"),
                answers=said[answered - 1] if answered else None,
            )
        )
    for name in topic.supporters:
        parts.support(actor=people[name], issue=issue, wanted=True)
        if said and said[0].author != people[name]:
            talk.react(actor=people[name], post=said[0], kind="agree", wanted=True)
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


def _keep_lists(people: dict[str, User]) -> None:
    """What a resident, a facilitator and a student look at again and again."""
    keep_skills(actor=people["gakusei"], names=["地図づくり", "プログラミング"])
    keep_skills(actor=people["hancho"], names=["力仕事"])
    district = Association.objects.filter(name="石引地区町会連合会").first()
    for name, title, filters in (
        ("jumin", "石引の課題", Filters(place=district.pk if district else None)),
        ("jumin", "雪のこと", Filters(category="winter")),
        ("facili", "回答を待つ課題", Filters(unanswered=True, order="new")),
        ("gakusei", "わたしにできること", Filters(skills=True)),
    ):
        if filters.narrows and not people[name].saved_filters.filter(name=title).exists():
            save_filter(actor=people[name], name=title, filters=filters, tells=True)


def _begin_a_draft(person: User, categories: dict[str, Category]) -> None:
    key = _key("下書き")
    if IssueDraft.objects.filter(author=person, key=key).exists():
        return
    typed = {
        "title": "公園の水飲み場を、冬の前に直したい",
        "question": "ほかに、こわれている所を知っていますか。",
        "text": "石引の児童公園の水飲み場が、夏から",
        "category": str(categories["other"].pk),
    }
    if not Issue.objects.filter(author=person, key=key).exists():
        drafts.save_draft(actor=person, key=key, typed=typed)


def _key(text: str) -> uuid.UUID:
    return uuid.uuid5(NAMESPACE, text)


def _names() -> set[str]:
    said = {name for topic in TOPICS for name, _source, _answered in topic.talk}
    return (
        {topic.author for topic in TOPICS}
        | said
        | {"shiyakusho", "facili", "coord", "kaicho", "hancho", "gakusei", "jumin"}
    )
