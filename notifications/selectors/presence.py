"""Who reads a live thread right now: they see it on the page, so no mail follows them."""

from collections.abc import Callable, Collection, Mapping

# By thread key: the keys of the people who have it open now.
Question = Callable[[Collection[str]], Mapping[str, Collection[int]]]

_questions: list[Question] = []


def register(question: Question) -> None:
    """Adds somebody who knows who reads along; the live layer's room calls this when its app is ready."""
    _questions.append(question)


def readers_of(threads: Collection[str]) -> dict[str, set[int]]:
    """By thread: who reads it right now, as far as anybody knows."""
    found: dict[str, set[int]] = {}
    for question in _questions:
        for thread, people in (question(threads) if threads else {}).items():
            found.setdefault(thread, set()).update(people)
    return found
