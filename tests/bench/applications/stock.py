"""The city behind Django's own ASGI handler: what ``core.asgi.OneHopHandler`` is measured against."""

from django.conf import settings
from django.core.handlers.asgi import ASGIHandler

from config import asgi
from core.asgi import BodyLimit

# The real door was opened first: applications are loaded, and what it does for the process is done.
assert asgi.application
application = BodyLimit(ASGIHandler(), limit=settings.MAX_BODY_BYTES)
