"""A bare view: the same bytes from the same Django, without middleware, session, template or database.

The environment says what it answers: ``BARE_PAGE`` is the file with the body, ``BARE_TYPE`` its content type.
"""

import os
from pathlib import Path

import django
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import re_path

settings.configure(
    ROOT_URLCONF=__name__, MIDDLEWARE=[], ALLOWED_HOSTS=["127.0.0.1"], SECRET_KEY="x" * 50
)
django.setup(set_prefix=False)

from django.core.handlers.asgi import ASGIHandler  # noqa: E402

from core.asgi import OneHopHandler  # noqa: E402

PAGE = Path(os.environ["BARE_PAGE"]).read_bytes()
HEADERS = {"Content-Type": os.environ["BARE_TYPE"], "Content-Length": str(len(PAGE))}


def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse(PAGE, headers=HEADERS)


urlpatterns = [re_path("", bare)]
application = ASGIHandler()
one_hop = OneHopHandler(threads=8)
