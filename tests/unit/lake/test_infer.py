"""Drafting a declaration: what a data officer with a file and a standard relies on."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from commonweal.core.errors import Refused
from commonweal.knowledge.lake.contract import Contract
from commonweal.knowledge.lake.infer import infer
from commonweal.knowledge.lake.reading import read
from commonweal.knowledge.lake.shaping import shape
from commonweal.register import Register, load
from commonweal.register.models import Dataset

ROOT = Path(__file__).resolve().parents[3]
RIVERLAND = ROOT / "examples" / "riverland"
COUNTIES = Path(os.environ.get("COMMONWEAL_SHARED", ROOT.parent / "shared")) / "data" / "us-counties"

JURISDICTION = """
kind: Jurisdiction
id: testland
name: {en: Testland, zh-hans: 测试地}
languages: [en, zh-hans]
currency: CNY
timezone: Asia/Shanghai
"""
STANDARD = """
- {kind: PublicOrganisation, id: statistics, level: province, name: {en: Statistics, zh-hans: 统计局}}
- {kind: PublicOrganisation, id: works, level: province, name: {en: Works, zh-hans: 住建局}}
- {kind: Region, id: testland, level: province, name: {en: Testland, zh-hans: 测试省}}
- {kind: Region, id: north, level: county, parent: testland, name: {en: North Vale, zh-hans: 北谷县}}
- {kind: Region, id: south, level: county, parent: testland, name: {en: South Vale, zh-hans: 南谷县}}
- {kind: Region, id: west, level: county, parent: testland, name: {en: West Vale, zh-hans: 西谷县}}
- {kind: DataElement, id: place.county, type: region, sensitivity: public, name: {en: County, zh-hans: 县区}}
- {kind: DataElement, id: place.year, type: year, sensitivity: public, name: {en: Year, zh-hans: 年度}}
- {kind: DataElement, id: place.residents, type: integer, min: 0, unit: people, sensitivity: public,
   name: {en: Residents, zh-hans: 常住人口}}
- {kind: DataElement, id: person.identity_number, type: string, pattern: "R[0-9]{9}", sensitivity: personal,
   name: {en: Identity number, zh-hans: 身份号码}}
- kind: Dataset
  id: old-census
  name: {en: Census, zh-hans: 普查}
  publisher: statistics
  columns: [{name: county, element: place.county}, {name: residents, element: place.residents}]
  keys: [county]
  source: {type: file, path: data/x.csv, rename: {"POP_TOTAL": residents}}
"""


@pytest.fixture
def jurisdiction(tmp_path: Path) -> Path:
    """A small standard."""
    folder = tmp_path / "jurisdiction"
    folder.mkdir()
    (folder / "jurisdiction.yaml").write_text(JURISDICTION)
    (folder / "standard.yaml").write_text(STANDARD)
    return folder


def drafted(folder: Path, name: str, content: str, **more: str) -> tuple[str, Dataset, Register]:
    """Draft a file's declaration, append it, and read the jurisdiction with it."""
    file = folder.parent / name
    file.write_text(content)
    text, code = infer(file, folder, **more)
    assert code == 0, text
    (folder / "draft.yaml").write_text(text)
    register, faults = load(folder)
    assert register is not None, faults
    assert [fault for fault in faults if fault.severity == "error"] == []
    dataset = next(each for each in register.datasets.values() if each.id != "old-census")
    return text, dataset, register


def elements(dataset: Dataset) -> dict[str, str]:
    return {column.name: column.element for column in dataset.columns}


def test_names_of_any_language_and_published_headings_lead_to_the_standard(jurisdiction: Path) -> None:
    rows = "\n".join(
        f"{place},{year},{n}" for n, place in enumerate(["北谷县", "南谷县", "西谷县"]) for year in (2024, 2025)
    )
    text, dataset, _ = drafted(jurisdiction, "people.csv", f"县区,年度,POP_TOTAL\n{rows}\n")
    assert list(elements(dataset).values()) == ["place.county", "place.year", "place.residents"]
    assert dataset.keys == ("县区", "年度")
    assert (dataset.region, dataset.period, dataset.grain) == ("县区", "年度", "region")
    assert dataset.publisher == "statistics"
    assert "same heading, 100% of the values fit" in text


