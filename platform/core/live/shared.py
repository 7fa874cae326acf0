"""One question at a time: thousands who come back at once ask the database the same."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Generic, TypeVar

Question = TypeVar("Question")
Answer = TypeVar("Answer")


class Shared(Generic[Question, Answer]):
    """Whoever asks while the same question is being answered gets that answer too. Nothing is kept.

    The answer may have been read shortly before it was asked for: only for questions where that is good enough.

    Args:
        ask: answers a question; its exceptions reach everybody who asked.
    """

    def __init__(self, ask: Callable[[Question], Coroutine[Any, Any, Answer]]) -> None:
        self._ask = ask
        self._under_way: dict[Question, asyncio.Task[Answer]] = {}

    async def __call__(self, question: Question) -> Answer:
        answering = self._under_way.get(question)
        if answering is None:
            answering = asyncio.create_task(self._ask(question))
            self._under_way[question] = answering
            answering.add_done_callback(lambda _: self._under_way.pop(question, None))
            answering.add_done_callback(seen)
        # Who goes away takes the answer from nobody.
        return await asyncio.shield(answering)


def seen(task: "asyncio.Task[Any]") -> None:
    """Keeps asyncio from complaining of an error that nobody waits for any more, since all have gone."""
    if not task.cancelled():
        task.exception()
