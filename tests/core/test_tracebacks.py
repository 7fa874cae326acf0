"""An error in the log tells where it happened, and nothing about whom."""

import logging
import sys

import pytest
from structlog.stdlib import ProcessorFormatter

from core.log import logging_settings

# Put together here, so that it stands in no line of code that a traceback quotes.
PASSWORD = "-".join(("correct", "horse"))


def sign_in(name: str, password: str) -> None:
    raise RuntimeError("the door is stuck")


@pytest.mark.parametrize("as_json", [True, False])
def test_a_traceback_names_the_place_but_no_values(as_json):
    options = logging_settings(level="INFO", as_json=as_json)["formatters"]["structured"]
    formatter = ProcessorFormatter(**{key: options[key] for key in options if key != "()"})
    try:
        sign_in("hanako", PASSWORD)
    except RuntimeError:
        error = sys.exc_info()
    record = logging.LogRecord("django.request", logging.ERROR, "", 0, "broken", (), error)
    line = formatter.format(record)

    assert "the door is stuck" in line
    assert "in sign_in" in line
    assert PASSWORD not in line
