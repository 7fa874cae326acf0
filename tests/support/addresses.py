"""Every address of the house, read from the resolver itself, so that no test has a list to forget one in."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import get_converters
from django.urls.resolvers import RegexPattern, RoutePattern

TESTS = Path(__file__).resolve().parents[1]
# One of these fits the place of any argument; the order prefers what looks like a number.
SAMPLES = ("1", "x", "2026-12-05", "00000000-0000-4000-8000-000000000000")
_ARGUMENT = re.compile(r"<(?:(?P<converter>\w+):)?(?P<name>\w+)>")
_GROUP = re.compile(r"\(\?P<(?P<name>\w+)>(?P<inside>[^()]*)\)")


@dataclass(frozen=True)
class Address:
    """One address: ``name`` with its namespace (or its route if it has none), and what its route asks for.

    ``template`` is the path with ``{}`` in the place of each argument; ``patterns`` says, argument by
    argument, what may stand there, as a regular expression.
    """

    name: str
    route: str
    template: str
    patterns: tuple[str, ...]

    @property
    def has_arguments(self) -> bool:
        return bool(self.patterns)

    @property
    def path(self) -> str:
        """A path that leads here; what stands in the place of arguments exists, if at all, by chance."""
        return self.template.format(*map(sample, self.patterns))

    def __str__(self) -> str:
        return self.name


def sample(pattern: str) -> str:
    """Something that may stand where ``pattern`` does.

    Raises:
        LookupError: none of :data:`SAMPLES` fits.
    """
    # Alternatives, as in (auth|core), are samples of their own.
    for candidate in (*SAMPLES, *pattern.split("|")):
        if re.fullmatch(pattern, candidate):
            return candidate
    raise LookupError(f"add a sample that fits {pattern}")


@cache
def all_addresses() -> tuple[Address, ...]:
    """Every address, the same few for each room that brings some."""
    return tuple(_walk(get_resolver(), namespaces=(), route="", template="", patterns=()))


def _walk(
    resolver: URLResolver,
    *,
    namespaces: tuple[str, ...],
    route: str,
    template: str,
    patterns: tuple[str, ...],
) -> Iterator[Address]:
    for entry in resolver.url_patterns:
        part, own = _template(entry.pattern)
        place: dict[str, Any] = {
            "route": route + str(entry.pattern),
            "template": (template or "/") + part,
            "patterns": patterns + own,
        }
        if isinstance(entry, URLResolver):
            inner = (*namespaces, entry.namespace) if entry.namespace else namespaces
            yield from _walk(entry, namespaces=inner, **place)
        elif isinstance(entry, URLPattern):
            name = ":".join([*namespaces, entry.name]) if entry.name else place["route"]
            yield Address(name=name, **place)


def _template(pattern: Any) -> tuple[str, tuple[str, ...]]:
    if isinstance(pattern, RoutePattern):
        route = str(pattern)
        converters = get_converters()
        patterns = tuple(
            converters[match["converter"] or "str"].regex for match in _ARGUMENT.finditer(route)
        )
        return _ARGUMENT.sub("{}", route), patterns
    assert isinstance(pattern, RegexPattern), f"no test knows addresses of this kind: {pattern!r}"
    expression = str(pattern).removeprefix("^").removesuffix("$")
    patterns = tuple(match["inside"] for match in _GROUP.finditer(expression))
    return _GROUP.sub("{}", expression).replace("\\", ""), patterns


# --- addresses of things ----------------------------------------------------------------------------

Example = Callable[[], dict[str, Any]]
_examples: dict[str, Example] = {}


def leads_to_something(name: str) -> Callable[[Example], Example]:
    """Registers what stands in an address with arguments, so that tests reach a thing that exists.

    A room writes such functions in ``tests/<room>/addresses.py``; they may count on the demo city::

        @leads_to_something("issues:issue")
        def an_issue() -> dict[str, Any]:
            return {"pk": Issue.objects.earliest("pk").pk}
    """

    def register(example: Example) -> Example:
        _examples[name] = example
        return example

    return register


def things() -> dict[str, Example]:
    """For each address that has one: a function that gives its arguments."""
    for file in sorted(TESTS.glob("*/addresses.py")):
        if file.parent.name != "support":
            import_module(f"tests.{file.parent.name}.addresses")
    return dict(_examples)