def test_values_alone_lead_to_a_list_and_other_spellings_are_recoded(jurisdiction: Path) -> None:
    text, dataset, _ = drafted(
        jurisdiction,
        "works.csv",
        "where,cost\nNorth-Vale,1.5\nSOUTH VALE,2.5\nwest,3.5\nAtlantis,9.25\n" + "north,1\n" * 12,
    )
    assert elements(dataset)["where"] == "place.county"
    assert dataset.source is not None
    assert dataset.source.recode["where"] == {"North-Vale": "north"}
    assert "not Atlantis" in text


def test_what_the_standard_lacks_is_proposed_as_an_element(jurisdiction: Path) -> None:
    text, dataset, register = drafted(
        jurisdiction,
        "roads.csv",
        "Road No,Opened,Length (km),Toll,Lanes,Residents\n"
        + "\n".join(f"{i:05},2020-01-{i:02},{i / 4},yes,{i % 3},about {i}" for i in range(1, 25)),
    )
    types = {column.name: register.elements[column.element].type for column in dataset.columns}
    assert types == {
        "road_no": "string", "opened": "date", "length_km": "decimal", "toll": "boolean", "lanes": "integer",
        "residents": "string",
    }  # fmt: skip
    assert register.elements["roads.road_no"].pattern == "[0-9]{5}"
    assert register.elements["roads.length_km"].unit == "km"
    assert dataset.keys == ("road_no",)
    assert "nothing in the standard fits" in text


def test_years_as_columns_become_rows(jurisdiction: Path) -> None:
    _, dataset, _ = drafted(
        jurisdiction, "wide.csv", "County,2019,2020,2021\nNorth Vale,1,2,3\nSouth Vale,4,,6\nWest Vale,7,8,9\n"
    )
    assert dataset.keys == ("county", "year")
    assert dataset.source is not None
    assert dataset.source.melt == {"columns": r"\d{4}", "name": "year", "value": "value"}
    assert elements(dataset)["year"] == "place.year"


WIDE = {
    "suffix": "County,Jobs_2019,Jobs_2020,Jobs_2021,Vacant 2019,Vacant 2020,Vacant 2021,Census 2010\n",
    "prefix": "County,2019 Jobs,2020 Jobs,2021 Jobs,2019年Vacant,2020年Vacant,2021年Vacant,Census\n",
}


@pytest.mark.parametrize("way", WIDE)
def test_a_figure_and_a_year_in_one_heading_become_a_column_of_the_figure(jurisdiction: Path, way: str) -> None:
    _, dataset, register = drafted(
        jurisdiction,
        "work.csv",
        f"{WIDE[way]}North Vale,1,2,3,4,5,6,7\nSouth Vale,1,,3,4,,6,7\nWest Vale,1,2,3,4,5,6,8\n",
    )
    names = [column.name for column in dataset.columns]
    assert {"county", "year", "jobs", "vacant"} <= set(names)
    assert len(names) == 5, "a year alone stays as it was published"
    assert dataset.keys == ("county", "year")
    assert dataset.source is not None
    melt = dataset.source.melt or {}
    assert set(melt) == {"columns", "name"}
    raw = read(jurisdiction.parent / "work.csv").table
    rows = shape(raw, dataset.source, Contract.of(register, dataset.id)).table.to_pylist()
    told = {(r["county"], r["year"]): (r["jobs"], r["vacant"]) for r in rows}
    assert told["North Vale", "2020"] == ("2", "5")
    assert ("South Vale", "2020") not in told, "a year without any figure is no row"


@pytest.mark.parametrize("heads", ["FY2019,FY2020,FY2021", "2019年,2020年,2021年"])
def test_a_mark_of_the_year_names_no_figure(jurisdiction: Path, heads: str) -> None:
    rows = "North Vale,1,2,3\nSouth Vale,4,,6\nWest Vale,7,8,9\n"
    _, dataset, _ = drafted(jurisdiction, "wide.csv", f"County,{heads}\n{rows}")
    assert dataset.keys == ("county", "year")
    assert dataset.source is not None
    assert set(dataset.source.melt or {}) == {"columns", "name", "value"}


