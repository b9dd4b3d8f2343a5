"""`commonweal link`: rows of two datasets that are about the same person."""

from __future__ import annotations

from cyclopts import App

from commonweal.terminal import rooms, say

link = App(name="link", help="Rows of two datasets that are about the same person.", help_format="plaintext")


@link.command(name="run")
def link_run(*links: str) -> int:
    """Make declared links: read both sides, compare, keep the sure pairs and put the doubtful ones before reviewers.

    Example: commonweal link run vaccinated-pupils

    Parameters
    ----------
    links
        Names of links; every declared link where none is named.
    """
    rooms()
    from commonweal.config.progress import progress
    from commonweal.knowledge.linkage.commands import run

    with progress() as report:
        text, code = run(links, report)
    say(text)
    return code


@link.command(name="status")
def link_status(*links: str) -> int:
    """Say how good links are: pairs linked, waiting and apart, expected and reviewed precision and recall, conflicts.

    Example: commonweal link status vaccinated-pupils

    Parameters
    ----------
    links
        Names of links; every declared link where none is named.
    """
    rooms()
    from commonweal.knowledge.linkage.commands import status

    text, code = status(links)
    say(text)
    return code


@link.command(name="undo")
def link_undo(what: str, left: str | None = None, right: str | None = None, *, reason: str) -> int:
    """Take a whole run back, or one link by the keys of its rows. What was read before can still be read as of then.

    Example: commonweal link undo LR-7KQ2M9XB --reason "The pupils' file was of the wrong year"

    Parameters
    ----------
    what
        The reference of a run (commonweal link status names it), or the name of a link.
    left
        With the name of a link: the key of the left row, as the lake holds it.
    right
        The key of the right row.
    reason
        Why; the journal keeps it.
    """
    rooms()
    from commonweal.knowledge.linkage.commands import undo

    text, code = undo(what, left, right, reason)
    say(text)
    return code
