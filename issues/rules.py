"""Who may do what on the board. Views, templates, sockets and services ask these same predicates."""

from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from accounts.rules import is_city_staff, is_facilitator
from issues.models import Issue, Post, Stage, Thread

Reader = User | AnonymousUser


def may_follow_live(person: Reader, thread: Thread) -> bool:
    """Hear at once what happens in a thread: whoever may read its issue, and everybody may, signed in or not.

    A thread without an issue belongs to another room, and is none of ours to open.
    """
    return hasattr(thread, "issue")


def may_take_part(person: Reader) -> bool:
    """Post an issue, say "me too", follow: whoever is signed in."""
    return person.is_authenticated and person.is_active


def may_post(person: Reader, thread: Thread) -> bool:
    """Post in a thread, and react to posts: signed in, while the thread is open."""
    return may_take_part(person) and thread.is_open


def may_edit_issue(person: Reader, issue: Issue) -> bool:
    """Change the words of an issue: its author, until it is closed."""
    return may_take_part(person) and issue.author_id == person.pk and issue.stage != Stage.CLOSED


def may_change_post(person: Reader, post: Post) -> bool:
    """Edit or withdraw a post: its author, while it is shown."""
    return may_take_part(person) and post.author_id == person.pk and post.state == Post.State.SHOWN


def may_moderate(person: Reader) -> bool:
    """Hide posts and show them again."""
    return may_take_part(person) and (is_facilitator(person) or is_city_staff(person))


def may_change_stage(person: Reader, issue: Issue) -> bool:
    """Move an issue to another stage: its author, facilitators and city staff."""
    return may_take_part(person) and (issue.author_id == person.pk or may_moderate(person))


def may_answer_officially(person: Reader) -> bool:
    """Promise and give official answers: city staff."""
    return may_take_part(person) and is_city_staff(person)
