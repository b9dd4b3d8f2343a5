"""`commonweal journal`: the record of every act."""

from __future__ import annotations

from pathlib import Path

from cyclopts import App

from commonweal.terminal import rooms, say

journal = App(name="journal", help="The record of every act.", help_format="plaintext")


@journal.command
def verify(against: Path | None = None) -> int:
    """Recompute the whole record and name any event that was changed, removed or inserted.

    Exits 1 when something is wrong.

    Example: commonweal journal verify --against checkpoint-from-the-ministry.txt

    Parameters
    ----------
    against
        A checkpoint somebody kept elsewhere: shows that an older database was put in place.
    """
    rooms()
    from commonweal.core.journal import witnessing
    from commonweal.core.journal.verify import verify as recompute

    report = recompute()
    say(report.text())
    told = [_compared(against) if against else None, witnessing.remembered()]
    wrong = [each for each in told if each]
    if wrong:
        say("\n".join(wrong))
    return 0 if report.sound and not wrong else 1


def _compared(kept: Path) -> str | None:
    """What is wrong in the light of a checkpoint in a file; a file that is none is wrong as well."""
    from commonweal.core.journal import tiles
    from commonweal.core.trust.notes import BadNote

    try:
        return tiles.against(kept.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return f"unreadable: {kept} cannot be read as text"
    except BadNote as error:
        return f"forged-checkpoint: {kept}: {error}"


@journal.command
def key() -> int:
    """Print the public key that checkpoints and receipts are checked with. Publish it; keep it elsewhere too.

    Example: commonweal journal key > riverland.vkey
    """
    rooms()
    from commonweal.core.journal.checkpoints import verifiers

    say("\n".join(str(each) for each in verifiers()))
    return 0
