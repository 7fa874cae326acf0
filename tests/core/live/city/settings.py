"""The city of the tests with one more room, on a database and a Redis of its own, and with little patience."""

from config.settings.test import *  # noqa: F403
from config.settings.test import DATABASES, INSTALLED_APPS, env

INSTALLED_APPS = [*INSTALLED_APPS, "tests.core.live.city.apps.TalkConfig"]
DATABASES["default"]["NAME"] = env.str("TALK_DATABASE")
ASGI_APPLICATION = "tests.core.live.city.asgi.application"
LIVE_LIMITS = {
    "recheck": 1.5,
    "sweep": env.float("TALK_SWEEP", default=1.5),
    "sweep_without_redis": env.float("TALK_SWEEP", default=0.5),
    "heartbeat": 1.0,
    "presence": 0.3,
    "patience": 2.0,
    "most_replayed": 400,
    "most_sockets_of_an_account": 3,
    "poll": 0.3,
}
