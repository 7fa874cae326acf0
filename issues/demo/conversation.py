"""Lets people hold a talk below an issue of the demo city, spread over two weeks."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from io import BytesIO
from uuid import UUID

from django.utils import timezone
from PIL import Image, ImageDraw

from accounts.models import User
from core.photos import cleaned
from core.times import TOKYO
from issues.demo.said import Said
from issues.models import Issue, Post, PostVersion
from issues.services import talk

DAYS = 13
FACILITATOR = "facili"


def hold(
    issue: Issue, said: Sequence[Said], people: Mapping[str, User], key: Callable[[str], UUID]
) -> None:
    """Says one thing after the other, through the same services as everybody.

    Args:
        key: makes the same key of the same text each time.
    """
    posts: list[Post] = []
    for number, one in enumerate(said, 1):
        posts.append(_say(issue, one, posts, people, key(f"{issue.title} {number}")))
    for post, one in zip(posts, said, strict=True):
        _what_became_of_it(post, one, people)
    _spread(issue, posts)


def _say(
    issue: Issue, one: Said, posts: Sequence[Post], people: Mapping[str, User], key: UUID
) -> Post:
    def at(number: int) -> Post | None:
        # A negative number counts backwards from here.
        return posts[number - 1 if number > 0 else number] if number else None

    photos = [(cleaned(_paper_list()), one.photo)] if one.photo else []
    return talk.post(
        actor=people[one.author],
        thread=issue.thread,
        source=one.before or one.text,
        key=key,
        answers=at(one.answers),
        quotes=at(one.quotes),
        photos=photos,
    )


def _what_became_of_it(post: Post, one: Said, people: Mapping[str, User]) -> None:
    if one.before:
        talk.edit(actor=people[one.author], post=post, source=one.text)
    for kind in ("agree", "disagree", "unsure", "thanks"):
        for name in getattr(one, kind).split():
            talk.react(actor=people[name], post=post, kind=kind, wanted=True)
    if one.withdrawn:
        talk.withdraw(actor=people[one.author], post=post)
    if one.hidden:
        talk.hide(actor=people[FACILITATOR], post=post, reason=one.hidden)


def _spread(issue: Issue, posts: Sequence[Post]) -> None:
    """People talk over days, not in one second; the times fall so that the last was said a little while ago."""
    now = timezone.localtime(timezone=TOKYO)
    latest = now - timedelta(minutes=20)
    for place, post in enumerate(posts, 1):
        moment = latest - timedelta(days=DAYS) * (1 - place / len(posts))
        said = min(_by_day(moment), latest)
        soon = min(said + timedelta(minutes=40), now)
        Post.objects.filter(pk=post.pk).update(posted_at=said)
        Post.objects.filter(pk=post.pk, edited_at__isnull=False).update(edited_at=soon)
        PostVersion.objects.filter(post=post).update(replaced_at=soon)
    Issue.objects.filter(pk=issue.pk).update(posted_at=now - timedelta(days=DAYS + 1))


def _by_day(moment: datetime) -> datetime:
    """The same day, between seven in the morning and nine at night; the order stays."""
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(hours=7) + (moment - midnight) * 14 / 24


def _paper_list() -> BytesIO:
    """Something like a photo of a typed list on paper; drawn, as no photo of the city comes with the code."""
    photo = Image.new("RGB", (960, 720), "#7d6a55")
    paper = Image.new("RGB", (620, 520), "#fbf8ef")
    draw = ImageDraw.Draw(paper)
    draw.rectangle((60, 40, 420, 66), fill="#444")
    for row in range(9):
        top = 110 + row * 42
        draw.line((50, top + 30, 570, top + 30), fill="#bbb", width=2)
        for column, width in ((60, 150 + row % 3 * 20), (280, 90), (430, 60 + row % 4 * 18)):
            draw.rectangle((column, top, column + width, top + 14), fill="#666")
    turned = paper.rotate(4, expand=True, fillcolor="#7d6a55", resample=Image.Resampling.BICUBIC)
    photo.paste(turned, (150, 70))
    buffer = BytesIO()
    photo.save(buffer, "JPEG", quality=80)
    buffer.seek(0)
    return buffer
