"""What a government declares, as frozen types.

Field names follow CPSV-AP 3.2 and DCAT-AP 3 where those have one (PublicService, Requirement, EvidenceType,
Channel, Cost, Output, LegalResource, PublicOrganisation, Dataset). Every model refuses unknown keys, so a
misspelt key is a fault with a place rather than a silent nothing. Nothing here knows about files, databases
or time: reading is `loader`, judging is `check`.

This module is the door: the types live in `base`, `government`, `data`, `linking` and `services`.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from commonweal.register.base import (
    ChannelName,
    Day,
    Declared,
    DottedIdentifier,
    Effective,
    ElementType,
    Flag,
    Frozen,
    Identifier,
    IsoDuration,
    LanguageCode,
    LegalReference,
    Level,
    LocalIdentifier,
    PostIdentifier,
    Sensitivity,
    StepAct,
    Text,
)
from commonweal.register.data import Code, CodeList, Column, DataElement, Dataset, EvidenceType, Paging, Source
from commonweal.register.government import (
    Article,
    Jurisdiction,
    LegalResource,
    Post,
    PublicOrganisation,
    Region,
)
from commonweal.register.linking import Compared, Link
from commonweal.register.mapping import RegionShapes
from commonweal.register.services import (
    Cost,
    EventService,
    FormField,
    LifeEvent,
    Output,
    PublicService,
    Requirement,
    Signature,
    Signer,
    Step,
    TotalDeadline,
)

AnyDeclared = Annotated[
    Jurisdiction | Region | PublicOrganisation | Post | LegalResource | CodeList | DataElement
    | EvidenceType | Dataset | Link | RegionShapes | PublicService | LifeEvent,
    Field(discriminator="kind"),
]  # fmt: skip

KINDS: dict[str, type[Declared]] = {
    model.__name__: model
    for model in (
        Jurisdiction, Region, PublicOrganisation, Post, LegalResource, CodeList, DataElement,
        EvidenceType, Dataset, Link, RegionShapes, PublicService, LifeEvent,
    )
}  # fmt: skip

__all__ = [
    "KINDS",
    "AnyDeclared",
    "Article",
    "ChannelName",
    "Code",
    "CodeList",
    "Column",
    "Compared",
    "Cost",
    "DataElement",
    "Dataset",
    "Day",
    "Declared",
    "DottedIdentifier",
    "Effective",
    "ElementType",
    "EventService",
    "EvidenceType",
    "Flag",
    "FormField",
    "Frozen",
    "Identifier",
    "IsoDuration",
    "Jurisdiction",
    "LanguageCode",
    "LegalReference",
    "LegalResource",
    "Level",
    "LifeEvent",
    "Link",
    "LocalIdentifier",
   
    "Output",
    "Paging",
    "Post",
    "PostIdentifier",
    "PublicOrganisation",
    "PublicService",
    "Region",
    "RegionShapes",
    "Requirement",
    "Sensitivity",
    "Signature",
    "Signer",
    "Source",
    "Step",
    "StepAct",
    "Text",
    "TotalDeadline",
]  # fmt: skip
