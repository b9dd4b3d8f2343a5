"""One YAML file, read as YAML 1.2 with every value exactly as written.

libyaml does the scanning (through PyYAML's events, so that depth is bounded here and not by the C stack);
what a plain word means is decided by the YAML 1.2 core schema, not by PyYAML: only `true` and `false` are
booleans, and dates and numbers stay as they are spelt until a type asks for one, so that `200.00` never passes
through a float and a code written `01` keeps its zero.

Ordinary files are read by `_quick`, which knows nothing of positions. A file in which it meets anything out of the
ordinary (a fault, an anchor, a tag) is read again by `_Reader`, which can say what and where.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml
from yaml import events as ev
from yaml.cyaml import CParser  # type: ignore[attr-defined]  # the stubs do not list it

from commonweal.register.faults import Fault

MAX_BYTES = 4 * 1024 * 1024
MAX_DEPTH = 40
MAX_ALIASED = 50_000
MAX_FAULTS = 200

Path = tuple[str | int, ...]
Place = tuple[int, int]

_LINE_ENDS = re.compile("[\x85\u2028\u2029]")
"""Line ends in YAML 1.1, and so for libyaml, that YAML 1.2 and editors do not count."""
_WORDS: dict[str, Any] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip
_TEXT_TAG = "tag:yaml.org,2002:str"


@dataclass(slots=True)
class Document:
    """One document of a file: its value, and where each part of it stands when positions were asked for.

    `keys` and `values` map a path of keys and indices to (line, column), both starting at 1.
    """

    value: Any = None
    line: int = 1
    column: int = 1
    keys: dict[Path, Place] = field(default_factory=dict)
    values: dict[Path, Place] = field(default_factory=dict)


class _StopError(Exception):
    """The rest of the file cannot be read; the fault is already noted."""


@dataclass(slots=True)
class _Frame:
    """A mapping or sequence being filled."""

    value: Any
    path: Path
    lines: dict[str, int] | None
    started: int
    anchor: str | None
    key: str | None = None


class _Reader:
    """Turns libyaml's events into values, noting every fault it can go on after."""

    def __init__(self, file: str, positions: bool, last: int) -> None:
        self.file, self.positions, self.last = file, positions, last
        self.faults: list[Fault] = []
        self.anchors: dict[str, tuple[Any, int]] = {}
        self.nodes = self.aliased = 0
        self.stack: list[_Frame] = []
        self.document = Document()

    def fault(self, mark: Any, code: str, message: str) -> None:
        """Note a fault at a mark of libyaml's."""
        self.faults.append(Fault(self.file, *self.at(mark), code, message))
        if len(self.faults) >= MAX_FAULTS:
            raise _StopError

    def at(self, mark: Any) -> Place:
        """A mark's line and column from 1; what libyaml sees after the last line end is put on the last line."""
        return (mark.line + 1, mark.column + 1) if mark.line < self.last else (self.last, 1)

    def documents(self, parser: Any) -> Iterator[Document]:
        """Yield each document as it ends."""
        while parser.check_event():
            event = parser.get_event()
            kind = type(event)
            if kind is ev.ScalarEvent:
                value = self.scalar(event)
                if event.anchor:
                    self.anchors[event.anchor] = (value, 1)
                self.put(event, value, 1)
            elif kind is ev.MappingStartEvent or kind is ev.SequenceStartEvent:
                self.open(event, kind is ev.MappingStartEvent)
            elif kind is ev.MappingEndEvent or kind is ev.SequenceEndEvent:
                self.close(event)
            elif kind is ev.AliasEvent:
                self.alias(event)
            elif kind is ev.DocumentStartEvent:
                self.anchors.clear()
                self.document = Document()
            elif kind is ev.DocumentEndEvent:
                yield self.document

    def scalar(self, event: Any) -> Any:
        """The value of a scalar by the core schema."""
        text, tag = event.value, event.tag
        if tag is not None and tag not in (_TEXT_TAG, "!"):
            self.fault(
                event.start_mark, "tag", f"The tag {tag[:60]} is not used in a register; write the value without it"
            )
            return text
        return text if event.style or tag is not None else _WORDS.get(text, text)

    def put(self, event: Any, value: Any, added: int) -> None:
        """Place a finished value where the frame on top of the stack expects it; it `added` that many nodes."""
        self.nodes += added
        if not self.stack:
            self.document.value = value
            self.place(self.document.values, (), event)
            self.document.line, self.document.column = self.at(event.start_mark)
            return
        frame = self.stack[-1]
        if frame.lines is None:
            self.place(self.document.values, (*frame.path, len(frame.value)), event)
            frame.value.append(value)
        elif frame.key is None:
            frame.key = self.key(event, value, frame)
        else:
            self.place(self.document.values, (*frame.path, frame.key), event)
            frame.value.setdefault(frame.key, value)
            frame.key = None

    def key(self, event: Any, value: Any, frame: _Frame) -> str:
        """The key a value stands for. A repeated key keeps its first value, and both lines are named."""
        assert frame.lines is not None
        if not isinstance(value, str):
            written = getattr(event, "value", None)
            if not isinstance(written, str):
                self.fault(event.start_mark, "key", "A key is a single word, not a list or a mapping")
                written = f"?{self.nodes}"
            value = written
        key, line = str(value), event.start_mark.line + 1
        if key in frame.lines:
            self.fault(
                event.start_mark, "duplicate-key", f"“{key[:60]}” is written twice; first on line {frame.lines[key]}"
            )
        else:
            frame.lines[key] = line
            self.place(self.document.keys, (*frame.path, key), event)
        return key

    def place(self, where: dict[Path, Place], path: Path, event: Any) -> None:
        """Remember where a value or key stands, the first time it is met."""
        if self.positions:
            where.setdefault(path, self.at(event.start_mark))

    def open(self, event: Any, mapping: bool) -> None:
        """Begin a mapping or sequence."""
        if len(self.stack) >= MAX_DEPTH:
            self.fault(event.start_mark, "depth", f"Nested more than {MAX_DEPTH} deep; no declaration needs that")
            raise _StopError
        if event.tag is not None:
            self.fault(
                event.start_mark,
                "tag",
                f"The tag {event.tag[:60]} is not used in a register; write the value without it",
            )
        path: Path = ()
        if self.stack:
            top = self.stack[-1]
            path = (*top.path, len(top.value) if top.lines is None else top.key or "?")
        frame = _Frame({} if mapping else [], path, {} if mapping else None, self.nodes, event.anchor)
        self.starts(event)
        self.stack.append(frame)

    def starts(self, event: Any) -> None:
        """Remember where the container itself begins (its end event would say where it ends)."""
        if not self.stack:
            self.document.line, self.document.column = self.at(event.start_mark)
            self.place(self.document.values, (), event)
            return
        top = self.stack[-1]
        if top.lines is None:
            self.place(self.document.values, (*top.path, len(top.value)), event)
        elif top.key is not None:
            self.place(self.document.values, (*top.path, top.key), event)

    def close(self, event: Any) -> None:
        """Finish a mapping or sequence and put it in its parent."""
        frame = self.stack.pop()
        start = (self.document.line, self.document.column)
        if frame.anchor:
            self.anchors[frame.anchor] = (frame.value, self.nodes - frame.started + 1)
        self.put(event, frame.value, 1)
        if not self.stack:
            self.document.line, self.document.column = start

    def alias(self, event: Any) -> None:
        """Repeat an anchored value, within a budget: ten lines of aliases can stand for billions of values."""
        known = self.anchors.get(event.anchor)
        if known is None:
            self.fault(event.start_mark, "alias", f"Nothing before this place is named &{event.anchor[:60]}")
            self.put(event, None, 1)
            return
        value, size = known
        self.aliased += size
        if self.aliased > MAX_ALIASED:
            self.fault(event.start_mark, "alias", "Aliases repeat too much; write the values out, or share less")
            raise _StopError
        self.put(event, value, size)


