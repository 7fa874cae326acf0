"""The official SDK, with our token and address; loaded only when LINE is spoken to, as it takes a second."""

from collections.abc import Iterator
from contextlib import contextmanager

import urllib3
from django.conf import settings
from linebot.v3.messaging import ApiClient, Configuration, MessagingApi

#: Seconds to connect and to answer.
TIMEOUT = (5, 15)


@contextmanager
def messaging_api() -> Iterator[MessagingApi]:
    """The Messaging API over connections that stay open within the block."""
    configuration = Configuration(
        host=settings.LINE_API_URL, access_token=settings.LINE_MESSAGING_TOKEN
    )
    # Whoever asks knows what may be asked twice.
    configuration.retries = urllib3.Retry(0, redirect=False, raise_on_status=False)
    with ApiClient(configuration) as client:
        yield MessagingApi(client)
