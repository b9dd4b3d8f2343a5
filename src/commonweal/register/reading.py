"""Reading a folder of YAML into declarations that know where they stand."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from commonweal.register import folder, geojson, objects, yamlfile
from commonweal.register.faults import Fault, Severity
from commonweal.register.models import KINDS, Declared, Jurisdiction, Region, RegionShapes
from commonweal.register.register import Register

Key = tuple[str, str]
MAX_FAULTS = 2_000
_IDS = re.compile(rb"\bid:\s*[\"']?([^\s,}\"']+)")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a declaration stands: its file, the document in it, and its place when the document is a list."""

    file: str
    document: int
    item: int | None


@dataclass(slots=True)
class Reading:
    """What a folder holds: the declarations that are whole, where each stands, and what is wrong with the rest.

    `broken` are the kind and id of declarations that have faults of their own, so that a name that leads to one
    of them is not called unknown as well; `unread` the ids in what could not be read at all.
    """

    root: str
    objects: dict[Key, Declared] = field(default_factory=dict)
    origins: dict[Key, Origin] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    broken: set[Key] = field(default_factory=set)
    unread: set[str] = field(default_factory=set)
    _counts: dict[str, int] = field(default_factory=dict)
    _positions: dict[str, list[yamlfile.Document]] = field(default_factory=dict)

    def fault(
        self,
        key: Key,
        path: yamlfile.Path,
        code: str,
        message: str,
        suggestion: str | None = None,
        severity: Severity = "error",
        on_key: bool = False,
        within: tuple[int, int] | None = None,
    ) -> Fault:
        """Note a fault at a path of a declaration; `within` is a (line, column) inside the text found there."""
        origin = self.origins.get(key)
        if origin is None:
            made = Fault(self.root, 1, 1, code, message, suggestion, severity)
        else:
            line, column = self.locate(origin, path, on_key, within)
            made = Fault(origin.file, line, column, code, message, suggestion, severity)
        self.note(made)
        return made

    def note(self, fault: Fault) -> None:
        """Keep a fault, as many of one file as anybody can mend in a day."""
        self._counts[fault.file] = count = self._counts.get(fault.file, 0) + 1
        if count < MAX_FAULTS:
            self.faults.append(fault)
        elif count == MAX_FAULTS:
            message = f"More than {MAX_FAULTS} faults in this file; mend those shown, and check again"
            self.faults.append(Fault(fault.file, 1, 1, "too-many-faults", message))

    def locate(
        self, origin: Origin, path: yamlfile.Path, on_key: bool = False, within: tuple[int, int] | None = None
    ) -> tuple[int, int]:
        """The line and column of a path in a declaration; the nearest part above it where it is not written."""
        documents = self._documents(origin.file)
        if origin.document >= len(documents):
            return 1, 1
        document = documents[origin.document]
        whole = path if origin.item is None else (origin.item, *path)
        if "evidence" in whole and (*whole[: whole.index("evidence") + 1], "any") in document.values:
            at = whole.index("evidence") + 1  # written as {any: [a, b]}, kept as (a, b)
            whole = (*whole[:at], "any", *whole[at:])
        if on_key and whole in document.keys:
            return document.keys[whole]
        for length in range(len(whole), -1, -1):
            place = document.values.get(whole[:length]) or document.keys.get(whole[:length])
            if place:
                return place if within is None or length < len(whole) else _inside(place, within)
        return document.line, document.column

    def _documents(self, file: str) -> list[yamlfile.Document]:
        """The documents of a file with positions: read again, and only for files that have faults."""
        if file not in self._positions:
            if len(self._positions) >= 8:
                self._positions.pop(next(iter(self._positions)))
            data = _bytes(Path(file), [])
            self._positions[file] = yamlfile.read(data, file, positions=True)[0] if data is not None else []
        return self._positions[file]


