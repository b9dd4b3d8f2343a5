"""The notebook API over plain files: the code of its how-to runs, needs no Django, and says what one relies on."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest

from commonweal.core.errors import Refused
from commonweal.knowledge import insight

HOW_TO = Path(__file__).parents[3] / "docs" / "how-to" / "use-in-a-notebook.md"


def code_of(text: str) -> str:
    """The Python of a text, block after block."""
    return "\n".join(re.findall(r"```python\n(.*?)```", text, re.S))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    rows = [(f"town {i}", 10 + i % 7 + i / 9, 30 - 2 * (i % 7) - i / 4, i % 11) for i in range(60)]
    (tmp_path / "towns.csv").write_text("town,income,rate\n" + "".join(f"{t},{a:.2f},{b:.2f}\n" for t, a, b, _ in rows))
    (tmp_path / "schools.csv").write_text("town,pupils\n" + "".join(f"{t},{c}\n" for t, _, _, c in rows))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_how_to_runs_on_plain_files_without_django(folder: Path) -> None:
    code = code_of(HOW_TO.read_text().partition("## A deployment")[0])
    ends = "\nimport sys\nassert 'django' not in sys.modules\n"
    done = subprocess.run([sys.executable, "-c", code + ends], capture_output=True, text=True, cwd=folder, timeout=120)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("income rate -0.9")


def test_importing_it_loads_nothing_heavy() -> None:
    code = (
        "import sys; from commonweal.knowledge import insight; print({'django','numpy','pyarrow'} & set(sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "set()"


def test_a_frame_a_table_and_a_file_give_the_same_numbers(folder: Path) -> None:
    told = insight.read("towns.csv")
    assert told.table.schema.field("income").type == pa.float64()
    answers = [
        insight.correlate(each).table.to_pylist()[0] for each in ("towns.csv", told, told.table, told.to_pandas())
    ]
    assert len({(a["left"], a["right"], round(a["value"], 12), a["n"]) for a in answers}) == 1


def test_a_result_shows_itself_and_trusts_no_word_of_the_data(folder: Path) -> None:
    bad = "<script>alert(1)</script>"
    (folder / "bad.csv").write_text(f"{bad},other\n" + "".join(f"{i},{i * i % 17}\n" for i in range(40)))
    shown = insight.correlate("bad.csv")._repr_html_() + insight.scatter("bad.csv", bad, "other")._repr_html_()
    assert bad not in shown
    assert "&lt;script&gt;" in shown
    assert 'src="data:image/svg+xml;base64,' in shown


def test_a_matrix_keeps_only_the_columns_asked_for(folder: Path) -> None:
    whole = insight.matrix(insight.correlate("towns.csv", "schools.csv", key="town"))
    assert "<svg" in whole.svg
    part = insight.matrix("towns.csv", ["income", "rate"])
    assert [(r["left"], r["right"]) for r in part.table.to_pylist()] == [("income", "rate")]
    with pytest.raises(Refused, match="No pair with 'height'"):
        insight.matrix("towns.csv", ["income", "height"])


def test_what_is_not_there_is_refused_by_name(folder: Path) -> None:
    with pytest.raises(Refused, match="no column of numbers named 'height'; there are: income, rate"):
        insight.scatter("towns.csv", "income", "height")
    with pytest.raises(Refused, match="not int"):
        insight.correlate(3)
    with pytest.raises(Refused, match="no file"):
        insight.read("nowhere.csv")


def test_values_that_were_not_used_are_named(folder: Path) -> None:
    with (folder / "towns.csv").open("a") as file:
        file.write("town 61,unknown,3\n")
    assert any("income" in note and "unknown" in note for note in insight.read("towns.csv").notes)
    assert any("income" in note for note in insight.correlate("towns.csv").notes)
