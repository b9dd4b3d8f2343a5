"""A web process starts without what only a collector needs."""

from __future__ import annotations

import subprocess
import sys

HEAVY = ("numpy", "scipy", "pyarrow", "pyiceberg", "sqlalchemy", "pandas", "altair", "vl_convert")
SCRIPT = f"""
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "commonweal.config.settings"
import django
django.setup()
import commonweal.knowledge.lake.queries, commonweal.knowledge.insight.queries
print([m for m in {HEAVY} if m in sys.modules])
"""


def test_reading_findings_loads_no_engine(tmp_path: object) -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
