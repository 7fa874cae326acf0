"""What people do in the talk."""

from collections.abc import Sequence

from django.db import transaction

from core import live
from tests.core.live.city.models import Line, Talk


@transaction.atomic
def say(*, key: str, texts: Sequence[str], aloud: bool = True) -> None:
    """Adds lines. Not ``aloud``: as if the process had died between its commit and its word to the others."""
    talk = Talk.objects.select_for_update().get(pk=key)
    numbers = range(talk.last + 1, talk.last + 1 + len(texts))
    Line.objects.bulk_create(
        Line(talk=talk, number=number, text=text)
        for number, text in zip(numbers, texts, strict=True)
    )
    talk.last = numbers[-1]
    talk.save(update_fields=["last"])
    if aloud:
        live.publish(
            "talk",
            key,
            [
                live.Event(number, {"text": text})
                for number, text in zip(numbers, texts, strict=True)
            ],
        )


@transaction.atomic
def hide(*, key: str) -> None:
    """Only members may follow from now on."""
    Talk.objects.filter(pk=key).update(is_hidden=True)
    live.withdraw("talk", key)


@transaction.atomic
def expel(*, key: str, user_id: int) -> None:
    """Takes one member's permission."""
    Talk.objects.get(pk=key).members.remove(user_id)
    live.withdraw("talk", key, [user_id])
