"""Error pages: each says in the person's language what happened and what to do next."""

import sys
from http import HTTPStatus

import redis.exceptions
import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from core.errors import DomainError, Unavailable
from core.log import REQUEST_ID

OUT_OF_REACH = (
    OperationalError,
    InterfaceError,
    redis.exceptions.ConnectionError,
    redis.exceptions.TimeoutError,
)


def _error_page(
    request: HttpRequest, status: HTTPStatus, *, title: str, advice: str
) -> HttpResponse:
    """The page; its small print has the numbers for whoever is asked for help.

    From 500 upwards the page stands alone: the shell asks for the person, and so for the session and the
    database, which may be the very parts that are broken.
    """
    context = {
        "title": title,
        "advice": advice,
        "status": int(status),
        "request_id": structlog.contextvars.get_contextvars().get(REQUEST_ID, ""),
        "site_name": settings.SITE_NAME,
        "city_name": settings.CITY_NAME,
    }
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return HttpResponse(render_to_string("core/error_alone.html", context), status=status)
    return render(request, "core/error.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the address or what was sent cannot be understood."""
    return _error_page(
        request,
        HTTPStatus.BAD_REQUEST,
        title=_("We could not read what was sent"),
        advice=_("Please go back, check the address or what you entered, and try again."),
    )


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: signed in or not, this person may not do this."""
    return _error_page(
        request,
        HTTPStatus.FORBIDDEN,
        title=_("This is not open to you"),
        advice=_(
            "If you think that it should be, please ask an officer of your association or the city."
        ),
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form is too old or came from elsewhere."""
    return _error_page(
        request,
        HTTPStatus.FORBIDDEN,
        title=_("This form is no longer valid"),
        advice=_(
            "It was open for too long, or cookies are switched off. Please go back, reload the page and send it again."
        ),
    )


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: no such page, or none for this person."""
    return _error_page(
        request,
        HTTPStatus.NOT_FOUND,
        title=_("There is no such page"),
        advice=_(
            "It may have been moved or the address may be mistyped. Try the search, or start from Home."
        ),
    )


def body_too_large(request: HttpRequest) -> HttpResponse:
    """413: more than we take at once."""
    megabytes = settings.MAX_BODY_BYTES // (1024 * 1024)
    return _error_page(
        request,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        title=_("That is too large to send"),
        advice=_("Please send at most %(count)d MB at once, for example fewer or smaller pictures.")
        % {"count": megabytes},
    )


def too_many_requests(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """429: more often than anybody does who is not trying doors; allauth's limits end here."""
    return _error_page(
        request,
        HTTPStatus.TOO_MANY_REQUESTS,
        title=_("Please wait a little"),
        advice=_(
            "This was tried very often in a short time, so it rests for a few minutes. Please try again in five minutes."
        ),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault; or 503 if the database or Redis is out of reach for the moment."""
    # Django calls this while it handles the exception, wherever in the chain it was raised.
    if isinstance(sys.exc_info()[1], OUT_OF_REACH):
        return domain_error(request, Unavailable())
    return _error_page(
        request,
        HTTPStatus.INTERNAL_SERVER_ERROR,
        title=_("Something broke on our side"),
        advice=_(
            "What you had sent before is safe. Please try again in a minute; if it happens again, tell us the number below."
        ),
    )


def domain_error(request: HttpRequest, error: DomainError) -> HttpResponse:
    """The page for an act that could not be done, with the sentence that the service gave."""
    return _error_page(
        request,
        HTTPStatus(error.status),
        title=_("This did not work"),
        advice=str(error.sentence),
    )
