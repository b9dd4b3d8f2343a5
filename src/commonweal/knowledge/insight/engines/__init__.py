"""Where the heavy work runs, chosen by an address and not by code: in this process, or on Spark."""

from commonweal.knowledge.insight.engines.choosing import ADDRESS, LOCAL, at
from commonweal.knowledge.insight.engines.ports import Engine, Part, Summary

__all__ = ["ADDRESS", "LOCAL", "Engine", "Part", "Summary", "at"]
