"""What the board tells people: its kinds of notification."""

from collections.abc import Collection, Mapping

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from core.richtext import to_plain
from core.times import in_words
from issues.models import Issue, OfficialAnswer, Post, SkillOffer, StageChange
from notifications.kinds import Category, Fact, Kind
from notifications.models import Channel

EVERYWHERE = frozenset(Channel.values)
IN_APP = frozenset({Channel.IN_APP})

TALK = Category(
    slug="talk",
    label=gettext_lazy("Replies and mentions"),
    hint=gettext_lazy("Somebody answers you, quotes you or names you."),
    channels=EVERYWHERE,
    position=10,
)
PROGRESS = Category(
    slug="progress",
    label=gettext_lazy("Progress and official answers"),
    hint=gettext_lazy("An issue that you follow moves on, or the city answers."),
    channels=EVERYWHERE,
    position=20,
)
HELP = Category(
    slug="help",
    label=gettext_lazy("Skills wanted and offered"),
    hint=gettext_lazy(
        "Somebody offers a skill for your issue, or an issue needs what you are good at."
    ),
    channels=EVERYWHERE,
    position=30,
)
FOLLOWED = Category(
    slug="followed",
    label=gettext_lazy("New posts in issues you follow"),
    hint=gettext_lazy("All that is said there. It can be much."),
    channels=IN_APP,
    position=40,
)
SAVED = Category(
    slug="saved",
    label=gettext_lazy("New issues you wanted to hear of"),
    hint=gettext_lazy("A new issue fits a filter that you have saved."),
    channels=IN_APP | {Channel.EMAIL},
    position=50,
)
THANKS = Category(
    slug="thanks",
    label=gettext_lazy("Reactions to your posts"),
    hint=gettext_lazy("Once a day at most for each post."),
    channels=IN_APP,
    position=60,
)


# --- finding: rows with all that wording and permission need ------------------------------------------


def _posts(keys: Collection[int]) -> Mapping[int, Post]:
    return Post.objects.select_related("thread__issue", "author").in_bulk(keys)


def _issues(keys: Collection[int]) -> Mapping[int, Issue]:
    return Issue.objects.select_related("category").in_bulk(keys)


def _stage_changes(keys: Collection[int]) -> Mapping[int, StageChange]:
    return StageChange.objects.select_related("issue").in_bulk(keys)


def _answers(keys: Collection[int]) -> Mapping[int, OfficialAnswer]:
    return OfficialAnswer.objects.select_related("issue").in_bulk(keys)


def _offers(keys: Collection[int]) -> Mapping[int, SkillOffer]:
    return SkillOffer.objects.select_related("issue", "person").in_bulk(keys)


# --- permission: everybody may read issues ------------------------------------------------------------


def _post_is_shown(person: User, post: Post) -> bool:
    return post.state == Post.State.SHOWN


def _always(person: User, about: object) -> bool:
    return True


# --- where it stands ----------------------------------------------------------------------------------


def address_of_post(post: Post) -> str:
    """Where a post is read: the piece of the talk that holds it."""
    address = reverse("issues:detail", args=[post.thread.issue.pk])
    piece = f"?after={max(post.number - 5, 0)}" if post.number > 50 else ""
    return f"{address}{piece}#p{post.number}"


def _address_of_issue(issue: Issue) -> str:
    return reverse("issues:detail", args=[issue.pk])


# --- words --------------------------------------------------------------------------------------------


def _words(fact: Fact, title: str, count: int) -> dict[str, object]:
    return {"name": fact.actor or _("Somebody"), "title": title, "number": count}


def _replied(fact: Fact, count: int) -> str:
    words = _words(fact, fact.about.thread.issue.title, count)
    if count == 1:
        return _("%(name)s replied to you in “%(title)s”") % words
    return _("%(number)d new replies to you in “%(title)s”") % words


def _mentioned(fact: Fact, count: int) -> str:
    words = _words(fact, fact.about.thread.issue.title, count)
    if count == 1:
        return _("%(name)s named you in “%(title)s”") % words
    return _("You were named %(number)d times in “%(title)s”") % words


def _posted(fact: Fact, count: int) -> str:
    words = _words(fact, fact.about.thread.issue.title, count)
    if count == 1:
        return _("%(name)s wrote in “%(title)s”") % words
    return _("%(number)d new posts in “%(title)s”") % words


