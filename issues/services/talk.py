"""The acts of a talk: post, edit, withdraw, hide, show again, react.

Lock protocol: every act that adds an event locks the thread's row first (:func:`_locked`), and nothing else, so
that the numbers of posts and events have no gap and no two acts wait for each other in a circle.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core import audit, live
from core.errors import Conflict, DomainError, NotAllowed, NotFound
from core.photos import Photo as CleanedPhoto
from core.richtext import to_html
from core.text import one_line, visible
from issues import rules
from issues.models import (
    Event,
    Issue,
    Mention,
    Post,
    PostVersion,
    Reaction,
    ReadPosition,
    Thread,
)
from issues.models.thread import LONGEST_POST, LONGEST_REASON
from issues.selectors.frames import frames_of
from issues.selectors.mentions import Mentions, people_mentioned_in
from issues.services import finding, telling
from issues.services import photos as arrangement
from issues.services.heat import warm_up
from notifications.services import mark_seen

COUNTERS = {kind: f"{kind}_count" for kind in Reaction.Kind.values}


@transaction.atomic
def post(
    *,
    actor: User,
    thread: Thread,
    source: str,
    key: UUID,
    answers: Post | None = None,
    quotes: Post | None = None,
    photos: Sequence[tuple[CleanedPhoto, str]] = (),
) -> Post:
    """Says something in a thread. Repeating the call with the same key gives the same post.

    Args:
        source: small Markdown, 1 to 5,000 characters.
        key: made by the client for this one act.
        answers: the post that this one replies to; a reply to a reply joins the same branch.
        quotes: the post that is quoted.
        photos: cleaned photos and the words for those who cannot see them, at most six.

    Raises:
        NotAllowed: not signed in, or the thread is closed.
        NotFound: the other post is of another thread, or what is quoted is no longer shown.
        DomainError: the text is empty or too long, or there are too many photos.
    """
    done = Post.objects.filter(author=actor, key=key).first()
    if done is not None:
        return done
    thread = _locked(thread)
    if not rules.may_post(actor, thread):
        raise NotAllowed(_("This discussion is closed. You can still read it."))
    source = _checked(source)
    for other in (answers, quotes):
        if other is not None and other.thread_id != thread.pk:
            raise NotFound
    if quotes is not None and not quotes.is_shown:
        raise NotFound(_("This post is no longer shown, so it cannot be quoted."))
    mentions = people_mentioned_in(thread, source)
    now = timezone.now()
    thread.post_count += 1
    thread.last_post_at = now
    made = Post.objects.create(
        thread=thread,
        number=thread.post_count,
        author=actor,
        # One level of replies: deeper trees cannot be read on a phone.
        answers=(answers.answers or answers) if answers is not None else None,
        quotes=quotes,
        source=source,
        html=to_html(source, marked=mentions.spellings),
        posted_at=now,
        key=key,
    )
    arrangement.add(made, photos)
    mentioned = _mention(made, mentions)
    _note_read(actor, made)
    _add_event(thread, Event.Kind.POSTED, made)
    _note_activity(thread, now)
    finding.index_post(made)
    telling.of_post(made, answered=answers, quoted=quotes, mentioned=mentioned)
    audit.record(actor=actor, act="issues.posted", target=made)
    return made


@transaction.atomic
def edit(*, actor: User, post: Post, source: str, seen_source: str | None = None) -> Post:
    """Changes the words of a post; the earlier ones stay readable.

    Args:
        seen_source: the words that the person had before the eyes when they began.

    Raises:
        NotAllowed: it is somebody else's post, or it is no longer shown.
        Conflict: the post was changed in the meantime.
    """
    thread = _locked(post.thread)
    post = Post.objects.get(pk=post.pk)
    if not rules.may_change_post(actor, post):
        raise NotAllowed
    if seen_source is not None and seen_source != post.source:
        raise Conflict
    source = _checked(source)
    if source == post.source:
        return post
    PostVersion.objects.create(post=post, source=post.source)
    mentions = people_mentioned_in(thread, source)
    post.source, post.edited_at = source, timezone.now()
    post.html = to_html(source, marked=mentions.spellings)
    post.save(update_fields=["source", "html", "edited_at"])
    telling.of_mentions(post, _mention(post, mentions))
    _add_event(thread, Event.Kind.EDITED, post)
    finding.index_post(post)
    audit.record(actor=actor, act="issues.post_edited", target=post)
    return post


@transaction.atomic
def withdraw(*, actor: User, post: Post) -> Post:
    """Takes one's own post back; a tombstone keeps its place.

    Raises:
        NotAllowed: it is somebody else's post, or it is no longer shown.
    """
    return _change_state(
        actor, post, Post.State.WITHDRAWN, Event.Kind.WITHDRAWN, rules.may_change_post(actor, post)
    )


@transaction.atomic
def hide(*, actor: User, post: Post, reason: str) -> Post:
    """Hides a post from everybody; the original stays for the appeal.

    Raises:
        NotAllowed: the actor does not moderate.
        DomainError: no reason was given.
    """
    reason = one_line(reason)[:LONGEST_REASON]
    if not reason:
        raise DomainError(_("Please write the reason. The author will read it."))
    return _change_state(
        actor,
        post,
        Post.State.HIDDEN,
        Event.Kind.HIDDEN,
        rules.may_moderate(actor),
        reason=reason,
    )


@transaction.atomic
def show_again(*, actor: User, post: Post) -> Post:
    """Shows a hidden post again.

    Raises:
        NotAllowed: the actor does not moderate.
    """
    return _change_state(actor, post, Post.State.SHOWN, Event.Kind.SHOWN, rules.may_moderate(actor))


@transaction.atomic
def react(*, actor: User, post: Post, kind: str, wanted: bool) -> Post:
    """Sets or takes back a reaction; of the three stances a person has one at a time.

    Args:
        kind: a value of ``Reaction.Kind``.
        wanted: the state that the person wants; saying it twice changes nothing.

    Raises:
        NotAllowed: not signed in, the thread is closed, or the post is not shown.
        DomainError: there is no such reaction.
    """
    if kind not in Reaction.Kind.values:
        raise DomainError
    thread = _locked(post.thread)
    post = Post.objects.get(pk=post.pk)
    if not rules.may_post(actor, thread) or post.state != Post.State.SHOWN:
        raise NotAllowed
    mine = Reaction.objects.filter(post=post, person=actor)
    had = set(mine.values_list("kind", flat=True))
    if wanted == (kind in had):
        return post
    gone = (
        {kind}
        if not wanted
        else (had & set(Reaction.STANCES) if kind in Reaction.STANCES else set())
    )
    mine.filter(kind__in=gone).delete()
    changes = {COUNTERS[old]: F(COUNTERS[old]) - 1 for old in gone}
    if wanted:
        Reaction.objects.create(post=post, person=actor, kind=kind)
        changes[COUNTERS[kind]] = F(COUNTERS[kind]) + 1
    Post.objects.filter(pk=post.pk).update(**changes)
    post.refresh_from_db()
    _add_event(thread, Event.Kind.REACTED, post)
    if wanted:
        telling.of_reaction(post, actor=actor)
    return post


@transaction.atomic
def mark_read(*, actor: User, thread: Thread, number: int, since: int = 0) -> None:
    """Remembers that the person has read up to post ``number``; never moves backwards, nor beyond the newest post.

    Args:
        since: the first post that the person saw. If unread ones lie before it, the line stays where it is: following
            a link into the middle of a talk is not having read what stands before.

    Raises:
        NotAllowed: not signed in.
    """
    if not rules.may_take_part(actor):
        raise NotAllowed
    newest = Thread.objects.values_list("post_count", flat=True).get(pk=thread.pk)
    number = min(number, newest)
    position = ReadPosition.objects.filter(thread=thread, person=actor).first()
    if number <= 0:
        return
    if position is None:
        ReadPosition.objects.get_or_create(thread=thread, person=actor, defaults={"number": number})
    elif position.number < number and since <= position.number + 1:
        ReadPosition.objects.filter(pk=position.pk, number__lt=number).update(number=number)
    # Whoever has it before the eyes needs no mail about it.
    issue = getattr(thread, "issue", None)
    if issue is not None:
        mark_seen(actor=actor, within=issue)


def note_stage(*, thread: Thread) -> None:
    """Tells the readers of a thread that its issue has moved on; call it in the transaction of that act, at its end."""
    _add_event(_locked(thread), Event.Kind.STAGE, None)


def _mention(post: Post, mentions: Mentions) -> set[int]:
    """Keeps who is called in a post; returns those who were not before."""
    people = {person.pk for person in mentions.people} - {post.author_id}
    called = set(Mention.objects.filter(post=post).values_list("person_id", flat=True))
    if called - people:
        Mention.objects.filter(post=post).exclude(person__in=people).delete()
    Mention.objects.bulk_create(
        [Mention(post=post, person_id=person) for person in people], ignore_conflicts=True
    )
    return people - called


def _note_read(author: User, made: Post) -> None:
    """One's own post is nothing new, unless there is something new before it."""
    ReadPosition.objects.filter(thread=made.thread, person=author, number=made.number - 1).update(
        number=made.number
    )