def assemble(reading: Reading) -> Register | None:
    """The register of a reading, or None (and a fault) where it is not whole."""
    unread = bool(reading.faults)
    found = [each for each in reading.objects.values() if isinstance(each, Jurisdiction)]
    if len(found) == 1:
        return None if unread else Register.of(reading.objects.values())
    for extra in found[1:]:
        message = f"A register has one Jurisdiction; “{found[0].id}” is declared already"
        reading.fault(("Jurisdiction", extra.id), ("id",), "two-jurisdictions", message)
    nowhere = any(fault.code == "no-folder" for fault in reading.faults)
    if not found and not nowhere and not any(kind == "Jurisdiction" for kind, _ in reading.broken):
        message = "No Jurisdiction is declared; a register needs one, with its languages and currency"
        reading.faults.append(Fault(reading.root, 1, 1, "no-jurisdiction", message))
    return None


def read(root: Path) -> Reading:
    """Read every declaration below `root`, noting what is wrong with each file and object."""
    reading = Reading(str(root))
    for path in folder.files(root, reading.faults):
        _read_file(path, reading)
    for each in [held for held in reading.objects.values() if isinstance(held, RegionShapes)]:
        _draw(each, root if root.is_dir() else root.parent, reading)
    return reading


def _draw(shapes: RegionShapes, root: Path, reading: Reading) -> None:
    """Fill the outlines from the file they name, or note why not."""
    key = (shapes.kind, shapes.id)
    path = root / shapes.path
    try:
        inside = path.resolve(strict=True).is_relative_to(root.resolve()) and path.is_file()
    except (OSError, RuntimeError):
        reading.fault(key, ("path",), "unreadable", f"There is no file {shapes.path} in the jurisdiction's folder")
        return
    if not inside:
        reading.fault(key, ("path",), "outside", f"{shapes.path} is no file below the jurisdiction's folder")
        return
    regions = {name for kind, name in reading.objects if kind == Region.__name__}
    excused = {name for kind, name in reading.broken if kind == Region.__name__} | reading.unread
    data = _bytes(path, reading.faults)
    if data is None:
        return
    found, faults = geojson.outlines(data, str(path), shapes.property, regions, excused)
    for fault in faults:
        reading.note(fault)
    reading.objects[key] = shapes.model_copy(update={"outlines": found})


def _read_file(path: Path, reading: Reading) -> None:
    data = _bytes(path, reading.faults)
    if data is None:
        return
    documents, faults = yamlfile.read(data, str(path))
    reading.faults += faults
    if faults:
        reading.unread.update(name.decode("utf-8", "replace") for name in _IDS.findall(data))
    for number, document in enumerate(documents):
        if document.value is None:
            continue
        if isinstance(document.value, list):
            for item, value in enumerate(document.value):
                _add(value, Origin(str(path), number, item), reading)
        else:
            _add(document.value, Origin(str(path), number, None), reading)


def _bytes(path: Path, faults: list[Fault]) -> bytes | None:
    """The file's content, no more of it than is needed to see that it is too large."""
    try:
        with path.open("rb") as file:
            return file.read(yamlfile.MAX_BYTES + 1)
    except OSError as error:
        faults.append(Fault(str(path), 1, 1, "unreadable", f"Cannot be opened: {error.strerror}"))
        return None


def _add(value: Any, origin: Origin, reading: Reading) -> None:
    """Build one declaration and keep it, or note why not."""

    def note(path: yamlfile.Path, on_key: bool, code: str, message: str, suggestion: str | None) -> None:
        line, column = reading.locate(origin, path, on_key)
        reading.note(Fault(origin.file, line, column, code, message, suggestion))

    built = objects.build(value, note)
    if built is None:
        if isinstance(value, dict):
            kind, name = str(value.get("kind")), str(value.get("id"))
            if kind in KINDS:
                reading.broken.add((kind, name))
            else:
                reading.unread.add(name)
        return
    key = (built.kind, built.id)
    first = reading.origins.get(key)
    if first is not None:
        line, _ = reading.locate(first, ("id",))
        note(
            ("id",),
            False,
            "duplicate-id",
            f"{built.kind} “{built.id}” is declared already, in {first.file}:{line}",
            None,
        )
        return
    reading.objects[key], reading.origins[key] = built, origin


def _inside(place: tuple[int, int], within: tuple[int, int]) -> tuple[int, int]:
    """A position inside a one-line value; the quote that opens it takes one column."""
    line, column = place
    return (line, column + within[1]) if within[0] == 1 else place
