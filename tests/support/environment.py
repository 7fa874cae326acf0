"""The environment of test runs: what a developer has exported for their own city must not change the tests."""

import os

# Everything else would be a setting of the city, something that make hands down, or a matter of taste.
KEPT = frozenset(
    {"CI", "COLUMNS", "HOME", "HYPOTHESIS_PROFILE", "LOGNAME", "PATH", "TERM", "TMPDIR", "USER"}
)


def bare() -> dict[str, str]:
    """Our environment reduced to what programs need in order to run at all."""
    return {name: value for name, value in os.environ.items() if name in KEPT}
