"""`commonweal verify`: whatever somebody was handed, recognised by its content and judged."""

from __future__ import annotations

import json
from pathlib import Path

from commonweal.terminal import rooms, say

LIMIT = 25 * 1024 * 1024


def verify(file: Path, *, key: Path | None = None) -> int:
    """Say whether a receipt, a certificate or a signed document is genuine. Ends with 1 unless it is.

    A receipt (JSON) is checked with the public key alone. A certificate (sealed PDF, credential, text or photo of its
    code) is checked with this home's keys and records; a document that several people signed with the signatures in it.

    Example: commonweal verify receipt.json --key riverland.vkey

    Parameters
    ----------
    file
        The receipt, certificate or signed document.
    key
        For a receipt: file with the public key (`commonweal journal key`); this home's own key where absent.
    """
    rooms()
    with file.open("rb") as opened:
        content = opened.read(LIMIT + 1)
    if _is_receipt(content) or key is not None:
        return _receipt(content, key)
    signed = _signed(file, content)
    return signed if signed is not None else _certificate(content)


def _is_receipt(content: bytes) -> bool:
    try:
        return isinstance(json.loads(content), dict)
    except (ValueError, RecursionError):
        return False


def _receipt(content: bytes, key: Path | None) -> int:
    from commonweal.core.journal.checkpoints import verifiers
    from commonweal.core.journal.proofs import RECEIPT_LIMIT_BYTES
    from commonweal.core.journal.proofs import verify_receipt as judge

    receipt = content[: RECEIPT_LIMIT_BYTES + 1].decode("utf-8", errors="replace")
    known = key.read_text().split() if key else [str(each) for each in verifiers()]
    verdicts = [judge(receipt, each) for each in known] or [judge(receipt, "")]
    verdict = next((each for each in verdicts if each.genuine), verdicts[0])
    say(verdict.message)
    return 0 if verdict.genuine else 1


def _signed(file: Path, content: bytes) -> int | None:
    """The answer for a document that people signed here; None for anything else."""
    if b"%PDF-" not in content[:1024]:
        return None
    from commonweal.office.signing.checking import check
    from commonweal.office.signing.commands import verify as signed

    if not check(content).hands:
        return None
    text, code = signed(file)
    say(text)
    return code


def _certificate(content: bytes) -> int:
    from commonweal.office.certificates.verifying import judge
    from commonweal.windows.counter import verdicts

    verdict = judge(content)
    say("\n".join([verdicts.title(verdict), verdicts.sentence(verdict), *verdicts.reasons(verdict)]))
    return 0 if verdict.outcome == "genuine" else 1
