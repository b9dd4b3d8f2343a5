"""Make the figures of the made-up regions: `python examples/riverland/data/make.py`.

Nothing here was measured. Each group of counties has means of its own, counties scatter around them, and years
move a little; rainfall and library loans follow no group at all, so that not everything goes with everything.
The same seed gives the same file.
"""

from __future__ import annotations

import csv
import random
from pathlib import Path

SEED = 20240101
YEARS = (2024, 2025, 2026)
HERE = Path(__file__).parent

COUNTIES = {
    "delta": ("old-quay", "lanternside", "saltmarsh", "tidegate", "reed-banks", "heronpool"),
    "plains": ("goldacre", "broadmeadow", "willow-cross", "weaverton", "elmstead", "longfurrow"),
    "highlands": ("upper-vale", "tarnside", "pinehollow", "snowbrook", "falconridge", "cloudpass"),
}
RESIDENTS = {
    "old-quay": 820, "lanternside": 640, "saltmarsh": 510, "tidegate": 430, "reed-banks": 360, "heronpool": 290,
    "goldacre": 440, "broadmeadow": 380, "willow-cross": 310, "weaverton": 420, "elmstead": 300, "longfurrow": 255,
    "upper-vale": 215, "tarnside": 178, "pinehollow": 160, "snowbrook": 142, "falconridge": 125, "cloudpass": 110,
}  # fmt: skip
"""Residents in thousands, as regions.yaml has them."""

MEASURES = {
    # name: (mean of delta, plains, highlands; scatter between counties; change a year; smallest; largest; decimals)
    "staff_per_10000": (62.0, 48.0, 31.0, 5.5, 0.6, 12, 99, 1),
    "broadband_coverage": (94.0, 81.0, 58.0, 5.0, 1.8, 20, 99.5, 1),
    "budget_per_head": (9100.0, 7200.0, 5900.0, 520.0, 140.0, 2500, 20000, 0),
    "income_per_head": (48000.0, 36000.0, 27000.0, 2600.0, 900.0, 9000, 99000, 0),
    "travel_minutes": (18.0, 29.0, 54.0, 6.0, -0.8, 6, 140, 1),
    "share_over_65": (14.0, 19.0, 25.0, 1.8, 0.3, 5, 45, 1),
    "online_share": (78.0, 63.0, 41.0, 5.0, 2.4, 5, 99, 1),
    "rainfall": (1010.0, 990.0, 1030.0, 160.0, 0.0, 200, 2500, 0),
    "library_loans": (3.1, 3.0, 3.2, 0.8, 0.0, 0.2, 9, 2),
}


def rows() -> list[dict[str, object]]:
    """One row for each county and year."""
    chance = random.Random(SEED)  # noqa: S311  # made-up figures, no secrets
    made = []
    for number, (_group, counties) in enumerate(COUNTIES.items()):
        for county in counties:
            own = {name: chance.gauss(0, measure[3]) for name, measure in MEASURES.items()}
            for step, year in enumerate(YEARS):
                row: dict[str, object] = {"region": county, "year": year}
                row["residents"] = round(RESIDENTS[county] * 1000 * (1 + 0.004 * (1 - number) * step))
                for name, (*means, scatter, change, least, most, decimals) in MEASURES.items():
                    value = means[number] + own[name] + change * step + chance.gauss(0, scatter / 8)
                    row[name] = f"{min(max(value, least), most):.{decimals}f}"
                made.append(row)
    return made


def main() -> None:
    """Write regional-means.csv beside this file."""
    made = rows()
    with (HERE / "regional-means.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, fieldnames=list(made[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(made)


if __name__ == "__main__":
    main()
