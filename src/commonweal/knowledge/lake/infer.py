"""Drafting a dataset's declaration from a file, so that a new dataset speaks the standard and not a dialect."""

from __future__ import annotations

import re
import tempfile
import unicodedata
from collections.abc import Sequence
from pathlib import Path

from commonweal.core.errors import Refused
from commonweal.knowledge.lake.casting import tidy
from commonweal.knowledge.lake.checking import ROW
from commonweal.knowledge.lake.drafts import Draft, DraftColumn, write
from commonweal.knowledge.lake.keying import propose
from commonweal.knowledge.lake.matching import Match, Standard, assign
from commonweal.knowledge.lake.profiles import Profile, profile
from commonweal.knowledge.lake.reading import read
from commonweal.knowledge.lake.unpivoting import unpivot
from commonweal.register import Register
from commonweal.register.check import examine
from commonweal.register.faults import Fault, has_errors
from commonweal.register.reading import assemble
from commonweal.register.reading import read as read_folder


def infer(path: Path, jurisdiction: Path, *, publisher: str | None = None, name: str | None = None) -> tuple[str, int]:
    """A draft declaration of the dataset in a file, as YAML with a comment on every guess, and the exit code.

    Columns are bound to elements the jurisdiction declares where heading and values fit; the others are proposed as
    new elements. Appended to the jurisdiction, the draft passes `commonweal check`; the code is 1 where it does
    not, and the faults stand below it as comments. Raises Refused when file or jurisdiction cannot be read.
    """
    register, faults = _register(jurisdiction)
    raw = read(path)
    table, melt = unpivot(raw.table)
    columns = [profile(header, tidy(table.column(header))) for header in table.column_names if header != ROW]
    if not columns or not len(table):
        raise Refused("empty-file", f"{path.name} holds no rows to draft a dataset from")
    bound = assign(columns, Standard(register))
    draft = _draft(path, jurisdiction, register, columns, bound)
    draft.melt, draft.name = melt, name or draft.name
    draft.rows, draft.titles, draft.broken = len(raw.table), raw.titles, len(raw.broken)
    if publisher is not None:
        draft.publisher, draft.publisher_why = publisher, ""
    text = write(draft, register)
    mistakes = judge(text, jurisdiction, faults)
    comments = "".join(f"# {fault.severity}: {fault.message}\n" for fault in mistakes)
    return text + comments, int(has_errors(mistakes))


def _register(jurisdiction: Path) -> tuple[Register, frozenset[Fault]]:
    reading = read_folder(jurisdiction)
    register = assemble(reading)
    if register is None:
        raise Refused(
            "broken-register", f"{jurisdiction} cannot be read as declarations; see: commonweal check {jurisdiction}"
        )
    examine(reading)
    return register, frozenset(reading.faults)


def judge(text: str, jurisdiction: Path, known: frozenset[Fault]) -> list[Fault]:
    """The faults that a draft would bring into a jurisdiction, beside those it has."""
    reading = read_folder(jurisdiction)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "draft.yaml"
        file.write_text(text, encoding="utf-8")
        draft = read_folder(file)
        reading.origins.update(draft.origins)
        reading.objects.update(draft.objects)
        examine(reading)
        return sorted({*draft.faults, *reading.faults} - known)


def slug(text: str, joint: str = "_") -> str:
    """A name in lower-case Latin letters; empty when there is none in the text."""
    plain = unicodedata.normalize("NFKD", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", joint, plain.lower()).strip(joint)[:60].strip(joint)


def _draft(
    path: Path, jurisdiction: Path, register: Register, columns: Sequence[Profile], bound: dict[str, Match]
) -> Draft:
    stem = path.name.removesuffix(".gz").rpartition(".")[0] or path.name
    name = _free(slug(stem, "-") or "dataset", set(register.datasets), "-")
    entity = slug(name)
    entity = entity if entity[:1].isalpha() else f"d_{entity}"
    drafted: list[DraftColumn] = []
    names: set[str] = set()
    elements = set(register.elements)
    for position, column in enumerate(columns, 1):
        match = bound.get(column.header)
        own = _free(slug(column.header) or column.header, names, "_")
        names.add(own)
        element = match.element if match else _new_element(entity, own, position, elements)
        elements.add(element)
        kind = register.elements[element].type if match else column.type
        drafted.append(DraftColumn(column, own, element, kind, match))
    keys = propose(columns, {c.profile.header: c.type for c in drafted})
    publisher, why = _publisher(register, bound)
    inside = path.resolve().is_relative_to(jurisdiction.resolve())
    where = str(path.resolve().relative_to(jurisdiction.resolve())) if inside else f"data/{path.name}"
    return Draft(name, stem, drafted, keys, publisher, why, where, inside)


def _new_element(entity: str, own: str, position: int, taken: set[str]) -> str:
    attribute = slug(own) or f"column_{position}"
    attribute = attribute if attribute[:1].isalpha() else f"c_{attribute}"
    return _free(f"{entity}.{attribute}", taken, "_")


def _free(name: str, taken: set[str], joint: str) -> str:
    found, number = name, 1
    while found in taken:
        number += 1
        found = f"{name}{joint}{number}"
    return found


def _publisher(register: Register, bound: dict[str, Match]) -> tuple[str, str]:
    """Who answers for the datasets that already hold these elements, else the first organisation."""
    elements = {match.element for match in bound.values()}
    votes: dict[str, int] = {}
    for dataset in register.datasets.values():
        same = sum(column.element in elements for column in dataset.columns)
        votes[dataset.publisher] = votes.get(dataset.publisher, 0) + same
    best = max(votes, key=lambda each: votes[each], default=None)
    if best is not None and votes[best]:
        return best, "publishes datasets with the same elements; name the one that answers for this"
    first = next(iter(register.organisations), None)
    if first is None:
        raise Refused("no-organisation", "The jurisdiction declares no organisation that could publish a dataset")
    return first, "nothing says who publishes this; name the organisation that does"
