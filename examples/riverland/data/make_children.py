"""Writes the two registers of the linking example: children who were vaccinated, and pupils. All are made up.

Two offices write down the same children by themselves: names in Chinese or Latin letters and in either order, a birth
date with day and month turned, an address shortened, a phone number missing. No number is common to both.

    python examples/riverland/data/make_children.py
"""

from __future__ import annotations

import csv
import random
from datetime import date, timedelta
from pathlib import Path

FAMILY = ["林", "何", "郑", "欧阳", "方", "苏", "罗", "唐", "许", "贺", "龙", "钟", "阮", "梁", "袁", "汪"]
GIVEN = [
    "小禾",
    "明岸",
    "若溪",
    "子舟",
    "雨桐",
    "一帆",
    "思远",
    "晓澜",
    "知夏",
    "安澜",
    "望舒",
    "嘉木",
    "云起",
    "乐山",
    "景行",
    "亦晨",
    "清和",
    "书遥",
]
LATIN_FAMILY = [
    "Arundel",
    "Brack",
    "Corvin",
    "Dellamar",
    "Estuary",
    "Fenwick",
    "Garrow",
    "Hollis",
    "Ilvane",
    "Jarrold",
    "Kestrel",
    "Lowell",
    "Märten",
]
LATIN_GIVEN = [
    "Ada",
    "Bran",
    "Cora",
    "Dario",
    "Elsbeth",
    "Finn",
    "Greta",
    "Hugo",
    "Ines",
    "Joris",
    "Karla",
    "Linus",
    "Maren",
    "Nils",
    "Odile",
    "Pia",
    "Ruben",
    "Søren",
]
STREETS = ["Willow Lane", "Ferry Street", "Mill Road", "Harbour Square", "Orchard Avenue", "Weir Close"]
HAN_STREETS = ["柳树巷", "渡口街", "磨坊路", "港口广场", "果园大道", "堤坝里"]
TRADITIONAL = str.maketrans("郑欧阳苏罗许贺龙钟园广场远", "鄭歐陽蘇羅許賀龍鐘園廣場遠")
CHILDREN, ONLY_ONE = 220, 45


def child(chance: random.Random) -> dict[str, object]:
    """A made-up child."""
    han = chance.random() < 0.6
    family, given = (FAMILY, GIVEN) if han else (LATIN_FAMILY, LATIN_GIVEN)
    number = chance.randint(1, 180)
    return {
        "han": han,
        "family": chance.choice(family),
        "given": chance.choice(given),
        "born": date(2014, 1, 1) + timedelta(days=chance.randint(0, 1800)),
        "address": f"{chance.choice(HAN_STREETS)}{number}号" if han else f"{number} {chance.choice(STREETS)}",
        "phone": f"0900 {chance.randint(0, 999):03d} {chance.randint(0, 999):03d}",
        "doses": chance.choice([0, 1, 2, 3, 3, 4, 4, 4]),
    }


def vaccinated(one: dict[str, object]) -> list[object]:
    """How the health office writes a child: family name first."""
    name = f"{one['family']}{one['given']}" if one["han"] else f"{str(one['family']).upper()}, {one['given']}"
    return [name, one["born"], one["address"], one["phone"], one["doses"]]


def enrolled(one: dict[str, object], chance: random.Random) -> list[object]:
    """How a school writes the same child: given name first, with slips of the pen."""
    family, given, born = str(one["family"]), str(one["given"]), one["born"]
    address, phone = str(one["address"]), str(one["phone"])
    assert isinstance(born, date)  # made so above
    if chance.random() < 0.12 and len(given) > 2:
        cut = chance.randint(1, len(given) - 2)
        given = given[:cut] + given[cut + 1] + given[cut] + given[cut + 2 :]
    if chance.random() < 0.12 and born.day <= 12:
        born = date(born.year, born.day, born.month)
    elif chance.random() < 0.05:
        born += timedelta(days=chance.choice([1, 10, 30]))
    if chance.random() < 0.25:
        address = address.replace("Street", "St.").replace("Road", "Rd").replace("Avenue", "Ave").replace("号", "")
    elif chance.random() < 0.15:
        address = chance.choice(HAN_STREETS) + "7号" if one["han"] else f"7 {chance.choice(STREETS)}"
    phone = "" if chance.random() < 0.3 else phone.replace(" ", "")
    name = f"{family}{given}" if one["han"] else f"{given} {family}"
    if one["han"] and chance.random() < 0.15:
        name, address = name.translate(TRADITIONAL), address.translate(TRADITIONAL)
    absent = max(0, round(chance.gauss(14 - 2.2 * int(str(one["doses"])), 3)))
    return [name, born, address, phone, absent]


def main() -> None:
    """Write both files beside this one."""
    chance = random.Random(2026)  # noqa: S311  # made-up data
    both = [child(chance) for _ in range(CHILDREN)]
    health = [vaccinated(one) for one in [*both, *(child(chance) for _ in range(ONLY_ONE))]]
    school = [enrolled(one, chance) for one in [*both, *(child(chance) for _ in range(ONLY_ONE))]]
    for rows, name, number, last in (
        (health, "vaccinations.csv", "V", ["card", "child", "born", "address", "phone", "doses"]),
        (school, "pupils.csv", "S", ["pupil", "name", "birth_date", "home", "guardian_phone", "days_absent"]),
    ):
        chance.shuffle(rows)
        with (Path(__file__).parent / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(last)
            writer.writerows([f"{number}{1000000 + 37 * i}", *row] for i, row in enumerate(rows))


if __name__ == "__main__":
    main()
