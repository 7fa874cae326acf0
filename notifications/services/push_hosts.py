"""Which addresses are push services. A browser names its own, so anybody could name a machine inside our network."""

from urllib.parse import urlsplit

from django.conf import settings


def is_push_service(endpoint: str) -> bool:
    """Whether an endpoint leads to one of the push services in ``WEB_PUSH_SERVICES``.

    An entry is a host (``fcm.googleapis.com``), all hosts below one (``.push.apple.com``), both with https at its
    usual port, or a whole origin (``http://127.0.0.1:8025``) for tests.
    """
    try:
        address = urlsplit(endpoint)
        port = address.port
    except ValueError:
        return False
    if f"{address.scheme}://{address.netloc}" in settings.WEB_PUSH_SERVICES:
        return True
    host = address.hostname or ""
    if address.scheme != "https" or port not in {None, 443} or address.username is not None:
        return False
    return any(
        host == service or (service.startswith(".") and host.endswith(service))
        for service in settings.WEB_PUSH_SERVICES
    )
