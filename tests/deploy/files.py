"""The deployment files as their programs read them: compose, Dockerfile, .dockerignore, .env.example, Caddyfile."""

import ast
import re
import shlex
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = ROOT / "docker-compose.yml"
DOCKERFILE = ROOT / "Dockerfile"
EXAMPLE = ROOT / ".env.example"
CADDYFILE = ROOT / "deploy" / "Caddyfile"
SETTINGS = ROOT / "platform" / "config" / "settings"

# The services of the compose file: those that run our image, and those that run somebody else's.
OURS = ("web", "worker", "beat", "migrate")
THEIRS = ("proxy", "database", "redis")

_NAME = re.compile(r"\$\{(\w+)")
_ENV_METHODS = {"str", "int", "bool", "list", "float", "url", "json", "db", "path", "tuple", "dict"}


def compose() -> dict[str, Any]:
    """The compose file with its anchors resolved and its variables not yet."""
    parsed: dict[str, Any] = yaml.safe_load(COMPOSE.read_text())
    return parsed


def example() -> tuple[dict[str, str], dict[str, str]]:
    """``.env.example``: what it sets, and what its commented lines say is used otherwise."""
    set_here: dict[str, str] = {}
    defaults: dict[str, str] = {}
    for line in EXAMPLE.read_text().splitlines():
        found = re.match(r"(#?)([A-Z][A-Z0-9_]*)=(.*)", line)
        if found:
            (defaults if found[1] else set_here)[found[2]] = found[3]
    return set_here, defaults


def variables(text: str) -> set[str]:
    """The names in every ``${NAME...}`` of ``text``, nested ones too; ``$$`` is no variable."""
    return set(_NAME.findall(text.replace("$$", "")))


def resolve(text: str, values: dict[str, str]) -> str:
    """Compose's interpolation as far as our file uses it: ``${A}``, ``${A:-default}``, ``${A:?why}``, nested, ``$$``.

    Raises:
        LookupError: a demanded variable has no value.
    """
    innermost = re.compile(r"(?<!\$)\$\{(\w+)(?::([-?])([^{}]*))?\}")

    def value(found: re.Match[str]) -> str:
        name, kind, rest = found[1], found[2], found[3] or ""
        if values.get(name):
            return values[name]
        if kind == "?":
            raise LookupError(rest)
        return rest if kind == "-" else ""

    while innermost.search(text):
        text = innermost.sub(value, text)
    return text.replace("$$", "$")


def resolved_compose(values: dict[str, str]) -> dict[str, Any]:
    """The compose file as compose would run it with ``values`` in ``.env``."""

    def walk(node: Any) -> Any:
        if isinstance(node, dict):
            return {key: walk(inner) for key, inner in node.items()}
        if isinstance(node, list):
            return [walk(inner) for inner in node]
        return resolve(node, values) if isinstance(node, str) else node

    done: dict[str, Any] = walk(compose())
    return done


def filled_in_example() -> dict[str, str]:
    """The values of ``.env.example`` with every secret filled in, as its reader is told to."""
    values, _ = example()
    return {
        name: value or f"{name.lower()}-".replace("_", "") + "0f" * 32
        for name, value in values.items()
    }


def environment_of(service: str, values: dict[str, str]) -> dict[str, str]:
    """What a container of ours finds in its environment: the image's, ``.env``, then the service's own."""
    own: dict[str, str] = resolved_compose(values)["services"][service]["environment"]
    return image_environment() | values | own


def instructions() -> list[list[tuple[str, str]]]:
    """The Dockerfile: one list of (instruction, rest) for each stage, each beginning with its FROM."""
    text = re.sub(r"^\s*#.*\n", "", DOCKERFILE.read_text(), flags=re.MULTILINE)
    stages: list[list[tuple[str, str]]] = []
    for line in text.replace("\\\n", " ").splitlines():
        if not line.strip():
            continue
        word, rest = line.strip().split(maxsplit=1)
        if word == "FROM":
            stages.append([])
        stages[-1].append((word, " ".join(rest.split())))
    return stages


def image_environment() -> dict[str, str]:
    """ENV of the last stage of the Dockerfile."""
    pairs = [
        pair.split("=", 1)
        for word, rest in instructions()[-1]
        if word == "ENV"
        for pair in shlex.split(rest)
    ]
    return dict(pairs)


def enters_the_image(path: str, ignore_file: str | None = None) -> bool:
    """Does ``.dockerignore`` let this path of the repository in? The last line that matches it or a parent decides."""
    lines = (ignore_file or (ROOT / ".dockerignore").read_text()).splitlines()
    parts = path.split("/")
    candidates = ["/".join(parts[: count + 1]) for count in range(len(parts))]
    let_in = True
    for line in lines:
        pattern = line.strip()
        if not pattern or pattern.startswith("#"):
            continue
        wanted = pattern.startswith("!")
        expression = _as_expression(pattern.removeprefix("!").strip("/"))
        if any(expression.fullmatch(candidate) for candidate in candidates):
            let_in = wanted
    return let_in


def _as_expression(pattern: str) -> re.Pattern[str]:
    escaped = re.escape(pattern)
    escaped = escaped.replace(r"\*\*/", "(?:.*/)?").replace(r"\*\*", ".*").replace(r"\*", "[^/]*")
    return re.compile(escaped)


def build_context() -> list[str]:
    """Every file of the repository that ``COPY . .`` brings into the image."""
    paths = []
    for top in sorted(ROOT.iterdir()):
        if top.name in {".git", ".venv", "var", "node_modules"}:
            continue
        for file in sorted(top.rglob("*")) if top.is_dir() else [top]:
            path = str(file.relative_to(ROOT))
            if file.is_file() and enters_the_image(path):
                paths.append(path)
    return paths


def variables_that_settings_read() -> dict[str, Any]:
    """Every ``env.str("NAME", default=...)`` of production's settings with its default if that is written out."""
    read: dict[str, Any] = {}
    for module in (
        SETTINGS / name for name in ("base.py", "channels.py", "people.py", "production.py")
    ):
        for node in ast.walk(ast.parse(module.read_text())):
            name = _variable_of(node)
            if name:
                assert isinstance(node, ast.Call)
                default = next((kw.value for kw in node.keywords if kw.arg == "default"), None)
                try:
                    read[name] = (
                        eval(compile(ast.Expression(default), "", "eval"), {}) if default else None
                    )
                except NameError:
                    read[name] = None
    return read


def _variable_of(node: ast.AST) -> str | None:
    """The variable's name if this node is a call of ``env``, ``env.method``, ``os.environ.get`` or ``os.getenv``."""
    if not isinstance(node, ast.Call) or not node.args:
        return None
    called = ast.unparse(node.func)
    is_env = called == "env" or (called.startswith("env.") and called[4:] in _ENV_METHODS)
    if not is_env and called not in {"os.environ.get", "os.getenv"}:
        return None
    first = node.args[0]
    assert isinstance(first, ast.Constant), f"a variable's name is computed: {ast.unparse(node)}"
    return str(first.value)
