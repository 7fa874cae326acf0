"""My data: what every room knows about a person, as one archive; and how each room forgets.

A room registers itself when its app is ready::

    personal_data.register("events", export=export_events, erase=erase_devices)
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import IO, Any, cast
from zipfile import ZIP_DEFLATED, ZipFile

from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import gettext as _

from accounts.models import User


@dataclass(frozen=True)
class Part:
    """What one room knows about a person.

    Args:
        data: anything that JSON can hold, dates included.
        files: names and contents of files; the contents are read piece by piece while they are sent.
    """

    data: Any
    files: Iterable[tuple[str, Iterable[bytes]]] = field(default=())


Export = Callable[[User], Part]
Erase = Callable[[User], None]


@dataclass(frozen=True)
class _Room:
    export: Export
    erase: Erase | None


_rooms: dict[str, _Room] = {}


def register(name: str, *, export: Export, erase: Erase | None = None) -> None:
    """Lets a room take part in export and erasure.

    Args:
        name: names the room's file in the archive, for example ``events``.
        export: gives what the room knows about the person.
        erase: removes what must not outlive the account, for example devices and addresses. What the
            person contributed stays: it then belongs to a former member. Runs in the transaction of the
            erasure.
    """
    _rooms[name] = _Room(export, erase)


def erase_everywhere(person: User) -> None:
    """Asks every room to forget what must not outlive the account."""
    for room in _rooms.values():
        if room.erase is not None:
            room.erase(person)


def archive(person: User) -> Iterator[bytes]:
    """A ZIP archive of everything, piece by piece: one JSON file and one folder a room."""
    outlet = _Outlet()
    with ZipFile(cast(IO[bytes], outlet), "w", ZIP_DEFLATED) as packed:
        packed.writestr("README.txt", _introduction())
        for name, room in sorted(_rooms.items()):
            part = room.export(person)
            packed.writestr(f"{name}.json", _as_json(part.data))
            yield outlet.taken()
            used: set[str] = set()
            for filename, chunks in part.files:
                with packed.open(f"{name}/{_unused(filename, used)}", "w") as entry:
                    for chunk in chunks:
                        entry.write(chunk)
                        yield outlet.taken()
    yield outlet.taken()


def _introduction() -> str:
    return _(
        "This archive holds what this site knows about you: one file (JSON) for each part of the site, and your pictures and documents in folders of the same names."
    )


def _as_json(data: Any) -> str:
    return json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)


def _unused(filename: str, used: set[str]) -> str:
    """A name without folders that does not stand in the archive yet."""
    plain = PurePosixPath(filename.replace("\\", "/"))
    name, number = plain.name or "file", 1
    while name in used:
        number += 1
        name = f"{plain.stem}-{number}{plain.suffix}"
    used.add(name)
    return name


class _Outlet:
    """Takes what ZipFile writes and hands it on; nothing is ever read back."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def write(self, data: bytes) -> int:
        self.pieces.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing to do: whoever asks takes what is there."""

    def taken(self) -> bytes:
        taken, self.pieces = b"".join(self.pieces), []
        return taken