def _note_activity(thread: Thread, now: datetime) -> None:
    issue_pk = Issue.objects.filter(thread=thread).values_list("pk", flat=True).first()
    # The thread of an event or a project has no issue.
    if issue_pk is not None:
        Issue.objects.filter(pk=issue_pk).update(active_at=now, awaits_answer=False)
        warm_up(issue_pk)


def _change_state(
    actor: User, post: Post, state: Post.State, kind: Event.Kind, allowed: bool, reason: str = ""
) -> Post:
    if not allowed:
        raise NotAllowed
    thread = _locked(post.thread)
    post = Post.objects.get(pk=post.pk)
    if post.state == state:
        return post
    if post.state == Post.State.WITHDRAWN:
        # What its author has taken back nobody brings out again.
        raise Conflict
    post.state, post.hidden_reason = state, reason
    post.save(update_fields=["state", "hidden_reason"])
    _add_event(thread, kind, post)
    finding.index_post(post)
    audit.record(
        actor=actor,
        act=f"issues.post_{kind}",
        target=post,
        detail={"reason": reason} if reason else {},
    )
    return post


def _locked(thread: Thread) -> Thread:
    return Thread.objects.select_for_update().get(pk=thread.pk)


def _add_event(thread: Thread, kind: Event.Kind, post: Post | None) -> None:
    thread.last_event += 1
    thread.save(update_fields=["last_event", "post_count", "last_post_at"])
    event = Event.objects.create(
        thread=thread, number=thread.last_event, kind=kind, post=post, at=timezone.now()
    )
    live.publish("thread", str(thread.pk), frames_of(thread, [event]))


def _checked(source: str) -> str:
    source = visible(source).strip()
    if not source:
        raise DomainError(_("Please write something."))
    if len(source) > LONGEST_POST:
        raise DomainError(_("Please write at most %(count)d characters.") % {"count": LONGEST_POST})
    return source
