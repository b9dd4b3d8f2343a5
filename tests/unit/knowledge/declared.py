"""A small standard for tests of the pure parts of the lake."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from commonweal.knowledge.lake.contract import Contract
from commonweal.register.models import Code, CodeList, Column, DataElement, Dataset, Region, Text


def text(words: str) -> Text:
    """The same words in both languages."""
    return Text({"en": words, "zh-hans": words})


def element(name: str, type: str, **more: Any) -> DataElement:
    """A public data element."""
    return DataElement(id=f"test.{name}", name=text(name), type=type, sensitivity="public", **more)


def contract(*columns: tuple[str, str, dict[str, Any]], keys: tuple[str, ...] = ("id",), **more: Any) -> Contract:
    """A dataset of these columns (name, type, limits), always with a text column `id`."""
    told = [("id", "string", {}), *columns]
    elements = {f"test.{n}": element(n, t, **{k: v for k, v in m.items() if k != "required"}) for n, t, m in told}
    dataset = Dataset(
        id="test",
        name=text("Test"),
        publisher="somebody",
        columns=tuple(Column(name=n, element=f"test.{n}", required=m.get("required", False)) for n, _, m in told),
        keys=keys,
        **more,
    )
    fruit = CodeList(
        id="fruit",
        name=text("Fruit"),
        codes=(
            Code(code="AP", name=Text({"en": "Apple", "zh-hans": "苹果"})),
            Code(code="PE", name=Text({"en": "Pear", "zh-hans": "梨"})),
        ),
    )
    places = {
        "north": Region(id="north", level="county", name=Text({"en": "North", "zh-hans": "北县"})),
        "south": Region(id="south", level="county", name=Text({"en": "South", "zh-hans": "南县"})),
    }
    standard = SimpleNamespace(
        datasets={"test": dataset}, elements=elements, codelists={"fruit": fruit}, regions=places
    )
    return Contract.of(standard, "test")  # type: ignore[arg-type]
