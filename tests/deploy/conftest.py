"""What several modules of these tests look at."""

from collections.abc import Iterator
from typing import Any

import pytest

from core.embedded import free_port
from tests.deploy import files, servers
from tests.deploy.city import COMMANDS, City, environment_of_web


@pytest.fixture
def services() -> dict[str, Any]:
    """The services of the compose file as compose would run them with the example filled in."""
    found: dict[str, Any] = files.resolved_compose(files.filled_in_example())["services"]
    return found


@pytest.fixture(scope="session")
def image(tmp_path_factory: pytest.TempPathFactory) -> servers.Image:
    """What the image would hold, made once."""
    return servers.build_image(tmp_path_factory.mktemp("image"))


@pytest.fixture(scope="module")
def safe_image(
    image: servers.Image, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[servers.Image, str]]:
    """The image with the settings of ``.env.example``, a database and a Redis."""
    folder = tmp_path_factory.mktemp("city")
    environment = environment_of_web(image, {"DATA_DIR": str(folder)})
    with servers.redis_server(folder / "redis") as redis_url:
        environment["REDIS_URL"] = redis_url
        if servers.postgresql_programs():
            with servers.postgresql() as cluster:
                environment["DATABASE_URL"] = cluster.url
                yield servers.Image(image.folder, environment), redis_url
        else:
            environment["DATABASE_URL"] = f"sqlite:///{folder}/yoriai.sqlite3"
            environment["SQLITE_IN_PRODUCTION"] = "true"
            yield servers.Image(image.folder, environment), redis_url


@pytest.fixture(scope="module")
def city(
    safe_image: tuple[servers.Image, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[City]:
    """The web server of a city, with its database migrated."""
    image, redis_url = safe_image
    folder = tmp_path_factory.mktemp("web")
    log, port = folder / "log", free_port()
    migrated = image.run(*COMMANDS["migrate"], DB_POOL_SIZE="0")
    assert migrated.returncode == 0, migrated.stderr
    command = [f"--port={port}" if word.startswith("--port=") else word for word in COMMANDS["web"]]
    with servers.running(command, env=image.environment, cwd=image.folder, log=log):
        servers.wait_until(lambda: servers.answers(port), within=60, log=log)
        yield City(image, port, redis_url, folder)
