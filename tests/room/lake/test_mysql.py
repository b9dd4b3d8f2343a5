"""MySQL and MariaDB as sources, against a real server of the test's own."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from commonweal.core.errors import Refused
from commonweal.knowledge.lake import queries
from commonweal.knowledge.lake.actions import collect

pymysql = pytest.importorskip("pymysql", reason="needs PyMySQL: pip install pymysql")
SERVER, INSTALL = shutil.which("mariadbd") or "/usr/sbin/mariadbd", shutil.which("mariadb-install-db")
pytestmark = [
    pytest.mark.room,
    pytest.mark.django_db,
    pytest.mark.skipif(
        INSTALL is None or not Path(SERVER).exists(), reason="needs a server: apt-get install mariadb-server"
    ),
]
Declare = Callable[..., Path]


def _owner() -> str | None:
    """Who the server runs as: whoever tests, or an account of its own where that is root."""
    if os.getuid():
        return None
    known = {user.pw_name for user in pwd.getpwall()}
    return "mysql" if "mysql" in known else "nobody"


@pytest.fixture(scope="module")
def socket() -> Iterator[Path]:
    """A server in a temporary folder, reached by a socket only; stopped and removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix="cwmy-"))
    user = _owner()
    if user:
        shutil.chown(folder, user)
    own = {"cwd": folder, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    own |= {"user": user} if user else {}
    data, place = folder / "data", folder / "s"
    subprocess.run(
        [str(INSTALL), "--no-defaults", f"--datadir={data}", "--auth-root-authentication-method=normal",
         "--skip-test-db"],
        check=True, **own,
    )  # fmt: skip
    server = subprocess.Popen(
        [SERVER, "--no-defaults", f"--datadir={data}", f"--socket={place}", f"--pid-file={folder / 'pid'}",
         "--skip-networking", "--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=16M"],
        **own,
    )  # fmt: skip
    try:
        _wait(server, place)
        yield place
    finally:
        server.terminate()
        server.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


def _wait(server: subprocess.Popen[bytes], place: Path) -> None:
    until = monotonic() + 60
    while monotonic() < until:
        assert server.poll() is None, "the server did not start"
        try:
            pymysql.connect(unix_socket=str(place), user="root").close()
            return
        except pymysql.err.OperationalError:
            server.poll()
    raise AssertionError("the server did not answer within a minute")


@pytest.fixture
def database(socket: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The department's table: text in Chinese, money, dates, an empty cell, 30,000 rows."""
    connection = pymysql.connect(unix_socket=str(socket), user="root", autocommit=True, charset="utf8mb4")
    with connection.cursor() as cursor:
        cursor.execute("CREATE OR REPLACE DATABASE department CHARACTER SET utf8mb4")
        cursor.execute("USE department")
        cursor.execute(
            "CREATE TABLE department.school (code VARCHAR(20) PRIMARY KEY, pupils BIGINT, changed DATE NULL, "
            "fee DECIMAL(10,2), stamp DATETIME(6), KEY (stamp))"
        )
        cursor.execute(
            "INSERT INTO department.school SELECT CONCAT('学校', seq), seq, '2026-01-01' + INTERVAL (seq MOD 300) DAY, "
            "seq / 100, TIMESTAMP '2026-01-01 00:00:00' + INTERVAL seq SECOND FROM seq_1_to_30000"
        )
        cursor.execute("UPDATE department.school SET changed = NULL WHERE pupils = 5")
    monkeypatch.setenv("SCHOOLS_DB", f"mysql://root@/department?unix_socket={socket}&charset=utf8mb4")
    yield connection
    connection.close()


def test_a_whole_table_with_its_own_types(declare: Declare, database: Any) -> None:
    declare("{type: sql, address: SCHOOLS_DB, table: department.school}")
    run = collect("schools")
    assert (run.status, run.read, run.rows, run.quarantined) == ("done", 30_000, 30_000, 0)
    rows = {row["code"]: row for row in queries.table("schools").to_pylist()}
    assert rows["学校5"]["changed"] is None
    assert (rows["学校299"]["pupils"], str(rows["学校299"]["changed"])) == (299, "2026-10-27")
    assert collect("schools").status == "unchanged"


def test_only_what_is_new_is_asked_for(declare: Declare, database: Any) -> None:
    declare("{type: sql, address: SCHOOLS_DB, table: school, cursor: stamp}")
    assert collect("schools").rows == 30_000
    with database.cursor() as cursor:
        cursor.execute("UPDATE department.school SET pupils = 7, stamp = '2030-01-01' WHERE code = '学校9'")
    run = collect("schools")
    assert (run.read, run.rows) == (2, 30_000)
    assert next(r["pupils"] for r in queries.table("schools").to_pylist() if r["code"] == "学校9") == 7


def test_the_source_cannot_be_changed_and_refusals_say_why(
    declare: Declare, database: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sqlalchemy as sa

    from commonweal.knowledge.lake.database import _only_read, connect
    from commonweal.register.models import Source

    with connect(Source(type="sql", address="SCHOOLS_DB", table="school"), "schools").connect() as connection:
        _only_read(connection)
        with pytest.raises(sa.exc.SQLAlchemyError, match="READ ONLY"):
            connection.exec_driver_sql("DELETE FROM school")
    declare("{type: sql, address: SCHOOLS_DB, table: absent}")
    with pytest.raises(Refused, match="absent"):
        collect("schools")
    monkeypatch.setenv("SCHOOLS_DB", "mysql://me:secret-word@127.0.0.1:1/department")
    with pytest.raises(Refused) as refusal:
        collect("schools")
    assert "secret-word" not in refusal.value.message
