"""From a folder of YAML to one register, with every fault on the way."""

from __future__ import annotations

from pathlib import Path

from commonweal.register.check import examine
from commonweal.register.faults import Fault
from commonweal.register.reading import assemble, read
from commonweal.register.register import Register


def load(path: Path | str, *, check: bool = True) -> tuple[Register | None, tuple[Fault, ...]]:
    """Read and check a folder (or one file) of declarations.

    Returns the register and every fault, in the order of file and line. The register is None when a part of the
    folder could not be read, since what is left is not what the government declared; faults that `check` finds
    leave it in place. Never raises for bad content. With `check=False` only reading faults are reported.
    """
    reading = read(Path(path))
    register = assemble(reading)
    if check:
        examine(reading)
    return register, tuple(sorted(set(reading.faults)))