def test_codes_that_look_like_years_are_left_alone(jurisdiction: Path) -> None:
    _, dataset, _ = drafted(
        jurisdiction, "codes.csv", "County,B2001,B2002,B2003\nNorth Vale,x,y,z\nSouth Vale,x,,z\nWest Vale,u,v,w\n"
    )
    assert dataset.source is not None
    assert dataset.source.melt is None


def test_personal_data_is_noticed_and_kept_restricted(jurisdiction: Path) -> None:
    _, dataset, register = drafted(
        jurisdiction, "members.csv", "id_no,Full name\n" + "\n".join(f"R{i:09},Demo {i}" for i in range(30))
    )
    assert elements(dataset)["id_no"] == "person.identity_number"
    assert register.elements["members.full_name"].sensitivity == "personal"
    assert dataset.access == "restricted"


def test_a_key_that_repeats_is_counted_not_hidden(jurisdiction: Path) -> None:
    text, _, _ = drafted(jurisdiction, "twice.csv", "County,Kind\nnorth,a\nnorth,a\nsouth,b\n")
    assert "not unique: 1 rows repeat a key" in text


def test_headings_cannot_break_out_of_the_draft(jurisdiction: Path) -> None:
    text, dataset, _ = drafted(
        jurisdiction, "odd.csv", '"a: b, {c}","#d","e""f",\n' + "1,2,3,4\n5,6,7,8\n", publisher="works"
    )
    assert (dataset.id, dataset.publisher, len(dataset.columns)) == ("odd", "works", 4)
    assert text.count("kind: Dataset\n") == 1


def test_refusals_say_what_to_do(jurisdiction: Path, tmp_path: Path) -> None:
    (tmp_path / "empty.csv").write_text("a,b\n")
    with pytest.raises(Refused, match="no rows"):
        infer(tmp_path / "empty.csv", jurisdiction)
    (jurisdiction / "standard.yaml").write_text("- {kind: Region, idd: x}")
    (tmp_path / "one.csv").write_text("a,b\n1,2\n")
    with pytest.raises(Refused, match="commonweal check"):
        infer(tmp_path / "one.csv", jurisdiction)


def test_a_dataset_of_the_demo_is_found_again_whole() -> None:
    text, code = infer(RIVERLAND / "data" / "regional-means.csv", RIVERLAND)
    assert code == 0
    register, _ = load(RIVERLAND)
    assert register is not None
    for column in register.datasets["regional-means"].columns:
        assert f'name: "{column.name}", element: {column.element}' in text
    assert 'keys: ["region", "year"]' in text


@pytest.mark.skipif(not COUNTIES.is_dir(), reason="the county files are not here; set COMMONWEAL_SHARED")
def test_county_files_bind_to_one_code_list_however_they_write_the_code(jurisdiction: Path) -> None:
    codes = {}
    for line in (COUNTIES / "fips.csv").read_text(encoding="utf-8-sig").splitlines()[1:]:
        code, *_ = line.split(",")
        codes[code] = f"County {code}"
    lines = [f"    - {{code: '{c}', name: {{en: {n}, zh-hans: {n}}}}}" for c, n in codes.items()]
    (jurisdiction / "counties.yaml").write_text(
        "- kind: CodeList\n  id: counties\n  name: {en: Counties, zh-hans: 县}\n  codes:\n" + "\n".join(lines)
        + "\n- {kind: DataElement, id: us.county, type: code, codelist: counties, sensitivity: public,"
        " name: {en: FIPS code, zh-hans: 县代码}}\n"
    )  # fmt: skip
    unpadded = "gct_stub_target_geo_id2"
    for file, heading in (("education.csv", "fips_code"), ("poverty.csv", "fipstxt"), ("density.csv", unpadded)):
        text, code = infer(COUNTIES / file, jurisdiction)
        assert code == 0, text[-2000:]
        assert f'{{name: "{heading}", element: us.county' in text, file
    assert '"1001": "01001"' in text


def test_a_file_inside_the_jurisdiction_is_its_own_source(jurisdiction: Path) -> None:
    (jurisdiction / "data").mkdir()
    shutil.copy(RIVERLAND / "data" / "regional-means.csv", jurisdiction / "data" / "means.csv")
    text, code = infer(jurisdiction / "data" / "means.csv", jurisdiction)
    assert code == 0
    assert 'path: "data/means.csv"\n' in text
