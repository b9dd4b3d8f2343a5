"""Which data element of the standard a column holds, by its heading and by what stands in it. Pure.

A heading speaks through every name the standard has for an element: its id, its names in each language, the columns
already bound to it and the published headings already renamed to those. Values speak as far as they are
particular: that all of them are codes of one list says much, that all are numbers says little.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import pyarrow as pa

from commonweal.knowledge.lake.casting import cast, mask, matches
from commonweal.knowledge.lake.checking import limits
from commonweal.knowledge.lake.contract import BoundColumn, Contract
from commonweal.knowledge.lake.profiles import Profile
from commonweal.register import Register
from commonweal.register.models import Column, Dataset, Text

BOUND = 0.6
"""Confidence from which a column is bound."""
FEW = 60
"""Values that are tried on a code list before all are."""
PROBES = ("a", "word", "Two words", "7", "12345", "1.5", "2020-01-31", "北谷县")
"""What stands in all sorts of columns: a pattern that takes one of these says little."""
IMPERSONAL = 0.85
"""Of the confidence that remains where a code is about a person and the heading does not sound so."""
SAME_ENTITY = 0.05
"""How much the entity that most columns speak of adds."""
_WORD = re.compile(r"[a-z]+|\d+|[\u3400-\u9fff]+")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


@dataclass(frozen=True)
class Match:
    """A column and an element: how sure (0 to 1), why, and values that have to be recoded."""

    element: str
    confidence: float
    name: float
    fit: float
    recode: Mapping[str, str] = field(default_factory=dict)
    unfit: tuple[str, ...] = ()
    """Some of the values that do not fit."""

    @property
    def why(self) -> str:
        """The reasons, for the author who decides."""
        heading = "same heading" if self.name >= 0.99 else f"heading {self.name:.0%} alike" if self.name else ""
        unfit = f", not {'; '.join(value[:40] for value in self.unfit)}" if self.unfit else ""
        return ", ".join(part for part in (heading, f"{self.fit:.0%} of the values fit") if part) + unfit


def words(name: str) -> frozenset[str]:
    """What a name is made of: words in lower case, and for Chinese every pair of neighbouring characters."""
    plain = unicodedata.normalize("NFKC", _HUMP.sub(" ", name)).casefold()
    found: set[str] = set()
    for word in _WORD.findall(plain):
        if word[0] >= "\u3400" and len(word) > 1:
            found.update(word[i : i + 2] for i in range(len(word) - 1))
        else:
            found.add(word[:-1] if len(word) > 3 and word.endswith("s") else word)
    return frozenset(found - {"of", "the", "per", "in", "and", "a", "by", "的"})


def likeness(left: frozenset[str], right: frozenset[str]) -> float:
    """The share of words two names have in common (Dice); a word that begins another counts for a good half."""
    if not left or not right:
        return 0.0
    same = float(len(left & right))
    for word in left - right:
        same += 0.6 * any(len(w) > 2 < len(word) and (w.startswith(word) or word.startswith(w)) for w in right - left)
    return min(1.0, 2 * same / (len(left) + len(right)))


class Standard:
    """A register's elements, ready to be compared with columns."""

    def __init__(self, register: Register) -> None:
        self.register = register
        self.bound = {column.name: column for column in _all_elements(register)}
        self.names: dict[str, set[str]] = defaultdict(set)
        self._names_of_codes: dict[frozenset[str], Mapping[str, str]] = {}
        self._folded: dict[frozenset[str], frozenset[str]] = {}
        for element in register.elements.values():
            attribute = element.id.rpartition(".")[2]
            self.names[element.id] |= {attribute, element.id, *element.name.root.values()}
        for dataset in register.datasets.values():
            headers = _published(dataset)
            for column in dataset.columns:
                self.names[column.element] |= {column.name, *headers.get(column.name, ())}

    @cached_property
    def _words(self) -> dict[str, tuple[frozenset[str], ...]]:
        return {element: tuple({words(name) for name in names}) for element, names in self.names.items()}

    @cached_property
    def _plain(self) -> dict[str, frozenset[str]]:
        return {element: frozenset(map(_joined, names)) for element, names in self.names.items()}

    def alike(self, header: str, element: str) -> float:
        """How much a heading is like the names of an element."""
        if _joined(header) in self._plain[element]:
            return 1.0
        mine = words(header)
        return 0.9 * max((likeness(mine, theirs) for theirs in self._words[element]), default=0.0)

    def candidates(self, column: Profile, enough: float = 0.25) -> list[Match]:
        """The elements a column may hold, the surest first."""
        found = []
        for element_id, bound in self.bound.items():
            name = self.alike(column.header, element_id)
            special = particular(bound)
            if name < enough and special < 0.5:
                continue
            fit, recode, unfit = self.fitting(column, bound)
            if fit < 0.5:
                continue
            confidence = (1 - (1 - 0.9 * name) * (1 - 0.8 * special * _telling(column, bound))) * fit**2
            if (
                bound.codes is not None
                and bound.element.sensitivity in ("personal", "sensitive")
                and not column.personal
            ):
                confidence *= IMPERSONAL
            found.append(Match(element_id, confidence, name, fit, recode, unfit))
        return sorted(found, key=lambda match: (-match.confidence, match.element))

    def fitting(self, column: Profile, bound: BoundColumn) -> tuple[float, dict[str, str], tuple[str, ...]]:
        """The share of a column's values that an element takes, what has to be recoded, and some that do not fit."""
        if not len(column.sample):
            return 0.5, {}, ()
        if not _takes(bound, column):
            return 0.0, {}, ()
        if bound.codes is not None:
            return self._coded(column, bound.codes, self._spelt(bound))
        read = cast(column.sample, bound)
        wrong = mask(read.values.is_null())
        for where, _ in limits(column.sample, read.values, bound):
            wrong = wrong | where
        examples = column.sample.filter(pa.array(wrong)).slice(0, 3).to_pylist()
        return 1 - float(wrong.mean()), {}, tuple(examples)

    def _coded(
        self, column: Profile, codes: frozenset[str], spelt: Mapping[str, str]
    ) -> tuple[float, dict[str, str], tuple[str, ...]]:
        """How many values are codes or mean one; a few are tried first, since most lists are not the one."""
        few = column.sample.slice(0, FEW).to_pylist()
        if sum(value in codes or value in respell([value], codes, spelt) for value in few) < 0.3 * len(few):
            return 0.0, {}, ()
        values = _values_of(column)
        recode = respell(values, codes, spelt)
        unfit = [value for value in values if value not in codes and value not in recode]
        good = sum(value in codes or value in recode for value in column.sample.to_pylist())
        needed = {old: new for old, new in recode.items() if old.casefold() not in self._folded[codes]}
        return good / len(column.sample), needed, tuple(unfit[:3])

    def _spelt(self, bound: BoundColumn) -> Mapping[str, str]:
        codes = bound.codes or frozenset()
        if codes not in self._names_of_codes:
            told = {_joined(name): code for name, code in bound.spellings.items()}
            self._names_of_codes[codes] = told | {_joined(code): code for code in codes}
            self._folded[codes] = frozenset((*bound.spellings, *(code.casefold() for code in codes)))
        return self._names_of_codes[codes]


