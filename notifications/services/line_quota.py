"""How many messages LINE still takes this month. LINE counts recipients; some plans of cities have no limit."""

import contextlib

import urllib3
from django.core.cache import cache
from linebot.v3.messaging import ApiException, MessagingApi

from notifications.services.line_api import TIMEOUT

SECONDS_BELIEVED = 60
_KEY = "notifications:line-quota"
_NO_LIMIT = -1


def remaining(api: MessagingApi) -> int | None:
    """How many more recipients fit into this month; ``None`` if there is no limit, or LINE does not say.

    Asked at most once a minute; in between our own requests are counted.
    """
    known: int | None = cache.get(_KEY)
    if known is None:
        known = _asked(api)
        cache.set(_KEY, known, SECONDS_BELIEVED)
    return None if known == _NO_LIMIT else max(0, known)


def spent(count: int) -> None:
    """Counts recipients of a request that LINE has taken."""
    known = cache.get(_KEY)
    if known is not None and known != _NO_LIMIT:
        # Expired in between: then LINE is asked anew and counts for us.
        with contextlib.suppress(ValueError):
            cache.decr(_KEY, min(count, known))


def used_up() -> None:
    """LINE has said that nothing more fits into this month."""
    cache.set(_KEY, 0, SECONDS_BELIEVED)


def _asked(api: MessagingApi) -> int:
    try:
        quota = api.get_message_quota(_request_timeout=TIMEOUT)
        if quota.type != "limited" or quota.value is None:
            return _NO_LIMIT
        used = api.get_message_quota_consumption(_request_timeout=TIMEOUT)
    except (ApiException, urllib3.exceptions.HTTPError):
        # Then LINE itself says no when it is asked to send.
        return _NO_LIMIT
    return max(0, int(quota.value) - int(used.total_usage))
