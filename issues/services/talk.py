"""The acts of a talk: post, edit, withdraw, hide, show again, react.

Lock protocol: every act that adds an event locks the thread's row first (:func:`_locked`), and nothing else, so
that the numbers of posts and events have no gap and no two acts wait for each other in a circle.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core import audit, live
from core.errors import Conflict, DomainError, NotAllowed, NotFound
from core.richtext import to_html
from core.text import visible
from issues import rules
from issues.models import Event, Issue, Post, PostVersion, Reaction, ReadPosition, Thread
from issues.models.thread import LONGEST_POST
from issues.selectors.frames import frames_of
from issues.services import finding
from issues.services.heat import warm_up

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
) -> Post:
    """Says something in a thread. Repeating the call with the same key gives the same post.

    Args:
        source: small Markdown, 1 to 5,000 characters.
        key: made by the client for this one act.
        answers: the post that this one replies to; a reply to a reply joins the same branch.
        quotes: the post that is quoted.

    Raises:
        NotAllowed: not signed in, or the thread is closed.
        DomainError: the text is empty or too long, or the other post is of another thread.
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
        html=to_html(source),
        posted_at=now,
        key=key,
    )
    _add_event(thread, Event.Kind.POSTED, made)
    _note_activity(thread, now)
    finding.index_post(made)
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
    post.source, post.html, post.edited_at = source, to_html(source), timezone.now()
    post.save(update_fields=["source", "html", "edited_at"])
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
    if not reason.strip():
        raise DomainError(_("Please write the reason. The author will read it."))
    return _change_state(
        actor,
        post,
        Post.State.HIDDEN,
        Event.Kind.HIDDEN,
        rules.may_moderate(actor),
        reason=reason.strip(),
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
    return post


@transaction.atomic
def mark_read(*, actor: User, thread: Thread, number: int) -> None:
    """Remembers that the person has read up to post ``number``; never moves backwards."""
    position, created = ReadPosition.objects.get_or_create(
        thread=thread, person=actor, defaults={"number": number}
    )
    if not created and position.number < number:
        ReadPosition.objects.filter(pk=position.pk, number__lt=number).update(number=number)


def note_stage(*, thread: Thread) -> None:
    """Tells the readers of a thread that its issue has moved on; call it in the transaction of that act, at its end."""
    _add_event(_locked(thread), Event.Kind.STAGE, None)


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
    post.state = state
    post.save(update_fields=["state"])
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
