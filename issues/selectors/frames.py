"""What the readers of a thread are told of an event: rendered once, the same for everybody.

A frame holds the state of *now*, not that of the event: a client that was away is never told the words of a post that
was hidden meanwhile. What is in words is there in each of the three languages (docs/adr/0011); what belongs to one
reader, such as the buttons of one's own post, the page has itself.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import ngettext

from core import live
from issues.models import Event, Issue, Post, Reaction, Thread
from issues.selectors.issue import steps_of
from issues.selectors.timeline import moment_of_stage

Frame = dict[str, Any]


def frames_of(thread: Thread, events: Iterable[Event]) -> Sequence[live.Event]:
    """The frames of some events of one thread, in their order.

    Args:
        thread: with the counts of now.
        events: their posts are looked at with author and answered post; load those beforehand for many.
    """
    # A post that was edited ten times is rendered once, since each frame tells of now.
    rendered: dict[int, Frame] = {}
    framed = []
    for event in events:
        post = event.post
        if event.kind == Event.Kind.STAGE:
            frame = _stage_frame(thread)
        elif post is None:
            frame = {}
        elif event.kind == Event.Kind.REACTED:
            frame = {"post": post.number, "counts": _counts(post)}
        else:
            if post.pk not in rendered:
                rendered[post.pk] = _post_frame(thread, post)
            frame = rendered[post.pk]
        framed.append(live.Event(event.number, {"kind": event.kind, **frame}))
    return framed


def _post_frame(thread: Thread, post: Post) -> Frame:
    return {
        "post": post.number,
        "author": post.author_id,
        "answers": post.answers.number if post.answers else None,
        "state": post.state,
        "head": _in_each_language("issues/post.html#head", post=lambda: post),
        "body": _in_each_language("issues/post.html#body", post=lambda: post),
        "counts": _counts(post),
        "posts": _each_language(
            lambda: (
                ngettext("%(number)s post", "%(number)s posts", thread.post_count)
                % {"number": thread.post_count}
            )
        ),
    }


def _stage_frame(thread: Thread) -> Frame:
    issue = Issue.objects.filter(thread=thread).first()
    # It may have been deleted since.
    if issue is None:
        return {}
    changes = list(issue.stage_changes.select_related("actor"))
    steps = steps_of(issue, changes)
    return {
        "stage": issue.stage,
        "steps": _in_each_language("issues/steps.html", steps=lambda: steps),
        # All of them: whoever was away may have missed several, and this frame tells of now.
        "way": [
            _in_each_language("issues/moment.html", moment=partial(moment_of_stage, change))
            for change in changes
        ],
    }


def _counts(post: Post) -> dict[str, int]:
    """How many chose each reaction; nothing for a tombstone."""
    if post.state != Post.State.SHOWN:
        return {}
    return {kind: getattr(post, f"{kind}_count") for kind in Reaction.Kind.values}


def _in_each_language(template: str, **context: Callable[[], object]) -> str | dict[str, str]:
    """A template in each language; what stands in it is asked for in each, as it may hold words."""
    return _each_language(
        lambda: render_to_string(
            template, {name: value() for name, value in context.items()}
        ).strip()
    )


def _each_language(say: Callable[[], str]) -> str | dict[str, str]:
    """By language, or simply the text if it is the same in all of them, as people's own words are."""
    said = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            said[language] = say()
    texts = set(said.values())
    return texts.pop() if len(texts) == 1 else said
