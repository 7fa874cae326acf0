"""Compiles the translations: every ``django.po`` below ``locale/`` gets its ``django.mo`` beside it.

Done in Python, so that a machine without GNU gettext can run the city.
"""

from pathlib import Path

import polib

for po in sorted((Path(__file__).parent.parent / "locale").rglob("*.po")):
    polib.pofile(str(po)).save_as_mofile(str(po.with_suffix(".mo")))
