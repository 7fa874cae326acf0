"""What several modules of these tests look at."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from tests.deploy import files, servers
from tests.deploy.city import COMMANDS, City, environment_of_web
from tests.deploy.image import Image, build_image
from tests.support import wire
from tests.support.processes import running
from tests.support.programs import POSTGRESQL


@pytest.fixture
def services() -> dict[str, Any]:
    """The services of the compose file as compose would run them with the example filled in."""
    found: dict[str, Any] = files.resolved_compose(files.filled_in_example())["services"]
    return found


@pytest.fixture(scope="session")
def image(tmp_path_factory: pytest.TempPathFactory) -> Image:
    """What the image would hold, made once."""
    return build_image(tmp_path_factory.mktemp("image"))


@pytest.fixture(scope="module")
def safe_image(image: Image, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Image]:
    """The image with the settings of ``.env.example``, a Redis and a database: PostgreSQL if this machine has it."""
    folder = tmp_path_factory.mktemp("city")
    environment = environment_of_web(image, {"DATA_DIR": str(folder)})
    with ExitStack() as stack:
        environment["REDIS_URL"] = stack.enter_context(servers.redis_server(folder / "redis"))
        if POSTGRESQL.find() is not None:
            environment["DATABASE_URL"] = stack.enter_context(servers.postgresql()).url
        else:
            environment["DATABASE_URL"] = f"sqlite:///{folder}/yoriai.sqlite3"
            environment["SQLITE_IN_PRODUCTION"] = "true"
        yield Image(image.folder, environment)


@pytest.fixture(scope="module")
def city(safe_image: Image, tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """The web server of a city, with its database migrated."""
    migrated = safe_image.run(*COMMANDS["migrate"], DB_POOL_SIZE="0")
    assert migrated.returncode == 0, migrated.stderr
    port = wire.free_port()
    command = [f"--port={port}" if word.startswith("--port=") else word for word in COMMANDS["web"]]
    with running(
        command,
        environment=safe_image.environment,
        folder=safe_image.folder,
        log=tmp_path_factory.mktemp("web") / "log",
    ) as web:
        city = City(safe_image, web, port)
        web.wait_until(lambda: wire.answers(city), seconds=60)
        yield city
