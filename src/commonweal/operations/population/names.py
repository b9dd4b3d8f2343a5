"""Made-up names: sounds and places that belong to nobody."""

from __future__ import annotations

from random import Random

GIVEN = (
    "Aru", "Bexa", "Calo", "Dima", "Evo", "Fenna", "Gori", "Hesta", "Iro", "Jalla", "Kemu", "Liris", "Mavo", "Nessa",
    "Orlo", "Pira", "Quen", "Rilla", "Sabo", "Teska", "Ulo", "Veshi", "Wira", "Xamo", "Yelda", "Zoro",
)  # fmt: skip
FAMILY = (
    "Alderbrook", "Brackwater", "Coldspring", "Dunmarsh", "Eastreed", "Fernlock", "Goldhay", "Hollowmill", "Inkfield",
    "Juniperby", "Kestrelford", "Longbarrow", "Mistvale", "Northquay", "Oakhollow", "Pebblebank", "Quillfen",
    "Rushmere", "Silverdike", "Thornwick", "Umberlea", "Valefield", "Westlock", "Yarrowby",
)  # fmt: skip
STREETS = (
    "Lantern Street", "Willow Lane", "Heron Quay", "Mill Race", "Baker's Row", "Ferry Road", "Old Granary Street",
    "Reed Court", "Stone Bridge", "Tanner's Bank", "Upper Terrace", "Weir Street",
)  # fmt: skip
TASTES = ("Demo Dumpling", "Paper Lantern", "Two Herons", "Salt & Reed", "Made-up Noodle", "River Moon", "Copper Pot")

ROOMS = ("Kitchen", "House", "Corner", "Table")
MAKES = ("Demo Runabout", "Demo Wagon", "Fenwick Two", "Silverdike E", "Oakhollow Van")


def person(chance: Random) -> str:
    """A name."""
    return f"{chance.choice(GIVEN)} {chance.choice(FAMILY)}"
