"""Run every benchmark, or those named: `python -m benchmarks engine_acts check_services`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def main(names: list[str]) -> int:
    """Run each benchmark in a process of its own, so that one cannot warm or bloat another."""
    known = sorted(path.stem for path in HERE.glob("*.py") if not path.stem.startswith("_"))
    unknown = set(names) - set(known)
    if unknown:
        print(f"No benchmark named {', '.join(sorted(unknown))}. There are: {', '.join(known)}.")
        return 2
    failed = []
    for name in names or known:
        print(f"\n## {name}", flush=True)
        if subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], cwd=HERE.parent).returncode:
            failed.append(name)
    print(f"\nDid not finish: {', '.join(failed)}" if failed else "\nAll finished.")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
