"""Demo content, room by room: each room that has some brings a module ``demo``.

A room's ``demo.load()`` adds what is missing and says in a few words what there is now; its optional
``demo.introduction()`` gives lines for the screen of whoever starts the city.
"""

from collections.abc import Iterator
from importlib import import_module
from types import ModuleType

from django.apps import AppConfig, apps
from django.utils.module_loading import module_has_submodule


def rooms_with_content() -> Iterator[tuple[AppConfig, ModuleType]]:
    """Rooms and their demo modules, from the ground floor upwards."""
    for app in apps.get_app_configs():
        if (
            app.module is not None
            and app.name != "core"
            and module_has_submodule(app.module, "demo")
        ):
            yield app, import_module(f"{app.name}.demo")


def load() -> Iterator[str]:
    """Loads every room's content and yields a line for each room."""
    for app, content in rooms_with_content():
        yield f"{app.label}: {content.load()}"


def introduction() -> list[str]:
    """What somebody who has just started the city should know, for example who can sign in."""
    return [
        line
        for _, content in rooms_with_content()
        if hasattr(content, "introduction")
        for line in content.introduction()
    ]
