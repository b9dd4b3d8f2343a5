"""What the command line says of a signed document."""

from __future__ import annotations

from pathlib import Path

from commonweal.office.signing.checking import LARGEST, check


def verify(path: Path) -> tuple[str, int]:
    """One sentence and the details; 0 when genuine, 1 when not, 2 when the file cannot be read."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as problem:
        return f"{path} cannot be read: {problem.strerror}", 2
    found = check(content)
    lines = [found.sentence()]
    if found.document:
        lines.append(f"  document  SHA-256 {found.document}")
    for hand in found.hands:
        behalf = f" for {hand.on_behalf_of}" if hand.on_behalf_of else ""
        state = hand.problem or "holds"
        lines.append(
            f"  signed    {hand.name}{behalf} ({hand.role}), {hand.method} {hand.algorithm}, {hand.at}: {state}"
        )
    if found.seal:
        lines.append(f"  sealed    {found.seal}, {found.sealed_at}")
    return "\n".join(lines), 0 if found.verdict == "genuine" else 1
