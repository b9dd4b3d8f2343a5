"""What a notebook gets: a table with notes and, where there is something to see, a picture. Pure."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from typing import Any

import pyarrow as pa

SHOWN = 20
"""Rows a notebook shows; the table holds all."""
WIDEST = 12
"""Columns a notebook shows."""


@dataclass(frozen=True, eq=False)
class Result:
    """An answer: `table` (pyarrow), `notes` (what was left out, and why), `svg` (a picture; empty without one)."""

    table: pa.Table
    title: str
    notes: tuple[str, ...] = ()
    draw: Callable[[], str] | None = field(default=None, repr=False)

    @cached_property
    def svg(self) -> str:
        """The picture as SVG text, drawn when first asked for."""
        return self.draw() if self.draw is not None else ""

    def to_pandas(self) -> Any:
        """The table as a pandas data frame. Raises ImportError, saying what to install, where pandas is missing."""
        try:
            import pandas  # noqa: F401
        except ImportError:
            raise ImportError("pandas is not installed here; run: pip install pandas (or use .table)") from None
        return self.table.to_pandas()

    def __len__(self) -> int:
        return len(self.table)

    def __repr__(self) -> str:
        names = ", ".join(self.table.column_names[:WIDEST])
        return f"<{self.title}: {len(self.table):,} rows of {names}>"

    def _repr_html_(self) -> str:
        """How a notebook shows it: the picture, the first rows, the notes. Every word of the data is escaped."""
        names = self.table.column_names[:WIDEST]
        head = "".join(f'<th scope="col">{escape(name)}</th>' for name in names)
        rows = self.table.slice(0, SHOWN).select(names).to_pylist()
        body = "".join("<tr>" + "".join(f"<td>{escape(_told(row[n]))}</td>" for n in names) + "</tr>" for row in rows)
        more = f"<p>{SHOWN} of {len(self.table):,} rows</p>" if len(self.table) > SHOWN else ""
        return f"{_image(self.svg, self.title)}<table><caption>{escape(self.title)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}{_listed(self.notes)}"  # noqa: E501


def _told(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _image(svg: str, title: str) -> str:
    """The picture as an image, in which no script of a drawing could run."""
    if not svg:
        return ""
    return f'<img alt="{escape(title)}" src="data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}">'


def _listed(notes: Sequence[str]) -> str:
    return "<ul>" + "".join(f"<li>{escape(note)}</li>" for note in notes) + "</ul>" if notes else ""