def read(data: bytes, file: str, *, positions: bool = False) -> tuple[list[Document], list[Fault]]:
    """Read every document of a file. Never raises for bad content: what cannot be read is a fault with a place.

    With `positions`, each document also knows where its keys and values stand; it takes twice as long, so the
    loader asks for it only when a fault has to be shown.
    """
    problem = _unreadable(data, file)
    if problem:
        return [], [problem]
    ordinary = None if positions else _quick(data)
    if ordinary is not None:
        return [Document(value) for value in ordinary], []
    last = max(len(data.splitlines()), 1)
    reader, documents = _Reader(file, positions, last), list[Document]()
    parser = CParser(data)
    try:
        documents.extend(reader.documents(parser))
    except _StopError:
        pass
    except yaml.YAMLError as error:
        reader.faults.append(_syntax(error, data, file, last))
    finally:
        parser.dispose()
    return documents, reader.faults


def _quick(data: bytes) -> list[Any] | None:
    """The values of a file's documents, or None when anything in it is out of the ordinary."""
    values: list[Any] = []
    stack: list[tuple[Any, str | None]] = []
    into: Any = values
    key: str | None = None
    parser = CParser(data)
    try:
        while parser.check_event():
            event: Any = parser.get_event()
            kind = type(event)
            if kind is ev.ScalarEvent:
                value = event.value
                if event.anchor or event.tag:
                    return None
                if type(into) is dict and key is None:
                    if value in into:
                        return None
                    key = value
                    continue
                if not event.style and value in _WORDS:
                    value = _WORDS[value]
            elif kind is ev.MappingStartEvent or kind is ev.SequenceStartEvent:
                if event.anchor or event.tag or len(stack) >= MAX_DEPTH or (type(into) is dict and key is None):
                    return None
                stack.append((into, key))
                into, key = {} if kind is ev.MappingStartEvent else [], None
                continue
            elif kind is ev.MappingEndEvent or kind is ev.SequenceEndEvent:
                value = into
                into, key = stack.pop()
            elif kind is ev.AliasEvent:
                return None
            else:
                continue
            if key is None:
                into.append(value)
            else:
                into[key] = value
                key = None
    except yaml.YAMLError:
        return None
    finally:
        parser.dispose()
    return values


