"""The bill of materials (CycloneDX) of what an installation holds, and whether anything in it has a known weakness.

    python -m tools.audit            writes build/commonweal.cdx.json and asks the advisory service
    python -m tools.audit --offline  writes it only

Ends with 1 for a known weakness. What could not be asked about, because the service cannot be reached from here, is
counted and named as not audited; that is no pass and no failure.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
LOCK = ROOT / "requirements" / "base.txt"
BILL = ROOT / "build" / "commonweal.cdx.json"
PATIENCE = 120
"""Seconds the advisory service has to answer."""


def bill(target: Path = BILL) -> dict[str, Any]:
    """Write the bill of materials of the locked dependencies and return it. Raises CalledProcessError."""
    target.parent.mkdir(parents=True, exist_ok=True)
    command = [
        "cyclonedx-py", "requirements", str(LOCK), "--pyproject", str(ROOT / "pyproject.toml"), "--of", "JSON",
        "--output-reproducible", "-o", str(target),
    ]  # fmt: skip
    subprocess.run(_here(command), check=True, capture_output=True, text=True, timeout=PATIENCE)
    return dict(json.loads(target.read_text(encoding="utf-8")))


def judge(answer: dict[str, Any]) -> tuple[list[str], int, int]:
    """What pip-audit's JSON says: lines about known weaknesses, how many were asked about, how many could not be."""
    weak, asked, unasked = [], 0, 0
    for each in answer["dependencies"]:
        if "skip_reason" in each:
            unasked += 1
            continue
        asked += 1
        for found in each["vulns"]:
            mended = ", ".join(found["fix_versions"]) or "no version yet"
            weak.append(f"{each['name']} {each['version']}: {found['id']}, mended in {mended}")
    return weak, asked, unasked


def audit() -> dict[str, Any] | None:
    """Ask the advisory service about every locked dependency; None when it does not answer at all."""
    command = ["pip-audit", "-r", str(LOCK), "--require-hashes", "--disable-pip", "--format", "json"]
    try:
        asked = subprocess.run(_here(command), capture_output=True, text=True, timeout=PATIENCE)
        return dict(json.loads(asked.stdout))
    except (subprocess.TimeoutExpired, json.JSONDecodeError):
        return None


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--offline", action="store_true")
    offline = parser.parse_args().offline
    components = bill()["components"]
    print(f"{BILL.relative_to(ROOT)}: {len(components)} components, each with its hashes")
    if offline:
        return 0
    answer = audit()
    if answer is None:
        print("NOT AUDITED: the advisory service cannot be reached from here")
        return 0
    weak, asked, unasked = judge(answer)
    print("\n".join(weak))
    print(f"{asked} audited, {len(weak)} known weaknesses" + (f"; {unasked} NOT AUDITED" if unasked else ""))
    return 1 if weak else 0


def _here(command: list[str]) -> list[str]:
    return [str(Path(sys.executable).parent / command[0]), *command[1:]]


if __name__ == "__main__":
    sys.exit(main())
