"""`commonweal signing`: documents that several people signed."""

from __future__ import annotations

from pathlib import Path

from cyclopts import App

from commonweal.terminal import rooms, say

signing = App(name="signing", help="Documents that people have signed.", help_format="plaintext")


@signing.command(name="verify")
def signing_verify(file: Path) -> int:
    """Say in one sentence whether a signed PDF is genuine, then who signed it, how and when. Needs the file alone.

    What was signed is cut out of the file and hashed, every passkey's and certificate's signature is checked over that
    hash again, then the seal over all of it. Ends with 0 when it is genuine, 1 when it is not.

    Example: commonweal signing verify S-7KQ2M9XB-signed.pdf

    Parameters
    ----------
    file
        The PDF, as downloaded by anybody who signed it.
    """
    rooms()
    from commonweal.office.signing.commands import verify

    text, code = verify(file)
    say(text)
    return code
