"""Demo content, room by room: each room that has some brings a module ``demo``.

A room's ``demo.load(scale)`` adds what is missing for a city of that size and says in a few words what there
is now; its optional ``demo.introduction()`` gives lines for the screen of whoever starts the city.

The same scale gives the same content on every machine, a smaller city is a part of a larger one, and loading
twice changes nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType

from django.apps import AppConfig, apps
from django.utils.module_loading import module_has_submodule


@dataclass(frozen=True, slots=True)
class Scale:
    """How large the demo city is.

    Args:
        households: about how many member households it has; each room decides what that means for it.
    """

    households: int

    @classmethod
    def parse(cls, text: str) -> "Scale":
        """``handful``, ``district``, ``city``, or a number of households.

        Raises:
            ValueError: it is none of these.
        """
        if text in NAMED_SCALES:
            return NAMED_SCALES[text]
        if text.isascii() and text.isdigit() and int(text) > 0:
            return cls(households=int(text))
        raise ValueError(
            f"{text!r} is neither a number above 0 nor one of {', '.join(NAMED_SCALES)}"
        )


# Enough to look around: a few associations, loaded in about a second.
HANDFUL = Scale(households=600)
# One whole district and the handful's neighbours.
DISTRICT = Scale(households=3_000)
# Kanazawa: 62 districts, 1,346 associations.
CITY = Scale(households=144_300)
NAMED_SCALES = {"handful": HANDFUL, "district": DISTRICT, "city": CITY}


def rooms_with_content() -> Iterator[tuple[AppConfig, ModuleType]]:
    """Rooms and their demo modules, from the ground floor upwards."""
    for app in apps.get_app_configs():
        if (
            app.module is not None
            and app.name != "core"
            and module_has_submodule(app.module, "demo")
        ):
            yield app, import_module(f"{app.name}.demo")


def load(scale: Scale = HANDFUL) -> Iterator[str]:
    """Loads every room's content and yields a line for each room."""
    for app, content in rooms_with_content():
        yield f"{app.label}: {content.load(scale)}"


def introduction() -> list[str]:
    """What somebody who has just started the city should know, for example who can sign in."""
    return [
        line
        for _, content in rooms_with_content()
        if hasattr(content, "introduction")
        for line in content.introduction()
    ]
