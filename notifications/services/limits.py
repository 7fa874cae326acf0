"""How often something may be done, counted in the cache in fixed windows."""

import contextlib
import time

from django.core.cache import cache

from core.errors import TooMany


def spend(act: str, who: object, *, times: int, seconds: int) -> None:
    """Counts one more time.

    Args:
        act: what is counted.
        who: for whom it is counted.
        times: how often within a window.
        seconds: how long a window is.

    Raises:
        TooMany: that was once too often.
    """
    key = _key(act, who, seconds)
    cache.add(key, 0, seconds)
    count = times + 1
    with contextlib.suppress(ValueError):
        count = cache.incr(key)
    if count > times:
        raise TooMany


def refuse_if_spent(act: str, who: object, *, times: int, seconds: int) -> None:
    """Counts nothing; for acts of which only the failed ones are counted.

    Raises:
        TooMany: nothing is left of this window.
    """
    if cache.get(_key(act, who, seconds), 0) >= times:
        raise TooMany


def _key(act: str, who: object, seconds: int) -> str:
    return f"notifications:limit:{act}:{who}:{int(time.time() // seconds)}"
