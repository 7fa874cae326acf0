"""The forms of the city, as its pages show them: where they are sent, what they ask, what one might enter."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from django.urls import Resolver404, resolve

# By the type of an input: something that a form would take.
PLAUSIBLE = {
    "email": "hanako@example.org",
    "number": "3",
    "date": "2026-12-05",
    "time": "10:00",
    "datetime-local": "2026-12-05T10:00",
    "tel": "0761234567",
    "url": "https://example.org/",
    "password": "a long enough word",
    "checkbox": "on",
    "radio": "on",
}
OTHERWISE = "hanako7"


@dataclass
class Form:
    """One form: the path that it is sent to, and a plausible entry for each field."""

    path: str
    entries: dict[str, str] = field(default_factory=dict)


class _Reader(HTMLParser):
    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path
        self.forms: list[Form] = []
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        if tag == "form":
            action = urlsplit(urljoin(self.path, given.get("action", "")))
            self.forms.append(Form(action.path))
        elif not self.forms:
            return
        elif tag == "option" and self._select and given.get("value"):
            self.forms[-1].entries.setdefault(self._select, given["value"])
        elif tag == "select":
            self._select = name
        elif name and tag in {"input", "textarea", "button"}:
            kind = given.get("type", "")
            empty = "" if kind == "hidden" else PLAUSIBLE.get(kind, OTHERWISE)
            value = given.get("value") or empty
            self.forms[-1].entries.setdefault(name, value)


def forms_of(page: str, *, path: str) -> list[Form]:
    """All forms of an HTML page that stands at ``path``."""
    reader = _Reader(path)
    reader.feed(page)
    return reader.forms


def name_of(path: str) -> str:
    """The name of the address that a path leads to; empty if it is none of ours."""
    try:
        return resolve(path).view_name
    except Resolver404:
        return ""