def _reacted(fact: Fact, count: int) -> str:
    post: Post = fact.about
    counted = "、".join(
        f"{label} {number}" for _kind, label, number in post.reaction_counts if number
    )
    words = {"title": post.thread.issue.title, "counted": counted}
    if not counted:
        return _("Somebody reacted to your post in “%(title)s”") % words
    return _("Your post in “%(title)s”: %(counted)s") % words


def _moved(fact: Fact, count: int) -> str:
    change: StageChange = fact.about
    words = {"title": change.issue.title, "stage": change.get_after_display()}
    return _("“%(title)s” has moved to “%(stage)s”") % words


def _promised(fact: Fact, count: int) -> str:
    answer: OfficialAnswer = fact.about
    words = {"title": answer.issue.title, "body": answer.body}
    if answer.due_on is None:
        return _("%(body)s will answer “%(title)s”") % words
    words["day"] = in_words(answer.due_on)
    return _("%(body)s promises to answer “%(title)s” by %(day)s") % words


def _answered(fact: Fact, count: int) -> str:
    answer: OfficialAnswer = fact.about
    return _("%(body)s has answered “%(title)s”") % {
        "title": answer.issue.title,
        "body": answer.body,
    }


def _fits(fact: Fact, count: int) -> str:
    return _("New, and you wanted to hear of it: “%(title)s”") % {"title": fact.about.title}


def _needs(fact: Fact, count: int) -> str:
    return _("What you are good at would help here: “%(title)s”") % {"title": fact.about.title}


def _offered(fact: Fact, count: int) -> str:
    words = _words(fact, fact.about.issue.title, count)
    if count == 1:
        return _("%(name)s offers a skill for “%(title)s”") % words
    return _("%(number)d people offer skills for “%(title)s”") % words


# --- the kinds ----------------------------------------------------------------------------------------


def _talk(name: str, category: Category, headline: object) -> Kind:
    return Kind(
        name=f"issues.{name}",
        category=category,
        model=Post,
        find=_posts,
        within=lambda post: post.thread.issue,
        may_see=_post_is_shown,
        headline=headline,  # type: ignore[arg-type]
        detail=lambda fact: to_plain(fact.about.source),
        address=address_of_post,
        thread=lambda post: str(post.thread_id),
    )


REPLY = _talk("reply", TALK, _replied)
MENTION = _talk("mention", TALK, _mentioned)
NEW_POST = _talk("new_post", FOLLOWED, _posted)
REACTIONS = _talk("reactions", THANKS, _reacted)
STAGE_CHANGE = Kind(
    name="issues.stage_change",
    category=PROGRESS,
    model=StageChange,
    find=_stage_changes,
    within=lambda change: change.issue,
    may_see=_always,
    headline=_moved,
    detail=lambda fact: fact.about.reason,
    address=lambda change: _address_of_issue(change.issue),
)
ANSWER_PROMISED = Kind(
    name="issues.answer_promised",
    category=PROGRESS,
    model=OfficialAnswer,
    find=_answers,
    within=lambda answer: answer.issue,
    may_see=_always,
    headline=_promised,
    address=lambda answer: _address_of_issue(answer.issue),
)
ANSWER_GIVEN = Kind(
    name="issues.answer_given",
    category=PROGRESS,
    model=OfficialAnswer,
    find=_answers,
    within=lambda answer: answer.issue,
    may_see=_always,
    headline=_answered,
    detail=lambda fact: to_plain(fact.about.text),
    address=lambda answer: _address_of_issue(answer.issue),
)
NEW_ISSUE = Kind(
    name="issues.new_issue",
    category=SAVED,
    model=Issue,
    find=_issues,
    within=lambda issue: issue,
    may_see=_always,
    headline=_fits,
    detail=lambda fact: fact.about.question,
    address=_address_of_issue,
)
SKILL_WANTED = Kind(
    name="issues.skill_wanted",
    category=HELP,
    model=Issue,
    find=_issues,
    within=lambda issue: issue,
    may_see=_always,
    headline=_needs,
    detail=lambda fact: fact.about.question,
    address=_address_of_issue,
)
SKILL_OFFERED = Kind(
    name="issues.skill_offered",
    category=HELP,
    model=SkillOffer,
    find=_offers,
    within=lambda offer: offer.issue,
    may_see=_always,
    headline=_offered,
    detail=lambda fact: fact.about.words,
    address=lambda offer: _address_of_issue(offer.issue),
)
ALL = (
    REPLY,
    MENTION,
    NEW_POST,
    REACTIONS,
    STAGE_CHANGE,
    ANSWER_PROMISED,
    ANSWER_GIVEN,
    NEW_ISSUE,
    SKILL_WANTED,
    SKILL_OFFERED,
)
