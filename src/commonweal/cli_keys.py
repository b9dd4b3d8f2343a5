"""`commonweal keys`: the keys this deployment seals with. Changes wait for somebody at the desk."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Literal

from cyclopts import App

from commonweal.terminal import rooms, say

keys = App(
    name="keys", help="Keys and certificates, and changes of them that two people make.", help_format="plaintext"
)
Purpose = Literal["document-seal", "time-stamping"]


@keys.command(name="list")
def keys_list() -> int:
    """Show every key that has a certificate: what for, its state, until when, its serial number.

    Example: commonweal keys list
    """
    rooms()
    from commonweal.core.custody.queries import certificates

    rows = certificates()
    say("\n".join(f"{r.purpose:18} {r.state:8} {r.algorithm:5} {r.until:%Y-%m-%d}  {r.serial}" for r in rows))
    return 1 if any(row.soon for row in rows) else 0


@keys.command(name="rotate")
def keys_rotate(purpose: Literal["document-seal", "time-stamping", "authority-issuing"], *, reason: str) -> int:
    """Ask for a new key. It is made when somebody who keeps keys approves it at the desk.

    Example: commonweal keys rotate document-seal --reason "The yearly new key"

    Parameters
    ----------
    purpose
        What the key is for.
    reason
        What the person who decides reads.
    """
    return _ask("rotate", purpose, reason=reason)


@keys.command(name="revoke")
def keys_revoke(
    purpose: Literal["document-seal", "time-stamping", "authority-issuing"], serial: str, *, reason: str,
    why: Literal["key_compromise", "superseded", "cessation_of_operation", "privilege_withdrawn"] = "superseded",
) -> int:  # fmt: skip
    """Ask for a certificate to be revoked. It is, when somebody who keeps keys approves it at the desk.

    Example: commonweal keys revoke document-seal 1f3a… --why key_compromise --reason "The token was stolen"

    Parameters
    ----------
    purpose
        What the key is for.
    serial
        Its number, from commonweal keys list.
    reason
        What the person who decides reads.
    why
        What others read in the list of revoked certificates.
    """
    return _ask("revoke", purpose, reason=reason, serial=serial, why=why)


@keys.command(name="csr")
def keys_csr(purpose: Purpose, subject: str) -> int:
    """Print a request (PKCS #10) with which another authority certifies our key.

    Example: commonweal keys csr document-seal "Riverland Province" > seal.csr

    Parameters
    ----------
    purpose
        What the key is for.
    subject
        The name the certificate is to carry.
    """
    rooms()
    from commonweal.core.trust import authority

    say(authority.request(purpose, subject).decode().rstrip())
    return 0


@keys.command(name="install")
def keys_install(purpose: Purpose, chain: Path, *, reason: str) -> int:
    """Ask for the chain another authority gave to count for our key: its own certificate first, the root last, PEM.

    Example: commonweal keys install document-seal chain.pem --reason "Certified by the national authority"

    Parameters
    ----------
    purpose
        What the key is for.
    chain
        The file.
    reason
        What the person who decides reads.
    """
    try:
        content = chain.read_text()[:200_000]
    except (OSError, UnicodeDecodeError) as problem:
        sys.stderr.write(f"commonweal: {chain} cannot be read: {problem}\n")
        return 1
    return _ask("install", purpose, reason=reason, chain=content)


def _ask(act: str, purpose: str, **told: str) -> int:
    rooms()
    from commonweal.core.custody import actions
    from commonweal.core.errors import Invalid, Refused

    try:
        made = actions.ask(actions.OPERATOR, act, purpose, **told)
    except Invalid as invalid:
        sys.stderr.write("".join(f"commonweal: {name}: {sentence}\n" for name, sentence in invalid.fields.items()))
        return 1
    except Refused as refused:
        sys.stderr.write(f"commonweal: {refused.message}\n")
        return 1
    say(f"Asked as {made.ref}. Somebody who keeps keys approves it at /desk/keys.")
    return 0
