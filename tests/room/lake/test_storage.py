"""Where rows lie and how long: an S3 store, tables as they stood, columns that change, small files."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from commonweal.core import clock
from commonweal.core.errors import NotAllowed, Refused
from commonweal.knowledge.lake import queries
from commonweal.knowledge.lake.actions import collect
from commonweal.knowledge.lake.models import Collection
from commonweal.knowledge.lake.store import Store, opened
from commonweal.knowledge.lake.upkeep import compact, expendable, expire

pytestmark = [pytest.mark.room, pytest.mark.django_db]
Declare = Callable[..., Path]
FILE = "{type: file, path: schools.csv}"


def schools(folder: Path, *pupils: object) -> None:
    lines = [f"S{i},{n},2026-01-01" for i, n in enumerate(pupils)]
    (folder / "schools.csv").write_text("\n".join(["code,pupils,changed", *lines]) + "\n")


def figures(**more: Any) -> list[Any]:
    return queries.table("schools", **more).sort_by("code").column("pupils").to_pylist()


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """A server that speaks S3, in a process of its own, with an empty bucket `lake`."""
    pytest.importorskip("moto", reason="needs moto: pip install 'moto[s3]' flask flask-cors")
    import boto3

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with socket.socket() as trial:
            if trial.connect_ex(("127.0.0.1", port)) == 0:
                break
    client = boto3.client(
        "s3", endpoint_url=address, aws_access_key_id="k", aws_secret_access_key="s", region_name="us-east-1"
    )
    client.create_bucket(Bucket="lake")
    yield address
    server.kill()
    server.wait()


def test_the_lake_lies_in_an_s3_store(declare: Declare, s3: str, settings: Any) -> None:
    settings.LAKE_WAREHOUSE = "s3://lake/riverland"
    settings.LAKE_OPTIONS = {
        "s3.endpoint": s3, "s3.access-key-id": "k", "s3.secret-access-key": "s", "s3.region": "us-east-1",
    }  # fmt: skip
    folder = declare(FILE)
    schools(folder, 1, 2)
    first = collect("schools")
    schools(folder, 1, 3)
    collect("schools")
    assert (figures(), figures(snapshot=first.snapshot)) == ([1, 3], [1, 2])
    table = opened().table("schools")
    assert table is not None
    assert table.location().startswith("s3://lake/riverland/")
    assert list(settings.LAKE_ROOT.rglob("*.parquet")) == []


def test_a_folder_of_ones_own(declare: Declare, settings: Any, tmp_path: Path) -> None:
    settings.LAKE_WAREHOUSE = str(tmp_path / "elsewhere")
    schools(declare(FILE), 5)
    collect("schools")
    assert list((tmp_path / "elsewhere").rglob("*.parquet"))
    assert figures() == [5]


def test_the_table_as_it_stood(declare: Declare) -> None:
    folder = declare(FILE)
    schools(folder, 1)
    collect("schools")
    between = clock.now()
    schools(folder, 2)
    collect("schools")
    assert (figures(), figures(as_of=between)) == ([2], [1])
    with pytest.raises(NotAllowed):
        figures(as_of=between - timedelta(days=1))


def test_columns_come_go_and_widen_and_old_snapshots_stay(declare: Declare) -> None:
    folder = declare(FILE)
    schools(folder, 1)
    first = collect("schools")
    text = (folder / "all.yaml").read_text()
    wider = text.replace("school.pupils, type: integer", "school.pupils, type: decimal")
    wider = wider.replace("    - {name: changed, element: school.changed}\n", "")
    (folder / "all.yaml").write_text(wider)
    from commonweal.core.declared.actions import publish
    from commonweal.core.identity.actor import SYSTEM

    publish(SYSTEM, folder)
    schools(folder, 1.5)
    collect("schools")
    assert queries.table("schools").column_names == ["code", "pupils"]
    assert figures() == [1.5]
    assert queries.table("schools", first.snapshot).column("pupils").to_pylist() == [1]
    (folder / "all.yaml").write_text(text)
    publish(SYSTEM, folder)
    with pytest.raises(Refused, match="column pupils holds double and is now declared as int64"):
        collect("schools")
    assert figures() == [1.5]
    assert Collection.objects.order_by("-id")[0].quarantine_snapshot is None


def test_small_files_are_put_together_and_unneeded_snapshots_let_go(tmp_path: Path) -> None:
    store = Store(tmp_path / "lake")
    store.replace("t", pa.table({"code": ["a"]}), {"commonweal.keys": "code"})
    for i in range(5):
        store.append("t", pa.table({"code": [f"b{i}"]}), {})
    assert compact(store, "t", many=10) is None
    assert compact(store, "t", many=5) is not None
    table = store.table("t")
    assert table is not None
    assert len(list(table.scan().plan_files())) == 1
    assert len(store.rows("t")) == 6  # type: ignore[arg-type]
    cited = table.snapshots()[1].snapshot_id
    done = expire(store, "t", datetime.now(UTC) + timedelta(days=100), cited={cited})
    assert done.snapshots_expired >= 4
    assert done.files_removed > 0
    assert len(store.rows("t")) == 6  # type: ignore[arg-type]
    assert len(store.rows("t", cited)) == 2  # type: ignore[arg-type]


def test_which_snapshots_nobody_needs() -> None:
    day = datetime(2026, 1, 1, tzinfo=UTC)
    snapshots = [(number, day + timedelta(days=number)) for number in (0, 5, 10, 20, 33, 40, 200, 201)]
    assert expendable(snapshots, day + timedelta(days=210), cited={5}) == [0, 10, 33]
    assert expendable(snapshots[:1], day + timedelta(days=999), cited=()) == []
