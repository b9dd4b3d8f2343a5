"""The index of the whole lake: every column at every grain it can be brought to, so that a search joins nothing.

One file a dataset and snapshot, remade only when the snapshot changed. Places and periods stand in it as keyed hashes
(BLAKE2b, RFC 7693, under a secret of this deployment), because a sketch is microdata: it is never published, and who
copies the folder cannot tell which county a figure belongs to.

A dataset by county and month is also held by county and quarter, county and year, county over all time, and for every
level of region above; two columns are compared at the finest grain that both have.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from django.conf import settings

from commonweal.core.declared import queries as declared
from commonweal.core.errors import Refused
from commonweal.core.trust import keys
from commonweal.knowledge.insight import sketches
from commonweal.knowledge.insight.explore import loading
from commonweal.knowledge.insight.frames import GRAINS, Frame, over_time, put_together, to_level
from commonweal.register import Register

Progress = Callable[[str, int, int], None]
PURPOSE = "insight-index"
VERSION = 1
LEAST = 12
MOST_KEYS = 200_000
"""Keys kept of a dataset at one grain, those of the smallest hashes: the same of every dataset."""


@dataclass(frozen=True)
class Near:
    """A column that may go with the one asked about: `grain` is that of the comparison, r and n as sketched."""

    dataset: str
    column: str
    grain: str
    r: float
    n: int


@dataclass(frozen=True)
class Nearest:
    """What a search found, the surest first, and with how many columns the one asked about was compared."""

    rows: tuple[Near, ...]
    compared: int


def refresh(progress: Progress | None = None) -> int:
    """Index the datasets that changed since they were indexed and forget those that are gone; how many were made.

    Any number of processes may do this at once: a file is written beside and put in place whole.
    """
    register, report = declared.current(), progress or (lambda what, done, total: None)
    wanted = {_file(name, snapshot): (name, snapshot) for name, snapshot in _snapshots(register).items()}
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    missing = [path for path in wanted if not path.exists()]
    for done, path in enumerate(missing, 1):
        _write(path, *wanted[path], register)
        report("Indexing datasets", done, len(missing))
    for old in set(folder.glob("*.npz")) - set(wanted):
        old.unlink(missing_ok=True)
    return len(missing)


def nearest(dataset: str, column: str, among: Collection[str], top: int = 40) -> Nearest:
    """Columns of the datasets `among` that go with a column, by the strength one can count on.

    Raises Refused `no-index` while the dataset's newest rows are not indexed, `no-column` for one that holds no
    figures or never varies.
    """
    held = _held(_present())
    name = _name(dataset, column)
    if dataset not in held.datasets:
        raise Refused("no-index", f"{dataset} is not indexed yet; run: commonweal collect")
    grains = [grain for grain, index in held.indexes.items() if name in index.columns]
    if not grains:
        raise Refused("no-column", f"{dataset} has no column {column} whose figures vary")
    allowed = set(among) - {dataset}
    settled: set[str] = set()
    found: list[Near] = []
    compared = 0
    for grain in sorted(grains, key=lambda each: -len(held.indexes[each].columns[name].hashes)):
        index = held.indexes[grain]
        asked = index.columns[name]
        here = held.groups[grain] & allowed - settled
        compared += sum(1 for each in index.columns.values() if each.group in here)
        found += [
            Near(hit.group, hit.name.partition("\x1f")[2], grain, hit.value, hit.n)
            for hit in _hits(index, asked, here, top)
        ]
        settled |= {group for group in here if held.shares(grain, group, asked)}
    best = sorted(found, key=lambda each: -float(sketches.certain(np.array([each.r]), np.array([each.n]))[0]))
    return Nearest(tuple(best[:top]), compared)


def _hits(index: sketches.Index, asked: sketches.Column, groups: set[str], top: int) -> list[sketches.Hit]:
    """The best of some datasets. More are asked for until enough are of those one may see."""
    count = top
    while True:
        hits = index.query(asked, top=count, least=LEAST)
        mine = [hit for hit in hits if hit.group in groups]
        if len(mine) >= top or len(hits) < count:
            return mine[:top]
        count *= 2


@dataclass(frozen=True)
class _Held:
    """Every file of the folder, lined up by grain."""

    datasets: frozenset[str]
    indexes: dict[str, sketches.Index]
    groups: dict[str, set[str]]

    def shares(self, grain: str, group: str, asked: sketches.Column) -> bool:
        """Whether a dataset has enough keys in common at this grain, so that no coarser one need be tried."""
        first = next(each for each in self.indexes[grain].columns.values() if each.group == group)
        return len(np.intersect1d(first.hashes, asked.hashes, assume_unique=True)) >= LEAST


@lru_cache(maxsize=2)
def _held(files: tuple[str, ...]) -> _Held:
    indexes: dict[str, sketches.Index] = {}
    groups: dict[str, set[str]] = {}
    datasets = set()
    for file in files:
        dataset = Path(file).name.partition("@")[0]
        datasets.add(dataset)
        for grain, column in _read(Path(file), dataset):
            index = indexes.setdefault(grain, sketches.Index())
            index.put(column)
            if column.name in index.columns:
                groups.setdefault(grain, set()).add(dataset)
    return _Held(frozenset(datasets), indexes, groups)


def _read(path: Path, dataset: str) -> Iterator[tuple[str, sketches.Column]]:
    with np.load(path, allow_pickle=False) as kept:
        names = kept["names"].tolist()
        for at, grain in enumerate(kept["grains"].tolist()):
            hashes, values = kept[f"hashes{at}"], kept[f"values{at}"]
            for name, row in zip(names, values, strict=True):
                here = np.isfinite(row)
                yield grain, sketches.Column(_name(dataset, name), hashes[here], row[here].astype(float), dataset)


def _write(path: Path, dataset: str, snapshot: str, register: Register) -> None:
    try:
        found = loading.frame_of(dataset, snapshot)
    except Refused:
        found = None  # it says neither where nor when, so nothing can be joined with it
    names = [m.name for m in found.measures if not m.is_category] if found is not None else []
    held: dict[str, np.ndarray] = {"names": np.array(names, dtype=str)}
    grains: list[str] = []
    for frame in _every_grain(found, register) if found is not None and names else ():
        hashes = _hashes(frame)
        order = np.argsort(hashes)[:MOST_KEYS]
        values = {m.name: m.values for m in frame.measures}
        held[f"hashes{len(grains)}"] = hashes[order]
        held[f"values{len(grains)}"] = np.stack([values[name][order] for name in names])
        grains.append(_grain(frame))
    held["grains"] = np.array(grains, dtype=str)
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as part:
        np.savez(part, **held)  # type: ignore[arg-type]
    os.replace(part.name, path)


def _every_grain(found: Frame, register: Register) -> Iterator[Frame]:
    """The frame at every grain of place and time it can be brought to, one row for each key."""
    whole = put_together(found)
    places = [whole]
    if found.place is not None and (found.domain or "").startswith("regions:"):
        own = set((found.domain or "").removeprefix("regions:").split("/"))
        levels = {region.level for region in register.regions.values()} - own
        moved = (to_level(whole, level, register.regions) for level in sorted(levels))
        places += [put_together(each) for each in moved if len(each)]
    for placed in places:
        yield placed
        if placed.time is None or placed.grain is None:
            continue
        for grain in (*GRAINS[GRAINS.index(placed.grain) + 1 :], None):
            if grain is not None or placed.place is not None:
                yield put_together(over_time(placed, grain))


def _grain(frame: Frame) -> str:
    return f"{frame.domain or ''}|{frame.grain or ''}"


def _hashes(frame: Frame) -> sketches.Hashes:
    """A keyed hash for each row's place and period."""
    total = np.zeros(len(frame), np.uint64)
    with np.errstate(over="ignore"):
        if frame.place is not None:
            total += _keyed(list(frame.places), f"place:{frame.domain}")[frame.place]
        if frame.time is not None:
            periods, at = np.unique(frame.time, return_inverse=True)
            total += _keyed([str(each) for each in periods.tolist()], f"time:{frame.grain}")[at]
        total ^= total >> np.uint64(31)
        total *= np.uint64(0x9E3779B97F4A7C15)
    return np.where(total == 0, np.uint64(1), total)