def _values_of(column: Profile) -> list[str]:
    return column.sample.unique().to_pylist()


def _joined(name: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", name).casefold() if c.isalnum())


def _all_elements(register: Register) -> Iterable[BoundColumn]:
    columns = tuple(Column(name=each, element=each) for each in register.elements)
    if not columns:
        return ()
    every = Dataset(id="every", name=Text({"en": "?"}), publisher="x", columns=columns, keys=(columns[0].name,))
    return Contract.of(replace(register, datasets={"every": every}), "every").columns


def _published(dataset: Dataset) -> dict[str, set[str]]:
    headers: dict[str, set[str]] = defaultdict(set)
    for header, column in (dataset.source.rename if dataset.source else {}).items():
        if not header.isdigit():
            headers[column].add(header)
    return headers


def particular(column: BoundColumn) -> float:
    """How much it says that values fit an element: 1 for a list of codes, nothing for free text."""
    element = column.element
    if column.codes is not None:
        return 1.0 if len(column.codes) > 2 else 0.5
    if element.pattern:
        return 0.2 if any(matches(pa.array(PROBES), element.pattern)) else 0.8
    if element.type in ("date", "boolean", "email", "phone"):
        return 0.15
    return 0.1 if element.min is not None and element.max is not None else 0.0


def _telling(column: Profile, bound: BoundColumn) -> float:
    """Few different values, and short plain ones, fit a list by chance."""
    if bound.codes is None:
        return 1.0
    values = _values_of(column)
    plain = sum(len(value) <= 2 for value in values) / max(len(values), 1)
    return min(1.0, len(values) / 4) * (1 - 0.6 * plain)


def _takes(bound: BoundColumn, column: Profile) -> bool:
    """Whether values of a column's type can be an element's at all."""
    wanted = bound.element.type
    if column.padded and wanted in ("integer", "decimal", "money", "year", "date"):
        return False
    loose = wanted in ("string", "text") and not bound.element.pattern
    return not (loose and column.type in ("decimal", "boolean", "date"))


def respell(values: Iterable[str], codes: frozenset[str], spelt: Mapping[str, str]) -> dict[str, str]:
    """Values that mean a code but are written otherwise: without leading zeros, with other marks.

    `spelt` leads from a code or a code's name, letters and digits only, to the code.
    """
    widths = {len(code) for code in codes if code.isdigit()}
    told = {}
    for value in values:
        if value in codes:
            continue
        padded = next((value.zfill(w) for w in widths if value.isdigit() and value.zfill(w) in codes), None)
        code = padded or spelt.get(_joined(value))
        if code is not None:
            told[value] = code
    return told


def assign(columns: Sequence[Profile], standard: Standard) -> dict[str, Match]:
    """Bind each column to at most one element and each element once, the surest first.

    Elements of the entity that most columns speak of come before equals of others.
    """
    every = {column.header: standard.candidates(column) for column in columns}
    spoken: Counter[str] = Counter()
    for found in every.values():
        for entity in {m.element.partition(".")[0] for m in found[:4] if m.confidence >= BOUND}:
            spoken[entity] += 1
    most = max(spoken.values(), default=1)

    def sure(match: Match) -> float:
        return match.confidence + SAME_ENTITY * spoken[match.element.partition(".")[0]] / most

    pairs = sorted(
        ((sure(m), -i, m, h) for i, (h, ms) in enumerate(every.items()) for m in ms if m.confidence >= BOUND),
        key=lambda pair: (-pair[0], -pair[1], pair[2].element),
    )
    bound: dict[str, Match] = {}
    taken: set[str] = set()
    for _, _, match, header in pairs:
        if header not in bound and match.element not in taken:
            bound[header] = match
            taken.add(match.element)
    return bound
