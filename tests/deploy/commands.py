"""The commands of the deployment files, read by the very parsers that will read them in a city."""

import os
from typing import Any

from celery.app.utils import find_app
from celery.bin.base import CLIContext
from celery.bin.celery import celery as celery_command
from django.core.management import get_commands, load_command_class
from uvicorn.config import Config
from uvicorn.main import main as uvicorn_command

from tests.deploy import files


def accept(command: list[str]) -> None:
    """Lets the program's own parser read the command; raises what the program would object with."""
    if command[0] in {"bin/if-safe"}:
        assert command[0] in files.build_context()
        assert os.access(files.ROOT / command[0], os.X_OK)
        command = command[1:]
    assert command[0] == "python"
    if command[1] == "-m" and command[2] == "uvicorn":
        uvicorn_options(command)
    elif command[1] == "-m" and command[2] == "celery":
        context = celery_command.make_context("celery", command[3:])
        app = find_app(context.params["app"])
        assert app.main == "yoriai"
        context.obj = CLIContext(app=app, no_color=True, workdir=None, quiet=True)
        position = next(place for place, word in enumerate(command) if place > 2 and word[0] != "-")
        subcommand = celery_command.get_command(context, command[position])
        assert subcommand is not None, command[position]
        subcommand.make_context(command[position], command[position + 1 :], parent=context)
    else:
        assert command[1] == "manage.py", command
        parser = load_command_class(get_commands()[command[2]], command[2]).create_parser(
            "manage.py", command[2]
        )
        parser.parse_args(command[3:])


def uvicorn_options(command: list[str]) -> dict[str, Any]:
    """What uvicorn understands by this command, as far as the command says it."""
    words = command[command.index("uvicorn") + 1 :]
    # The Procfile's shell fills these in.
    words = ["8000" if word == "$PORT" else word for word in words]
    options = uvicorn_command.make_context("uvicorn", words).params
    # Loads the application and the protocols as the server would.
    Config(options["app"], ws=options["ws"], http=options["http"], log_config=None).load()
    given = {word.split("=")[0] for word in words if word.startswith("--")}
    names = {
        flag: param.name
        for param in uvicorn_command.params
        for flag in (*param.opts, *param.secondary_opts)
    }
    return {name: options[name] for flag in given if (name := names[flag])}


def option(command: list[str], name: str) -> str:
    """The value of ``name`` in a command that gives it as ``name=value``."""
    return next(word.split("=", 1)[1] for word in command if word.startswith(f"{name}="))


def pairs(command: list[str]) -> list[list[str]]:
    """Every ``name=value`` of a command."""
    return [word.split("=", 1) for word in command if "=" in word]
