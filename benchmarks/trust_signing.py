"""Signatures, verifications, seals and validations a second, by algorithm and by where the key lies.

Each figure is of one thread. The hardware row is SoftHSM, which has the cost of the interface and not of a device.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

SECONDS = 1.0
MESSAGE = b"one decision" * 40
MODULES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so")


def main() -> None:
    """Measure in a home of its own and print two tables."""
    home = Path(tempfile.mkdtemp(prefix="commonweal-bench-"))
    os.environ |= {
        "COMMONWEAL_HOME": str(home), "DJANGO_SETTINGS_MODULE": "commonweal.config.settings", "COMMONWEAL_LOG": "ERROR",
        "SOFTHSM2_CONF": str(home / "softhsm2.conf"),
    }  # fmt: skip
    import django

    django.setup()
    try:
        print(f"{'suite':<15}{'algorithm':<12}{'key in':<10}{'signs/s':>9}{'verifies/s':>12}")
        _signatures("files")
        hardware = _hardware(home)
        if hardware:
            _signatures("hardware", hardware)
        _documents()
    finally:
        shutil.rmtree(home)


def _signatures(where: str, address: str = "") -> None:
    from django.conf import settings

    from commonweal.core.trust import algorithms, keys

    before = settings.KEYS_ROOT, settings.KEYS_PASSPHRASE
    if address:
        settings.KEYS_ROOT, settings.KEYS_PASSPHRASE = address, "1234"
    suites = {"p256": "international", "sm2": "sm"}
    for name in ("ed25519", "p256") if address else algorithms.names():
        made = keys.sign("bench", MESSAGE, name)
        signs = _rate(lambda name=name: keys.sign("bench", MESSAGE, name))
        checks = _rate(lambda made=made: keys.verify("bench", MESSAGE, made))
        print(f"{suites.get(name, '-'):<15}{name:<12}{where:<10}{signs:>9,.0f}{checks:>12,.0f}")
    settings.KEYS_ROOT, settings.KEYS_PASSPHRASE = before


def _documents() -> None:
    from commonweal.core.trust import documents, timestamps

    def compose() -> bytes:
        return documents.compose(
            "= #data.title\n#data.body", {"body": "May sell noodles."}, language="en", title="Permit"
        )

    plain = compose()
    sealed = documents.seal(plain, reason="Issued")
    steps: dict[str, Callable[[], object]] = {
        "compose (PDF/A-2a, PDF/UA-1)": compose,
        "time stamp (RFC 3161)": lambda: timestamps.stamp(b"\0" * 32),
        "seal (PAdES B-LTA, two time stamps)": lambda: documents.seal(plain, reason="Issued"),
        "validate (PAdES B-LTA)": lambda: documents.validate(sealed),
    }
    print(f"\n{'document of one page':<49}{'a second':>9}")
    for what, work in steps.items():
        print(f"{what:<49}{_rate(work):>9,.1f}")
    print(f"{'bytes before and after the seal':<40}{len(plain):>9,}{len(sealed):>9,}")


def _rate(work: Callable[[], object]) -> float:
    """How often `work` is done in a second, after one turn to warm up."""
    work()
    done, began = 0, time.perf_counter()
    while time.perf_counter() - began < SECONDS:
        work()
        done += 1
    return done / (time.perf_counter() - began)


def _hardware(home: Path) -> str:
    """The address of a fresh SoftHSM token, or nothing where it is not installed."""
    tool, module = shutil.which("softhsm2-util"), next((each for each in MODULES if Path(each).exists()), None)
    if tool is None or module is None:
        print("hardware: apt install softhsm2")
        return ""
    (home / "tokens").mkdir()
    (home / "softhsm2.conf").write_text(f"directories.tokendir = {home / 'tokens'}\n")
    form = [tool, "--init-token", "--free", "--label", "bench", "--pin", "1234", "--so-pin", "5678"]
    subprocess.run(form, check=True, capture_output=True)
    return f"pkcs11:token=bench?module-path={module}"


if __name__ == "__main__":
    main()
