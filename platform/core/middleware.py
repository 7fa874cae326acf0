"""What every request passes: its id and its line in the log, plain answers to errors, closed doors."""

import re
import time
import uuid
from collections.abc import Callable

import structlog
from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import sync_only_middleware

from core import audit
from core.error_pages import OUT_OF_REACH, bad_request, body_too_large, domain_error
from core.errors import DomainError, Unavailable
from core.log import REQUEST_ID

log = structlog.get_logger("yoriai.request")

GetResponse = Callable[[HttpRequest], HttpResponse]

# Line breaks and other control characters have no business in an address; NUL breaks PostgreSQL.
CONTROL_CHARACTERS = re.compile(r"[\x00-\x1f\x7f]")
A_REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}\Z")


@sync_only_middleware
def RequestLogMiddleware(get_response: GetResponse) -> GetResponse:  # noqa: N802
    """Gives the request an id, binds it to every log line and writes one line at the end."""

    def middleware(request: HttpRequest) -> HttpResponse:
        structlog.contextvars.clear_contextvars()
        given = request.headers.get("X-Request-Id", "")
        request_id = given if A_REQUEST_ID.match(given) else uuid.uuid4().hex
        structlog.contextvars.bind_contextvars(**{REQUEST_ID: request_id})
        audit.remember_origin(address=request.META.get("REMOTE_ADDR", ""), request_id=request_id)
        began = time.perf_counter()
        response = get_response(request)
        response["X-Request-Id"] = request_id
        match = request.resolver_match
        # Probes ask every few seconds and would drown the rest.
        write = log.debug if match and match.url_name in PROBES else log.info
        write(
            "request",
            method=request.method if request.method in KNOWN_METHODS else "OTHER",
            route=match.route if match else None,
            status=response.status_code,
            ms=round((time.perf_counter() - began) * 1000, 1),
        )
        return response

    return middleware


PROBES = frozenset({"healthz", "readyz"})
KNOWN_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class PermissionsPolicyMiddleware:
    """Tells browsers which powers no page of ours uses."""

    POLICY = (
        "geolocation=(self), camera=(self), microphone=(), payment=(), usb=(), interest-cohort=()"
    )

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Permissions-Policy", self.POLICY)
        return response


class PlainErrorMiddleware:
    """Answers bad requests and domain errors with a page that says what to do next, never with a 500."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if getattr(request, "scope", {}).get("yoriai.body_too_large"):
            return body_too_large(request)
        address = request.path_info + request.META.get("QUERY_STRING", "")
        if CONTROL_CHARACTERS.search(address) or "%00" in address:
            return bad_request(request)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, DomainError):
            return domain_error(request, exception)
        if isinstance(exception, RequestDataTooBig | TooManyFilesSent):
            return body_too_large(request)
        if isinstance(exception, OUT_OF_REACH):
            log.exception("the database or redis is out of reach or busy")
            return domain_error(request, Unavailable())
        return None