def _keyed(values: list[str], domain: str) -> sketches.Hashes:
    secret = keys.seal(PURPOSE, domain.encode())[-32:]
    told = [int.from_bytes(hashlib.blake2b(v.encode(), digest_size=8, key=secret).digest()) for v in values]
    return np.array(told, np.uint64)


def _name(dataset: str, column: str) -> str:
    return f"{dataset}\x1f{column}"


def _folder() -> Path:
    return Path(settings.LAKE_ROOT) / "index"


def _file(dataset: str, snapshot: str) -> Path:
    """Where a dataset's index lies: named by its rows, its declaration's keys and the secret it was made under."""
    declaration = declared.current().datasets[dataset]
    serial = keys.seal(PURPOSE, b"")[:-32].hex()
    mark = f"{VERSION}|{declaration.region}|{declaration.period}|{declaration.keys}|{serial}"
    return _folder() / f"{dataset}@{snapshot}-{hashlib.sha256(mark.encode()).hexdigest()[:8]}.npz"


def _snapshots(register: Register) -> dict[str, str]:
    return loading.snapshots(sorted(register.datasets))


def _present() -> tuple[str, ...]:
    """The files of the newest snapshots that are there."""
    snapshots = _snapshots(declared.current())
    return tuple(str(path) for path in sorted(_file(*each) for each in snapshots.items()) if path.exists())
