"""Every word on the screen exists in Japanese, easy Japanese and English, and goes through gettext."""

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest

from tests.support.programs import GETTEXT, need

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parent.parent
CATALOGUES = {
    code: ROOT / "locale" / code / "LC_MESSAGES" / "django.po" for code in ("ja", "ja_Easy")
}
JAPANESE = re.compile("[\u3041-\u30fa\u4e00-\u9fff]")
# Operators and administrators read these; they do not ask for easy Japanese.
FOR_OPERATORS = re.compile(
    r"(/models|/admin|embedded|management/commands/\w+|/demo\w*(/\w+)?|settings/\w+|styleguide)\.(py|html)$"
)


def our_python_files() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "*.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / name for name in listed.stdout.splitlines()]


def untranslated(code: str) -> list[polib.POEntry]:
    catalogue = polib.pofile(str(CATALOGUES[code]))
    return [
        entry
        for entry in catalogue
        if not entry.obsolete and (not entry.translated() or entry.fuzzy)
    ]


def test_japanese_is_complete() -> None:
    assert [entry.msgid for entry in untranslated("ja")] == []


def test_easy_japanese_is_complete_where_residents_read() -> None:
    missing = [
        entry.msgid
        for entry in untranslated("ja_Easy")
        if not all(FOR_OPERATORS.search(f"/{file}") for file, _ in entry.occurrences)
    ]
    assert missing == []


@pytest.mark.parametrize("code", CATALOGUES)
def test_translations_keep_the_placeholders_of_the_text(code: str) -> None:
    placeholder = re.compile(r"%\(\w+\)[sd]|\{\w+\}|%%")
    for entry in polib.pofile(str(CATALOGUES[code])):
        for text in [entry.msgstr, *entry.msgstr_plural.values()]:
            if text:
                assert set(placeholder.findall(text)) == set(placeholder.findall(entry.msgid)), (
                    entry.msgid
                )


def test_the_catalogues_hold_every_text_of_the_code(tmp_path: Path) -> None:
    need(GETTEXT)
    files = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in filter(None, files.stdout.split("\0")):
        if not name.startswith("tests/") and (ROOT / name).is_file():
            target = tmp_path / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, target)
    subprocess.run(
        [
            sys.executable,
            "manage.py",
            "makemessages",
            "-l",
            "ja",
            "-l",
            "ja_Easy",
            "--no-obsolete",
            "--add-location",
            "file",
        ],
        cwd=tmp_path,
        capture_output=True,
        check=True,
    )
    for code, catalogue in CATALOGUES.items():
        fresh = polib.pofile(str(tmp_path / catalogue.relative_to(ROOT)))
        kept = polib.pofile(str(catalogue))
        key = lambda entry: (entry.msgctxt, entry.msgid)  # noqa: E731
        assert {key(e) for e in fresh} == {key(e) for e in kept if not e.obsolete}, (
            f"run make messages ({code})"
        )


def test_no_japanese_for_the_screen_stands_outside_gettext() -> None:
    # Tables of characters and of names that may not be borne are data, not words for the screen.
    tables = r"core/text|search/(folding|queries|snippets|grams)|accounts/models/(names|lookalikes)"
    allowed = re.compile(
        rf"^(tests/|.*/migrations/|.*demo|bin/|platform/({tables})\.py|platform/config/settings/"
        r"|issues/selectors/mentions\.py)"
    )
    offenders = []
    for path in our_python_files():
        name = str(path.relative_to(ROOT))
        if allowed.match(name) or not path.exists():
            continue
        tree = ast.parse(path.read_text())
        documentation = {
            id(node.body[0].value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
            and node.body
            and isinstance(node.body[0], ast.Expr)
        }
        offenders += [
            f"{name}:{node.lineno}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in documentation
            and JAPANESE.search(node.value)
        ]
    assert [
        offender for offender in offenders if not offender.startswith("platform/core/styleguide.py")
    ] == []


def test_no_japanese_for_the_screen_stands_outside_gettext_in_templates() -> None:
    outside = []
    for path in (ROOT / "templates").rglob("*.html"):
        text = re.sub(r"{#.*?#}|{% comment %}.*?{% endcomment %}", "", path.read_text(), flags=re.S)
        if path.name != "styleguide.html" and JAPANESE.search(text):
            outside.append(str(path.relative_to(ROOT)))
    assert outside == []
