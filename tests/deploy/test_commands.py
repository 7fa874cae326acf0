"""Every command and health check of the deployment files is one that its program takes."""

import json
import re
import shlex
from typing import Any

import pytest

from tests.deploy import commands, files

pytestmark = pytest.mark.once

# What the health checks may call, by what these images are known to contain.
PROGRAMS = {
    "caddy": {"wget"},
    "postgres": {"pg_isready"},
    "redis": {"redis-cli", "grep"},
    "yoriai": {"python"},
}


@pytest.mark.parametrize("name", files.OURS)
def test_a_command_is_one_that_its_program_takes(services: dict[str, Any], name: str):
    commands.accept(services[name]["command"])


@pytest.mark.parametrize("spoilt", ["--ws=nonsense", "--no-such-flag", "config.asgi:nothing"])
def test_a_command_that_its_program_would_refuse_is_noticed(services: dict[str, Any], spoilt: str):
    with pytest.raises((Exception, SystemExit)):
        commands.accept([*services["web"]["command"], spoilt])


def test_the_image_starts_the_web_server_by_itself():
    commands.accept(json.loads(dict(files.instructions()[-1])["CMD"]))


def test_the_web_server_of_a_city_speaks_like_the_one_on_a_laptop(services: dict[str, Any]):
    procfile = (files.ROOT / "Procfile").read_text()
    line = next(line for line in procfile.splitlines() if line.startswith("web:"))
    laptop = commands.uvicorn_options(shlex.split(line.split(" -m ")[1]))
    for command in (services["web"]["command"], json.loads(dict(files.instructions()[-1])["CMD"])):
        city = commands.uvicorn_options(command)
        for name in laptop.keys() - {"host", "port"}:
            assert city[name] == laptop[name], name


@pytest.mark.parametrize("name", [*files.OURS, *files.THEIRS])
def test_every_service_that_stays_has_a_health_check_that_can_work_in_its_image(
    services: dict[str, Any], name: str
):
    service = services[name]
    check = service.get("healthcheck")
    if name == "migrate":
        assert check == {"disable": True}
        return
    if name == "web":
        assert check is None, "the image's own check is meant"
        instruction = dict(files.instructions()[-1])["HEALTHCHECK"]
        words = json.loads(instruction.split(" CMD ")[1])
        assert words[0] == "python"
        assert words[1] in files.build_context()
        return
    kind, *words = check["test"]
    image = service["image"].split(":")[0]
    lines = (
        [shlex.split(part) for part in words[0].split(" | ")] if kind == "CMD-SHELL" else [words]
    )
    for line in lines:
        program = next(word for word in line if not re.match(r"[A-Z_]+=", word))
        assert program in PROGRAMS[image], program
        if program == "python":
            commands.accept(line)
