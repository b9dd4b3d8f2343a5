"""The register in the terms other governments read: CPSV-AP for services, DCAT-AP for datasets, as JSON-LD."""

from __future__ import annotations

from commonweal.register.exports.cpsv import cpsv_ap
from commonweal.register.exports.dcat import Holding, dcat_ap

__all__ = ["Holding", "cpsv_ap", "dcat_ap"]
