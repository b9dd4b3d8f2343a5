"""The bill of materials names everything that is locked, and an audit is never called passed when nobody was asked."""

from __future__ import annotations

import re
from pathlib import Path

from tools import audit


def test_the_bill_holds_every_locked_package_with_its_hashes(tmp_path: Path) -> None:
    locked = set(re.findall(r"(?m)^([A-Za-z0-9._-]+)==", audit.LOCK.read_text(encoding="utf-8")))
    made = audit.bill(tmp_path / "bill.json")
    assert made["bomFormat"] == "CycloneDX"
    assert {each["name"] for each in made["components"]} == locked
    for each in made["components"]:
        hashes = [hash["alg"] for reference in each["externalReferences"] for hash in reference.get("hashes", [])]
        assert "SHA-256" in hashes, each["name"]


def test_a_known_weakness_is_named_with_what_mends_it() -> None:
    answer = {
        "dependencies": [
            {"name": "sound", "version": "1.0", "vulns": []},
            {"name": "frail", "version": "2.0", "vulns": [{"id": "CVE-2026-0001", "fix_versions": ["2.1"]}]},
            {"name": "unknown", "skip_reason": "not found"},
        ]
    }
    weak, asked, unasked = audit.judge(answer)
    assert weak == ["frail 2.0: CVE-2026-0001, mended in 2.1"]
    assert (asked, unasked) == (2, 1)
