"""A drafted declaration as YAML, with a comment on everything that was guessed. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from commonweal.knowledge.lake.keying import Keys
from commonweal.knowledge.lake.matching import Match
from commonweal.knowledge.lake.profiles import Profile
from commonweal.register import Register
from commonweal.register.check.standard import normalised

MOST_RECODED = 400


@dataclass(frozen=True)
class DraftColumn:
    """A column of the draft: what the file calls it, what it is called here, and its element (matched or new)."""

    profile: Profile
    name: str
    element: str
    type: str
    match: Match | None


@dataclass
class Draft:
    """A dataset that nobody has declared yet."""

    name: str
    title: str
    columns: list[DraftColumn]
    keys: Keys
    publisher: str
    publisher_why: str
    path: str
    inside: bool
    melt: dict[str, str] | None = None
    rows: int = 0
    titles: int = 0
    broken: int = 0


def write(draft: Draft, register: Register) -> str:
    """The YAML: new elements first, then the dataset."""
    return "\n".join((*_top(draft), *_elements(draft, register), *_dataset(draft, register))) + "\n"


def said(value: Any) -> str:
    """A value as YAML that means exactly it, on one line."""
    if isinstance(value, str):
        value = value.replace("\u2028", " ").replace("\u2029", " ").replace("\x85", " ")
    return json.dumps(value, ensure_ascii=False)


def _line(pairs: Iterable[tuple[str, Any]]) -> str:
    return "{" + ", ".join(f"{key}: {text}" for key, text in pairs) + "}"


def _top(draft: Draft) -> Iterator[str]:
    bound = sum(column.match is not None for column in draft.columns)
    yield f"# Drafted from {draft.path.rpartition('/')[2]}: {draft.rows:,} rows, {len(draft.columns)} columns."
    yield f"# {bound} columns bound to the standard, {len(draft.columns) - bound} proposed as new elements."
    yield "# Every comment is a guess to be confirmed. Confidence: 1 is certain."
    if draft.titles:
        yield f"# {draft.titles} title rows above the headings are left out."
    if draft.broken:
        yield f"# {draft.broken} rows have another number of columns; they will be set aside."


def _words(register: Register, text: str) -> str:
    return _line((language, said(text)) for language in register.jurisdiction.languages)


def _elements(draft: Draft, register: Register) -> Iterator[str]:
    names: set[tuple[str, str]] = {
        (normalised(words), element.type)
        for element in register.elements.values()
        for words in element.name.root.values()
    }
    untold = len(register.jurisdiction.languages) > 1
    for column in draft.columns:
        if column.match is not None:
            continue
        name = column.profile.header
        while (normalised(name), column.type) in names:
            name = f"{name} ({draft.title})"
        names.add((normalised(name), column.type))
        pairs = [("kind", "DataElement"), ("id", column.element), ("type", column.type)]
        pairs += [("name", _words(register, name)), *_limits(column.profile)]
        personal = column.profile.personal
        pairs.append(("sensitivity", "personal" if personal else "internal"))
        why = "nothing in the standard fits" + ("; translate the name" if untold else "")
        yield f"- {_line(pairs)}  # new: {why}" + ("; sounds personal" if personal else "")


def _limits(profile: Profile) -> Iterator[tuple[str, Any]]:
    if profile.padded:
        yield "pattern", said(f"[0-9]{{{profile.padded}}}")
    if profile.unit:
        yield "unit", said(profile.unit)
    if profile.least is not None and profile.least >= 0:
        yield "min", "0"


def _dataset(draft: Draft, register: Register) -> Iterator[str]:
    yield "- kind: Dataset"
    yield f"  id: {draft.name}"
    yield f"  name: {_words(register, draft.title)}  # say what it is about, in each language"
    yield f"  publisher: {draft.publisher}" + (f"  # {draft.publisher_why}" if draft.publisher_why else "")
    yield "  columns:"
    keys = set(draft.keys.columns)
    for column in draft.columns:
        yield "    - " + _column(column, column.profile.header in keys)
    names = [column.name for column in draft.columns if column.profile.header in keys]
    yield f"  keys: [{', '.join(map(said, names))}]{_keyed(draft.keys)}"
    yield from _place(draft, names)
    personal = any(_personal(column, register) for column in draft.columns)
    yield "  rhythm: yearly  # how often is it renewed?"
    yield f"  access: {'restricted' if personal else 'shared'}  # " + (
        "it seems to hold personal data" if personal else "open, where the law allows"
    )
    yield from _source(draft)


def _personal(column: DraftColumn, register: Register) -> bool:
    if column.match is None:
        return column.profile.personal
    return register.elements[column.element].sensitivity in ("personal", "sensitive")


def _column(column: DraftColumn, key: bool) -> str:
    pairs = [("name", said(column.name)), ("element", column.element)]
    if not column.profile.empty and not key:
        pairs.append(("required", "true"))
    match = column.match
    told = f"{match.confidence:.2f}: {match.why}" if match else "new element, see above"
    empty = f"; {column.profile.empty:,} empty" if column.profile.empty else ""
    return f"{_line(pairs)}  # {told}{empty}"


def _keyed(keys: Keys) -> str:
    if keys.repeated:
        return f"  # not unique: {keys.repeated:,} rows repeat a key; no set of three columns tells all rows apart"
    return "  # tells all rows apart" + (f"; {keys.empty:,} rows lack it" if keys.empty else "")


def _place(draft: Draft, keys: list[str]) -> Iterator[str]:
    ordered = sorted(draft.columns, key=lambda column: column.name not in keys)
    region = next((c for c in ordered if c.type == "region"), None) or next(
        (c for c in ordered if c.type == "code" and c.name in keys), None
    )
    period = next((c for c in ordered if c.type in ("date", "year")), None)
    if region:
        yield f"  region: {said(region.name)}"
    if period and (period.name in keys or sum(c.type in ("date", "year") for c in ordered) == 1):
        yield f"  period: {said(period.name)}"
    yield f"  grain: {'region' if region and region.name in keys else 'other'}  # what is a row about?"


def _source(draft: Draft) -> Iterator[str]:
    yield "  source:"
    yield "    type: file"
    yield f"    path: {said(draft.path)}" + ("" if draft.inside else "  # copy the file there, beside the declarations")
    melted = set(draft.melt.values()) if draft.melt else set()
    renamed = [c for c in draft.columns if c.name != c.profile.header and c.profile.header not in melted]
    if renamed:
        yield "    rename:"
        yield from (f"      {said(c.profile.header)}: {said(c.name)}" for c in renamed)
    if draft.melt:
        told = {c.profile.header: c.name for c in draft.columns}
        pairs = [(k, said(told.get(v, v) if k != "columns" else v)) for k, v in draft.melt.items()]
        yield f"    melt: {_line(pairs)}"
    recoded = [c for c in draft.columns if c.match and c.match.recode]
    if recoded:
        yield "    recode:"
    for column in recoded:
        assert column.match is not None
        values = list(column.match.recode.items())
        yield f"      {said(column.name)}:"
        yield from (f"        {said(old)}: {said(new)}" for old, new in values[:MOST_RECODED])
