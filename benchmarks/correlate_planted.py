"""Knowledge among strong correlations: 150 columns planted in a real lake, and what the list of findings makes of them.

Reads ../shared/data/owid (keys Entity and Year). Planted, each from a column of the lake, with seeds changed each run:

  50 true     moves with the column within places over time (in proportion, where the column is skewed over powers of
              ten), under region and period effects of its own
  50 trends   shares the column's average path over the years and nothing else; from columns of which that path makes a
              quarter of the movement within places, so that the two do look related
  50 copies   the column in another unit, or the exact total of two or three columns of one dataset

Judged on findings that touch a planted column: of the first fifty, how many tell a true relation
(`precision@50`), how many trends are named as such, how many copies and totals are folded away or named. Beside it,
ranking by |r|.
"""

from __future__ import annotations

import itertools
import os
import sys
import time
from pathlib import Path

import numpy as np
import pyarrow as pa

from commonweal.knowledge.insight.engine import scaled
from commonweal.knowledge.insight.estimates import without_effects
from commonweal.knowledge.insight.frames import Frame, Measure
from commonweal.knowledge.insight.kinds import NEWS
from commonweal.knowledge.insight.pairing import element_for
from commonweal.knowledge.insight.plain import periods, read_plain
from commonweal.knowledge.insight.scan import compare, judge, scan
from commonweal.register.models import Dataset

SHARED = Path(os.environ.get("COMMONWEAL_SHARED", Path(__file__).resolve().parents[2] / "shared"))
EACH = 50
FILES = int(os.environ.get("PLANTED_FILES", "60"))
"""Datasets read; PLANTED_FILES=450 for the whole lake, which takes many minutes."""


def dataset(name: str) -> Dataset:
    """An undeclared file as the engine sees it."""
    return Dataset.model_construct(id=name, publisher=name, source=None, period="year", region="place", grain="region")


def as_frame(name: str, places: list[str | None], years: np.ndarray, columns: dict[str, np.ndarray]) -> Frame:
    """Columns over places and years."""
    encoded = pa.array(places, pa.string()).dictionary_encode()
    codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    keep = (codes >= 0) & (years >= 0)
    measures = tuple(Measure(n, element_for(f"{name}.{n}"), v[keep]) for n, v in columns.items())
    named = tuple(encoded.dictionary.to_pylist())
    return Frame(dataset(name), "list:entity", named, codes[keep], "year", years[keep], None, measures)


def read_lake(folder: Path) -> list[Frame]:
    """Every file with Entity and Year, its numeric columns of thirty values or more."""
    frames = []
    for path in sorted(folder.glob("*.csv"))[: FILES * 3]:
        if len(frames) >= FILES or not path.stat().st_size:
            continue
        try:
            table = read_plain(path, ("Entity", "Year"))
        except Exception:
            continue
        years = periods(table.keys[1])
        columns = {c.name: c.values for c in table.columns if not c.categories and np.isfinite(c.values).sum() >= 30}
        if years is not None and columns:
            frames.append(as_frame(table.name[:60], table.keys[0], years, columns))
    return frames


def sources(frames: list[Frame], draw: np.random.Generator) -> list[tuple[Frame, Measure]]:
    """Columns followed over time in many places, in random order."""
    fit = []
    for frame in frames:
        for measure in frame.measures:
            here = np.isfinite(measure.values)
            places, years = np.unique(frame.place[here]), np.unique(frame.time[here])
            if (
                len(places) >= 30
                and len(years) >= 10
                and here.sum() >= 8 * len(places)
                and np.ptp(measure.values[here]) > 0
            ):
                fit.append((frame, measure))
    return [fit[i] for i in draw.permutation(len(fit))]


def path_share(frame: Frame, measure: Measure) -> float:
    """How much of a column's movement within places is the average path that all of them share."""
    here = np.isfinite(measure.values)
    place = np.unique(frame.place[here], return_inverse=True)[1]
    time = np.unique(frame.time[here], return_inverse=True)[1]
    x = scaled(measure.values[here])
    own = x - (np.bincount(place, weights=x) / np.bincount(place))[place]
    path = (np.bincount(time, weights=own) / np.bincount(time))[time]
    return float(np.var(path) / max(np.var(own), 1e-300))