def _unreadable(data: bytes, file: str) -> Fault | None:
    """The fault of a file that is too large or is not UTF-8."""
    if len(data) > MAX_BYTES:
        return Fault(file, 1, 1, "too-large", f"Larger than {MAX_BYTES >> 20} MiB; put declarations in several files")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line = before.count(b"\n") + 1
        column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
        return Fault(file, line, column, "encoding", "Not UTF-8 here; save the file as UTF-8")
    strange = _LINE_ENDS.search(text)
    if strange:
        before = text[: strange.start()].encode()
        line, start = len(before.splitlines()) or 1, max(before.rfind(b"\n"), before.rfind(b"\r")) + 1
        name = f"U+{ord(strange[0]):04X}"
        message = f"The character {name} ends lines for some programs and not for others; write an ordinary line end"
        return Fault(file, line, len(before[start:].decode()) + 1, "encoding", message)
    return None


def _syntax(error: yaml.YAMLError, data: bytes, file: str, last: int) -> Fault:
    """A fault from libyaml's complaint, kept within the lines that the file has."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is None:
        offset = getattr(error, "position", 0) or 0
        before = data[:offset]
        line, column = before.count(b"\n") + 1, len(before) - before.rfind(b"\n")
    else:
        line, column = mark.line + 1, mark.column + 1
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "not YAML"
    context = getattr(error, "context", None)
    begun = getattr(error, "context_mark", None)
    message = f"Not YAML: {problem}"
    if context and begun is not None:
        message += f", {context} begun on line {begun.line + 1}"
    text = data.split(b"\n")[line - 1 : line]
    if text and b"\t" in text[0][: len(text[0]) - len(text[0].lstrip())]:
        message += "; indent with spaces, not tabs"
    elif "mapping values are not allowed" in message:
        message += "; put words that hold a colon in quotes"
    elif "expected ',' or" in message:
        message += "; put words that hold any of : , [ ] { } in quotes"
    return Fault(file, min(line, last), column if line <= last else 1, "yaml", message)
