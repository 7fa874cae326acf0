"""The city that docker-compose.yml describes, in real processes without Docker: names, commands, settings."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.deploy import files
from tests.deploy.image import Image
from tests.support import wire
from tests.support.processes import Started

PROXY, STRANGER = "127.0.0.2", "127.0.0.3"
DOMAIN = "yoriai.city.example.lg.jp"
VALUES = files.filled_in_example() | {"PROXY_ADDRESS": PROXY, "WEB_WORKERS": "2"}

# What its containers run; and the web server as somebody may start it by hand.
PLAIN_UVICORN = ["python", "-m", "uvicorn", "config.asgi:application"]
COMMANDS = {
    name: files.resolved_compose(VALUES)["services"][name]["command"]
    for name in ("web", "worker", "beat", "migrate")
} | {"uvicorn": PLAIN_UVICORN}


def environment_of_web(image: Image, changed: dict[str, str | None]) -> dict[str, str]:
    """The environment of the web server's container with some variables set otherwise, or not at all."""
    whole = files.environment_of("web", VALUES) | image.environment | changed
    return {name: value for name, value in whole.items() if value is not None}


@dataclass(frozen=True)
class City:
    """The running web server, and what it was started with."""

    image: Image
    web: Started
    port: int
    host: str = "127.0.0.1"

    def visit(
        self,
        path: str,
        *,
        method: str = "GET",
        client: str = "203.0.113.7",
        scheme: str = "https",
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> wire.Response:
        """A request that came through the proxy."""
        said = {"Host": DOMAIN, "X-Forwarded-For": client, "X-Forwarded-Proto": scheme}
        said |= headers or {}
        return wire.request(self, method, path, source=PROXY, headers=said, **more)

    def health_check(self, service: str, *, patience: int | None = None) -> int:
        """The exit status of the service's own health check.

        Args:
            patience: how many seconds a worker may take to answer, instead of what the compose file grants it.
        """
        if service == "web":
            instruction = dict(files.instructions()[-1])["HEALTHCHECK"]
            words = json.loads(instruction.split(" CMD ")[1])
        else:
            check = files.resolved_compose(VALUES)["services"][service]["healthcheck"]["test"]
            kind, *words = check
            if patience is not None and service == "worker":
                assert sum(word.count("--timeout=10 ") for word in words) == 1
                words = [word.replace("--timeout=10 ", f"--timeout={patience} ") for word in words]
            words = ["sh", "-c", *words] if kind == "CMD-SHELL" else words
        return self.image.run(*words, PORT=str(self.port)).returncode
