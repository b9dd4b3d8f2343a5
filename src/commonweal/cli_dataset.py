"""`commonweal dataset`: drafting declarations, and what publishers have to mend."""

from __future__ import annotations

from pathlib import Path

from cyclopts import App

from commonweal.terminal import rooms, say

dataset = App(name="dataset", help="Declaring datasets.", help_format="plaintext")


def _jurisdiction(path: Path | None) -> Path:
    if path is not None:
        return path
    from commonweal.config import settings

    return settings.JURISDICTION


@dataset.command
def infer(file: Path, path: Path | None = None, *, publisher: str | None = None, name: str | None = None) -> int:
    """Draft a declaration from a file: columns bound to the standard, new elements where it has none, keys, source.

    Every guess is a comment with its confidence. Append the draft to the jurisdiction, settle the comments, check.

    Example: commonweal dataset infer schools.csv examples/riverland --publisher education > schools.yaml

    Parameters
    ----------
    file
        CSV, TSV, Excel, OpenDocument, JSON, Parquet, Arrow or Stata; titles above the headings are left out.
    path
        Folder of declarations; the one in COMMONWEAL_JURISDICTION where absent.
    publisher
        The organisation that answers for the data; guessed where absent.
    name
        The dataset's id; made from the file's name where absent.
    """
    from commonweal.knowledge.lake.infer import infer as draft

    text, code = draft(file, _jurisdiction(path), publisher=publisher, name=name)
    say(text)
    return code


@dataset.command(name="mend")
def mend_dataset(name: str) -> int:
    """Print the rows of a dataset that its last collection set aside, as CSV: row, column, value, reason.

    Exits 1 when there are any.

    Example: commonweal dataset mend regional-means > to-mend.csv

    Parameters
    ----------
    name
        The dataset's id.
    """
    rooms()
    from commonweal.core.identity.actor import SYSTEM
    from commonweal.knowledge.lake import mending

    text = b"".join(mending.bad_rows(SYSTEM, name).chunks).decode("utf-8-sig").replace("\r\n", "\n")
    say(text)
    return int(text.count("\n") > 1)