def plant(kind: str, frame: Frame, measure: Measure, draw: np.random.Generator) -> np.ndarray:
    """A planted column over the rows of its source."""
    here = np.isfinite(measure.values)
    place, time = frame.place[here], np.unique(frame.time[here], return_inverse=True)[1]
    x = measure.values[here]
    own = draw.normal(0, 2, int(frame.place.max()) + 1)[place]
    if kind == "true":
        signal = without_effects(scaled(x), np.unique(place, return_inverse=True)[1], time)
        path = np.cumsum(draw.normal(0, 0.4, time.max() + 1))[time]
        noise = draw.normal(0, 1.2, len(x))
        values = signal / (signal.std() or 1.0) + noise + own + path
    elif kind == "trend":
        x = scaled(x)
        path = (np.bincount(time, weights=x) / np.bincount(time))[time]
        values = 3 * (path - path.mean()) / (path.std() or 1.0) + draw.normal(0, 1, len(x)) + 0.3 * own
    else:
        values = x * draw.uniform(0.2, 30) + draw.choice([0.0, 32.0])
    planted = np.full(len(here), np.nan)
    planted[here] = values
    return planted


def planted_frames(frames: list[Frame], seed: int) -> tuple[list[Frame], dict[str, tuple[str, str, str]]]:
    """The planted datasets, and for each its kind and source column."""
    draw = np.random.default_rng(seed)
    pool = itertools.cycle(sources(frames, draw))
    made, told = [], {}
    for number in range(3 * EACH):
        kind = ("true", "trend", "copy")[number % 3]
        frame, measure = next(pool)
        while kind == "trend" and path_share(frame, measure) < 0.25:
            frame, measure = next(pool)
        name = f"zz-{kind}-{number:03d}"
        values = plant(kind, frame, measure, draw)
        numeric = [m for m in frame.measures if m is not measure and np.isfinite(m.values * measure.values).sum() >= 60]
        if kind == "copy" and number % 2 and numeric:
            parts = [measure, *(numeric[i] for i in draw.permutation(len(numeric))[: draw.integers(1, 3)])]
            values = np.sum([p.values for p in parts], axis=0)
        made.append(
            Frame(dataset(name), frame.domain, frame.places, frame.place, "year", frame.time, None,
                  (Measure("planted", element_for(f"{name}.planted"), values),))
        )  # fmt: skip
        told[name] = (kind, frame.dataset.id, measure.name)
    return made, told


def run(seed: int) -> None:
    """Plant, scan, judge and print."""
    start = time.perf_counter()
    lake = read_lake(SHARED / "data" / "owid")
    columns = sum(len(f.measures) for f in lake)
    print(f"seed {seed}: {len(lake)} datasets, {columns} columns, read in {time.perf_counter() - start:.0f} s")
    made, told = planted_frames(lake, seed)
    start = time.perf_counter()
    result = scan([*lake, *made], {}, touching=set(told))
    seconds = time.perf_counter() - start
    counts = f"{result.looked:,} pairs, {len(result.pairs):,} named"
    print(f"scan of what touches the planted columns: {seconds:.0f} s, {counts}")
    report(result, lake, made, told)


def report(result, lake, made, told) -> None:  # type: ignore[no-untyped-def]
    """The three figures, and the baseline."""

    def planted(pair) -> str | None:  # type: ignore[no-untyped-def]
        ids = {pair.joined.left.dataset.id, pair.joined.right.dataset.id} & set(told)
        return next(iter(ids)) if len(ids) == 1 else None

    touching = [p for p in result.pairs if planted(p)]
    news = [p for p in touching if p.kind in NEWS and p.folded_into is None]
    first = [told[planted(p)][0] for p in news[:EACH]]
    by_r = sorted(touching, key=lambda p: -abs(p.measured.views["level"].value if "level" in p.measured.views else 0))
    baseline = [told[planted(p)][0] for p in by_r[:EACH]]
    by_id = {f.dataset.id: f for f in lake}
    trends = [f for f in made if told[f.dataset.id][0] == "trend"]
    named = 0
    for frame in trends:
        _, source, column = told[frame.dataset.id]
        only = {frozenset(((frame.dataset.id, "planted"), (source, column)))}
        judged, _ = judge(compare(by_id[source], frame, {}, only), result.tests)
        named += any(p.kind == "trend-only" for p in judged)
    copies = [n for n, t in told.items() if t[0] == "copy"]
    loud = {planted(p) for p in news}
    folded = sum(1 for n in copies if n not in loud)
    precise, loudest = first.count("true") / max(1, len(first)), baseline.count("true") / EACH
    print(f"  precision@50: {precise:.2f} (of {len(first)}); by |r|: {loudest:.2f}")
    print(f"  trends named as such: {named / len(trends):.2f}")
    print(f"  copies and totals never told as news: {folded / len(copies):.2f}")
    print("  the others among the first fifty:", {k: first.count(k) for k in ("trend", "copy")})


if __name__ == "__main__":
    if not (SHARED / "data" / "owid").is_dir():
        sys.exit("The shared data is not here; set COMMONWEAL_SHARED.")
    run(int(sys.argv[1]) if len(sys.argv) > 1 else int(time.time()))
