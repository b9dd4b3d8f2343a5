"""Collect every text a reader sees, report what has no Chinese yet, and compile the catalogue. Needs no GNU gettext.

    python -m tools.messages            update the .po files from the sources, compile the .mo files, list gaps
    python -m tools.messages --check    change nothing; exit 1 when a text lacks its translation or a .mo is old

A translator edits `src/commonweal/windows/look/locale/<language>/LC_MESSAGES/django.po` and runs the first command.
"""

from __future__ import annotations

import argparse
import ast
import io
import os
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages import extract
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

SOURCE = Path(__file__).resolve().parents[1] / "src"
LOCALE = SOURCE / "commonweal" / "windows" / "look" / "locale"
KEYWORDS = {
    "_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None, "ngettext": (1, 2), "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2),
}  # fmt: skip
_STRING = r"""u?(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
_CALL = re.compile(rf"\b(_|gettext|ngettext|pgettext)\(({_STRING})(?:,\s*({_STRING}))?[^)]*\)")
_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
"""Catalogues carry no date of their own, so that running this twice changes nothing."""

Message = tuple[str | tuple[str, str], str | None]


def in_python(path: Path) -> Iterator[Message]:
    """Texts marked in a module."""
    with path.open("rb") as file:
        for _line, text, _comments, context in extract.extract("python", file, keywords=KEYWORDS):
            yield (tuple(text) if isinstance(text, (tuple, list)) else text), context  # type: ignore[misc]


def in_template(path: Path) -> Iterator[Message]:
    """Texts marked in a template; Django's own translator of templates says which."""
    from django.utils.translation.template import templatize

    for name, first, second in _CALL.findall(templatize(path.read_text(encoding="utf-8"), origin=str(path))):
        one = ast.literal_eval(first)
        two = ast.literal_eval(second) if second else ""
        if name == "ngettext":
            yield (one, two), None
        elif name == "pgettext":
            yield two, one
        else:
            yield one, None


def collect() -> Catalog:
    """Every marked text of the sources, with the files it stands in."""
    catalog = Catalog(project="Commonweal", creation_date=_EPOCH, charset="utf-8")
    for path in sorted(SOURCE.rglob("*")):
        reader = {".py": in_python, ".html": in_template, ".txt": in_template}.get(path.suffix)
        if reader is None or "egg-info" in str(path) or (path.suffix != ".py" and "templates" not in path.parts):
            continue
        place = path.relative_to(SOURCE.parent).as_posix()
        for text, context in reader(path):
            if text and all(text):
                catalog.add(text, locations=[(place, 1)], context=context)
    return catalog


def catalogues() -> list[Path]:
    """The .po file of each language."""
    return sorted(LOCALE.glob("*/LC_MESSAGES/django.po"))


def read(path: Path) -> Catalog:
    """A translated catalogue; an empty one where there is none yet."""
    language = path.parents[1].name
    with path.open("rb") as file:
        return read_po(file, locale=language)


def updated(path: Path, sources: Catalog) -> Catalog:
    """The catalogue at `path` with exactly the texts of the sources; translations are kept by their text."""
    catalog = read(path)
    catalog.update(sources, no_fuzzy_matching=True, update_creation_date=False)
    catalog.obsolete.clear()
    catalog.creation_date = catalog.revision_date = _EPOCH
    catalog.project, catalog.version = "Commonweal", "1"
    catalog.last_translator, catalog.language_team = "Commonweal", path.parents[1].name
    catalog.header_comment = "# Texts of Commonweal. Run: python -m tools.messages"
    return catalog


def gaps(catalog: Catalog) -> list[str]:
    """Texts without a translation, or whose placeholders were not kept."""
    found = []
    for message in catalog:
        if not message.id:
            continue
        first = message.id if isinstance(message.id, str) else message.id[0]
        said = message.string if isinstance(message.string, str) else "".join(message.string or ())
        wanted = set(re.findall(r"%\(\w+\)[sd]", first))
        if not said.strip() or wanted - set(re.findall(r"%\(\w+\)[sd]", said)):
            found.append(first)
    return found


def po_bytes(catalog: Catalog) -> bytes:
    """The catalogue as a .po file."""
    buffer = io.BytesIO()
    write_po(buffer, catalog, width=110, sort_output=True, include_lineno=False)
    return buffer.getvalue()


def mo_bytes(catalog: Catalog) -> bytes:
    """The catalogue as the .mo file that Django reads."""
    buffer = io.BytesIO()
    write_mo(buffer, catalog)
    return buffer.getvalue()


def check() -> list[str]:
    """What is wrong with the catalogues as they stand: gaps, texts not collected yet, a .mo that is older."""
    sources = collect()
    wrong = []
    for path in catalogues():
        language = path.parents[1].name
        fresh = updated(path, sources)
        wrong += [f"{language}: no translation: {text}" for text in gaps(fresh)]
        mo = path.with_suffix(".mo")
        if not mo.exists() or mo.read_bytes() != mo_bytes(read(path)):
            wrong.append(f"{language}: {mo.name} is older than {path.name}; run: python -m tools.messages")
    return wrong


def main() -> int:
    """Update and compile, or only check."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 on gaps")
    arguments = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "commonweal.config.settings")
    if arguments.check:
        wrong = check()
        sys.stdout.write("".join(f"{line}\n" for line in wrong))
        return 1 if wrong else 0
    sources = collect()
    for path in catalogues():
        catalog = updated(path, sources)
        path.write_bytes(po_bytes(catalog))
        path.with_suffix(".mo").write_bytes(mo_bytes(catalog))
        missing = gaps(catalog)
        language = path.parents[1].name
        sys.stdout.write("".join(f"{language}: no translation: {text}\n" for text in missing))
        sys.stdout.write(f"{language}: {len(catalog)} texts, {len(missing)} without a translation\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
