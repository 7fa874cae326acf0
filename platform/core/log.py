"""Structured logs with a request id, and nothing that names a person.

Every line carries the id of the request or task that caused it. Addresses are logged as routes
(``issues/<int:pk>/``), never as paths with values or queries: codes and names stand in those.
"""

import logging
from typing import Any

import structlog

REQUEST_ID = "request_id"


class RouteInsteadOfPath(logging.Filter):
    """Takes people's codes and names out of the lines in which Django says a reason and a path."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        if request is not None and isinstance(record.args, tuple) and len(record.args) == 2:
            match = getattr(request, "resolver_match", None)
            # What follows the hyphen in a reason is the address of the page that sent the form.
            reason = str(record.args[0]).partition(" - ")[0]
            record.args = (reason, match.route if match else "an address that is not ours")
        return True


class OnlyWithException(logging.Filter):
    """Drops the lines that tell nothing which the request log does not tell."""

    def filter(self, record: logging.LogRecord) -> bool:
        return record.exc_info is not None


class WithoutClientsFaults(logging.Filter):
    """Drops what a WebSocket client alone has done wrong: uvicorn writes a traceback for text that is no UTF-8."""

    def filter(self, record: logging.LogRecord) -> bool:
        return record.msg != "Invalid UTF-8 sequence received from client."


_shared: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def logging_settings(*, level: str, as_json: bool) -> dict[str, Any]:
    """Settings for ``logging.config.dictConfig``; also sets structlog up.

    Args:
        level: the least level that is written, for example ``INFO``.
        as_json: one JSON object a line (production) or a line for human eyes.
    """
    structlog.configure(
        processors=[*_shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    if as_json:
        final = [
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
    else:
        # The other formatter, which structlog takes where the library rich is installed, prints every local variable:
        # passwords and names, and whatever a query fetches for a lazy one.
        plain = structlog.dev.plain_traceback
        final = [structlog.dev.ConsoleRenderer(colors=False, exception_formatter=plain)]
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "structured": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": _shared,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *final],
            },
        },
        "filters": {
            "route_instead_of_path": {"()": RouteInsteadOfPath},
            "without_clients_faults": {"()": WithoutClientsFaults},
            "only_with_exception": {"()": OnlyWithException},
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "structured"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            # Our own request log says the same without addresses of people.
            "django.request": {
                "level": "ERROR",
                "filters": ["route_instead_of_path", "only_with_exception"],
            },
            "django.security.csrf": {"filters": ["route_instead_of_path"]},
            "django.server": {"level": "ERROR"},
            # uvicorn brings handlers of its own: without them its lines take our form.
            "uvicorn": {"level": "WARNING", "handlers": [], "propagate": True},
            "uvicorn.access": {"level": "CRITICAL", "propagate": False},
            "uvicorn.error": {"level": "WARNING", "filters": ["without_clients_faults"]},
            "httpx": {"level": "WARNING"},
            "celery": {"level": "WARNING"},
            "kombu": {"level": "WARNING"},
            "amqp": {"level": "WARNING"},
        },
    }
