"""Association between columns of any types, from mergeable sums over Arrow batches. Pure; nothing here reads a file."""

from commonweal.knowledge.insight.measures.deciding import decide
from commonweal.knowledge.insight.measures.found import Found
from commonweal.knowledge.insight.measures.plan import LeftOut, Plan
from commonweal.knowledge.insight.measures.profile import Profile
from commonweal.knowledge.insight.measures.profile import of_batches as look
from commonweal.knowledge.insight.measures.statistics import NATURAL, STATISTICS, finish
from commonweal.knowledge.insight.measures.summary import Summary
from commonweal.knowledge.insight.measures.summary import of_batches as summarise

__all__ = [
    "NATURAL",
    "STATISTICS",
    "Found",
    "LeftOut",
    "Plan",
    "Profile",
    "Summary",
    "decide",
    "finish",
    "look",
    "summarise",
]
