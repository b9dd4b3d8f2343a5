"""Make the ministry's spreadsheet of the tutorial: `python examples/tutorial/make.py buses.xlsx`.

Nothing in it was measured: trips by bus follow, with some chance, the travel times of the made-up counties. As real
spreadsheets do, it has a title above the headings, thousands with commas and three
rows that nobody could use. `--mended` makes the same without those faults, `--years 2024 2025 2026` with a year more.
"""

from __future__ import annotations

import argparse
import csv
import random
import zipfile
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

MEANS = Path(__file__).parents[1] / "riverland" / "data" / "regional-means.csv"
HEADINGS = ("County", "Year", "Trips by bus per resident", "Buses")
FAULTS = {
    ("tarnside", "2024"): (0, "Tarnsyde"),
    ("weaverton", "2025"): (2, "not known"),
    ("elmstead", "2024"): (3, "-4"),
}
PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.'
    'sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.spreadsheetml.worksheet+xml"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship '
    'Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://'
    'schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Buses" sheetId="1" r:id="r1"/>'
    "</sheets></workbook>",
    "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" '
    'Target="worksheets/sheet1.xml"/></Relationships>',
}


def table(years: Sequence[str], mended: bool) -> list[list[str]]:
    """Title, headings and a row per county and year."""
    rows = [["Buses of the counties, ministry of transport (made up)"], list(HEADINGS)]
    with MEANS.open() as file:
        for line in csv.DictReader(file):
            if line["year"] not in years:
                continue
            chance = random.Random(f"{line['region']} {line['year']}")  # noqa: S311
            trips = max(1.0, 150 - 2.1 * float(line["travel_minutes"]) + chance.gauss(0, 5))
            buses = int(line["residents"]) // 1000
            row = [line["region"], line["year"], f"{trips:.1f}", f"{buses * 13:,}"]
            if not mended and (line["region"], line["year"]) in FAULTS:
                place, told = FAULTS[line["region"], line["year"]]
                row[place] = told
            rows.append(row)
    return rows


def write(rows: list[list[str]], path: Path) -> None:
    """The rows as an Excel workbook of one sheet."""
    lines = "".join(
        "<row>" + "".join(f'<c t="inlineStr"><is><t>{escape(cell)}</t></is></c>' for cell in row) + "</row>"
        for row in rows
    )
    sheet = f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{lines}</sheetData></worksheet>'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as workbook:
        for name, text in {**PARTS, "xl/worksheets/sheet1.xml": sheet}.items():
            workbook.writestr(name, '<?xml version="1.0" encoding="UTF-8"?>' + text)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Make the spreadsheet of the tutorial.")
    parser.add_argument("path", type=Path)
    parser.add_argument("--years", nargs="+", default=["2024", "2025"])
    parser.add_argument("--mended", action="store_true", help="without the three faulty rows")
    told = parser.parse_args()
    write(table(told.years, told.mended), told.path)
